"""What happens at the desk, in the order it happened: frames of the microphone may be dropped, facts never are."""

from __future__ import annotations

import threading
from collections import deque
from typing import Final

from appliance.desk.words import Event

FRAMES_MOST: Final = 100
"""Two seconds; older ones are dropped first."""


class Happenings:
    """Put from any thread, taken by one."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._facts: deque[Event] = deque()
        self._frames: deque[bytes] = deque(maxlen=FRAMES_MOST)
        self.dropped_frames = 0

    def put(self, fact: Event) -> None:
        """Something happened."""
        with self._changed:
            self._facts.append(fact)
            self._changed.notify()

    def put_frame(self, frame: bytes) -> None:
        """The microphone heard 20 ms."""
        with self._changed:
            self.dropped_frames += len(self._frames) == FRAMES_MOST
            self._frames.append(frame)
            self._changed.notify()

    def take(self, timeout_s: float) -> Event | bytes | None:
        """The next fact, else the next frame; None when neither came in time."""
        with self._changed:
            self._changed.wait_for(lambda: self._facts or self._frames, timeout_s)
            if self._facts:
                return self._facts.popleft()
            return self._frames.popleft() if self._frames else None
