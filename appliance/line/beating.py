"""What the line tells of itself about once a second: that it turns, and how late its ticks were.

The ticks are counted where they fire (lateness.py); here it is found out what is new since the last beat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from appliance.domain.events import LATE_BOUNDS_MS, LineBeat
from appliance.line.lateness import TickLateness


@dataclass(slots=True)
class _Account:
    ticks: tuple[int, ...] = (0,) * (len(LATE_BOUNDS_MS) + 1)
    late_ms: float = 0.0

    def plus(self, other: _Account) -> _Account:
        return _Account(_added(self.ticks, other.ticks), self.late_ms + other.late_ms)

    def minus(self, other: _Account) -> _Account:
        less = tuple(-count for count in other.ticks)
        return _Account(_added(self.ticks, less), self.late_ms - other.late_ms)


def _added(some: tuple[int, ...], others: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(one + other for one, other in zip(some, others, strict=True))


def _account(lateness: TickLateness) -> _Account:
    return _Account(lateness.counts_between(LATE_BOUNDS_MS), lateness.together_ms)


@dataclass(slots=True)
class Beating:
    """Remembers what was told of each call, by its id. Belongs to the line's thread."""

    _told: dict[str, _Account] = field(default_factory=dict)
    _of_ended: _Account = field(default_factory=_Account)

    def ended(self, call_id: str, lateness: TickLateness) -> None:
        """A call is over: what it has not told yet goes with the next beat."""
        told = self._told.pop(call_id, _Account())
        self._of_ended = self._of_ended.plus(_account(lateness).minus(told))

    def beat(self, calls: int, ticking: Mapping[str, TickLateness]) -> LineBeat:
        """What is new since the last beat; `ticking` are the calls (and legs) that have sound."""
        new, self._of_ended = self._of_ended, _Account()
        for call_id, lateness in ticking.items():
            account = _account(lateness)
            new = new.plus(account.minus(self._told.get(call_id, _Account())))
            self._told[call_id] = account
        return LineBeat(calls, new.ticks, round(max(0.0, new.late_ms), 3))
