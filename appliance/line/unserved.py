"""Calls that came to nothing: each leaves a file that becomes its record, and the agent is told at once.

They are records because an office wants to call back who could not get through. Whoever floods the box with INVITEs
must not fill its disk: KEPT_AT_ONCE are kept one by one, then one every KEPT_EVERY_S, which says how many more there
were. Belongs to the loop's thread, and waits for no disk.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from appliance.clock import Clock
from appliance.domain import events as ev
from appliance.domain.call import Disposition
from appliance.sip import words
from appliance.store.left_behind import LeftBehind, LeftCall

KEPT_AT_ONCE: Final = 30
KEPT_EVERY_S: Final = 60.0
_DIALOGS_KNOWN: Final = 64
GAVE_UP: Final = 487
"""How a call ends whose caller hangs up while it rings (RFC 3261, 15.1.2)."""


@dataclass(slots=True)
class Allowance:
    """How many may be kept now: a bucket that holds `most` and gets another every `every_s`. Pure."""

    most: int = KEPT_AT_ONCE
    every_s: float = KEPT_EVERY_S
    _left: float = field(init=False)
    _looked_at_s: float = 0.0

    def __post_init__(self) -> None:
        self._left = float(self.most)

    def take(self, now_s: float) -> bool:
        """Whether one more may be kept; then it is one less."""
        gained = max(0.0, now_s - self._looked_at_s) / self.every_s
        self._left, self._looked_at_s = min(float(self.most), self._left + gained), now_s
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True


class Unserved:
    """Keeps who was turned away or gave up. Each method gives back what the agent is to be told, when it is kept."""

    def __init__(self, left: LeftBehind, clock: Clock) -> None:
        self._left = left
        self._clock = clock
        self._allowance = Allowance()
        self._dialogs: deque[str] = deque(maxlen=_DIALOGS_KNOWN)
        self._flood: LeftCall | None = None

    def refused(self, call: words.TurnedAway) -> ev.CallTurnedAway | None:
        """The telephone had no place for it. An INVITE that was only sent once more is nothing new."""
        if call.dialog and call.dialog in self._dialogs:
            return None
        self._dialogs.append(call.dialog)
        return self._keep(words.Rang(call.call_id, call.caller, call.called), call.status, 0.0)

    def rang_in_vain(self, rang: words.Rang, status: int, rang_at_s: float) -> ev.CallTurnedAway | None:
        """It rang from `rang_at_s` (monotonic) on, and no agent ever had it."""
        return self._keep(rang, status, max(0.0, self._clock.monotonic_s() - rang_at_s))

    def passed(self, now_s: float) -> ev.CallTurnedAway | None:
        """Time went by: what was only counted is kept as one."""
        if self._flood is None or not self._allowance.take(now_s):
            return None
        return self.close()

    def close(self) -> ev.CallTurnedAway | None:
        """No more will come: keep what was only counted."""
        flood, self._flood = self._flood, None
        return None if flood is None else self._kept(flood)

    def _keep(self, rang: words.Rang, status: int, rang_for_s: float) -> ev.CallTurnedAway | None:
        """One by one, or counted with others: a flood is of nobody in particular."""
        now = self._clock.now()
        call = LeftCall(
            rang.call_id,
            rang.caller,
            rang.called,
            now - timedelta(seconds=rang_for_s),
            0,
            Disposition.MISSED if status == GAVE_UP else Disposition.TURNED_AWAY,
            now,
            refused_with=status,
        )
        if self._flood is None and self._allowance.take(self._clock.monotonic_s()):
            return self._kept(call)
        if self._flood is None:
            self._flood = call
        else:
            more = self._flood.times + 1
            self._flood = replace(self._flood, caller="", called="", ended_at=now, times=more)
        return None

    def _kept(self, call: LeftCall) -> ev.CallTurnedAway:
        self._left.keep(call)
        at_iso, status = call.began_at.isoformat(), call.refused_with or 0
        return ev.CallTurnedAway(call.call_id, call.caller, call.called, at_iso, status, call.times)
