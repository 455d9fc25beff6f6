"""How fast calls may begin: pjlib aborts the process when they come too fast. Pure; time is handed in.

Every INVITE that reaches a free slot opens two sockets (RTP, RTCP). pjlib keeps the place of a closed one for
500 ms (PJ_IOQUEUE_KEY_FREE_DELAY) and has 64 places (PJ_IOQUEUE_MAX_HANDLES); the 65th fails an assertion.
Seen at 60 calls a second, which one peer that redials at once can do. While we pause, the kernel's queue
and SIP's own retransmissions hold the rest, and sound flows on in threads of its own.
"""

from __future__ import annotations

from collections import deque

CALLS_PER_WINDOW = 10
WINDOW_S = 0.75


class Pace:
    """Told of every call that begins, it says how long to do nothing."""

    def __init__(self) -> None:
        self._begun_at_s: deque[float] = deque(maxlen=CALLS_PER_WINDOW)

    def begun(self, now_s: float) -> None:
        """A call begins, whoever wanted it."""
        self._begun_at_s.append(now_s)

    def pause_s(self, now_s: float) -> float:
        """Seconds until another call may begin; 0 nearly always."""
        if len(self._begun_at_s) < CALLS_PER_WINDOW:
            return 0.0
        return max(0.0, self._begun_at_s[0] + WINDOW_S - now_s)
