"""Whose telephones ring for a wish, in which order and for how long: worked out from the directory. Pure.

    somebody       their own extension, then whoever stands for them (`otherwise`)
    a department   its people, in turn or together, then whoever stands for the department
    an emergency   its line at any hour and unscreened, then whoever stands for it

Who is away, or whose hours are over, is left out. Nobody rings twice for one wish.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from appliance.business import Business
from appliance.business.directory import MESSAGE, Entry, RingOrder

TOGETHER_MAX: Final = 3
"""The wheel of pjsua2 has four lines, and the caller is on one of them."""
_LOOK_AHEAD_DAYS: Final = 60


@dataclass(frozen=True, slots=True)
class Target:
    """One telephone that rings. `to` is what is dialled, `spoken` how its owner is called."""

    entry_id: str
    spoken: str
    to: str
    screened: bool = True
    blind: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """Telephones that ring together, for at most `ring_ms`."""

    targets: tuple[Target, ...]
    ring_ms: int


@dataclass(frozen=True, slots=True)
class RingPlan:
    """What to try, round by round. Without rounds nobody is there: until `away_until`, or because we are closed."""

    wanted: str
    today: date
    rounds: tuple[Round, ...] = ()
    away_until: date | None = None
    closed: bool = False
    urgent: bool = False


@dataclass(slots=True)
class _Planning:
    business: Business
    now: datetime
    urgent: bool = False
    visited: set[str] = field(default_factory=set)
    rounds: list[Round] = field(default_factory=list)

    @property
    def office_open(self) -> bool:
        """Whether the business itself is open now."""
        spans = self.business.open_on(self.now.date())
        return any(span.opens <= self.now.time() < span.closes for span in spans)

    def add(self, entry: Entry) -> None:
        """`entry`, and then whoever stands for it."""
        if entry.id in self.visited:
            return
        self.visited.add(entry.id)
        if entry.ring is not None:
            self._add_list(entry)
        elif self.can_reach(entry):
            self.rounds.append(Round((self._target(entry),), entry.ring_s * 1000))
        if entry.otherwise != MESSAGE and (other := self.business.entry(entry.otherwise)):
            self.add(other)

    def can_reach(self, entry: Entry) -> bool:
        """Emergencies ring everybody at any hour."""
        return self.urgent or entry.reachable_at(self.now, office_open=self.office_open)

    def _add_list(self, entry: Entry) -> None:
        if not self.can_reach(entry):
            return
        people = [one for one in self._people(entry) if self.can_reach(one)]
        self.visited.update(one.id for one in people)
        size = TOGETHER_MAX if entry.order is RingOrder.TOGETHER else 1
        for at in range(0, len(people), size):
            targets = tuple(self._target(one) for one in people[at : at + size])
            self.rounds.append(Round(targets, entry.ring_s * 1000))

    def _people(self, entry: Entry) -> list[Entry]:
        """The extensions of a list and of the lists in it, each once and not yet rung."""
        found: dict[str, Entry] = {}
        for entry_id in entry.ring or ():
            one = self.business.entry(entry_id)
            if one is not None:
                inside = self._people(one) if one.ring is not None else [one]
                found |= {person.id: person for person in inside if person.id not in self.visited}
        return list(found.values())

    def _target(self, entry: Entry) -> Target:
        screened = entry.screened and not self.urgent
        return Target(entry.id, entry.spoken, entry.extension or "", screened, entry.blind)


def plan(business: Business, entry_id: str, now: datetime) -> RingPlan:
    """How to reach the entry; `now` in the office's time zone. KeyError-free: an unknown id reaches nobody."""
    entry = business.entry(entry_id)
    if entry is None:
        return RingPlan("", now.date())
    planning = _Planning(business, now)
    planning.add(entry)
    if planning.rounds:
        return RingPlan(entry.spoken, now.date(), tuple(planning.rounds))
    return RingPlan(entry.spoken, now.date(), (), _back_on(entry, now), closed=not planning.office_open)


def emergency_plan(business: Business, now: datetime) -> RingPlan | None:
    """How to reach the emergency line; None when the business has none."""
    entry = business.entry(business.connecting.emergency)
    if entry is None:
        return None
    planning = _Planning(business, now, urgent=True)
    planning.add(entry)
    return RingPlan(entry.spoken, now.date(), tuple(planning.rounds), urgent=True)


def _back_on(entry: Entry, now: datetime) -> date | None:
    """The day from which the entry can be reached again, when it is a longer absence that keeps it away."""
    today = now.date()
    if not entry.off_on(today):
        return None
    days = (today + timedelta(days=ahead) for ahead in range(1, _LOOK_AHEAD_DAYS))
    return next((day for day in days if not entry.off_on(day)), None)
