"""Who and what an appointment takes, pure: members of pools, chosen so that nobody and nothing is had twice.

A pool is a set of interchangeable members: the places, the staff who can do a service, the resources of one
kind. An appointment claims one member of each pool its service needs, for its time and the time kept free
around it. What it claims is written `pool/member`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from appliance.business import Business, Service
from appliance.business.diary import PLACE, STAFF
from appliance.store.openings import Stretch, day_of, stretch_of

EVERYTHING: Final = ""  # what a calendar of the whole business keeps busy
_DAYS_KEPT: Final = 4096


@dataclass(frozen=True, slots=True)
class Pool:
    """Members of which an appointment takes one: `fit` for this service, the best first, of all there are."""

    name: str
    fit: tuple[str, ...]
    members: frozenset[str]


Needs = Mapping[str, tuple[Pool, ...]]  # by service


@dataclass(frozen=True, slots=True)
class Claim:
    """What an appointment takes of one pool, with the time kept free around it."""

    appointment_id: str
    service: str
    what: str
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class Busy:
    """Time that an imported calendar blocks, for one member of a pool or for EVERYTHING."""

    what: str
    stretch: Stretch


def pools(
    business: Business,
    service: Service,
    wanted_staff: str = "",
    preferred_staff: str = "",
    not_with: str = "",
) -> tuple[Pool, ...]:
    """What this service takes one of each; at least one pool, so that nothing can be booked without end."""
    found = [_resources(business, kind) for kind in service.resources]
    if business.staff:
        found.append(_staff(business, service, wanted_staff, preferred_staff, not_with))
    if business.booking.places or not found:
        places = tuple(map(str, range(max(1, business.booking.places))))
        found.append(Pool(PLACE, places, frozenset(places)))
    return tuple(found)


def _resources(business: Business, kind: str) -> Pool:
    members = tuple(one.id for one in business.resources if one.kind == kind)
    return Pool(kind, members, frozenset(members))


def _staff(business: Business, service: Service, wanted: str, preferred: str, not_with: str) -> Pool:
    """Whoever can do the fewest services goes first: who can do many stays free for the others."""
    able = [one.id for one in business.staff if not service.staff or one.id in service.staff]
    fit = [one for one in able if wanted in ("", one) and one != not_with]
    versatility = {one: sum(not each.staff or one in each.staff for each in business.services) for one in fit}
    ordered = sorted(fit, key=lambda one: (one != preferred, versatility[one]))
    return Pool(STAFF, tuple(ordered), frozenset(one.id for one in business.staff))


class Presence:
    """Who is at work and what can be used, day by day. Remembers days; a business does not change."""

    def __init__(self, business: Business) -> None:
        self._business = business
        self._days: dict[tuple[str, date], tuple[Stretch, ...]] = {}

    def is_there(self, pool: str, member: str, stretch: Stretch) -> bool:
        """Whether the member is there for all of `stretch`."""
        if pool == PLACE:
            return True
        day = day_of(stretch, self._business.zone)
        if pool != STAFF:
            return any(one.id == member and one.usable_on(day) for one in self._business.resources)
        return any(begins <= stretch[0] and stretch[1] <= ends for begins, ends in self._work(member, day))

    def _work(self, member: str, day: date) -> tuple[Stretch, ...]:
        if len(self._days) > _DAYS_KEPT:
            self._days.clear()
        if (member, day) not in self._days:
            self._days[member, day] = self._look(member, day)
        return self._days[member, day]

    def _look(self, member: str, day: date) -> tuple[Stretch, ...]:
        found = self._business.staff_member(member)
        spans = None if found is None else found.works_on(day)
        if spans is None:
            spans = self._business.open_on(day)
        return tuple(stretch_of(span, day, self._business.zone) for span in spans)


class Taken:
    """What appointments and calendars have taken of a stretch of time, quick to ask.

    An appointment may hold what the business file no longer knows (a bay was given up, somebody left, places
    became bays). It still needs somewhere to be, so it counts against the pool it would take from today.
    """

    def __init__(self, needs: Needs, claims: Iterable[Claim], busy: Iterable[Busy]) -> None:
        stretches: dict[str, list[Stretch]] = defaultdict(list)
        self._homeless: dict[str, list[Stretch]] = defaultdict(list)
        claimed: dict[str, list[Claim]] = defaultdict(list)
        for claim in claims:
            stretches[claim.what].append(claim.stretch)
            claimed[claim.appointment_id].append(claim)
        for one in busy:
            stretches[one.what].append(one.stretch)
        self._stretches = {what: _merged(found) for what, found in stretches.items()}
        for of_one in claimed.values():
            self._find_homeless(of_one, needs.get(of_one[0].service, ()))

    def _find_homeless(self, claims: list[Claim], needed: tuple[Pool, ...]) -> None:
        held = {claim.what for claim in claims}
        for pool in needed:
            if not any(f"{pool.name}/{member}" in held for member in pool.members):
                self._homeless[pool.name].append(claims[0].stretch)

    def is_free(self, what: str, stretch: Stretch) -> bool:
        """Whether nothing overlaps `stretch` there."""
        found = self._stretches.get(what, [])
        after = bisect_left(found, (stretch[1], 0))  # those before it begin before `stretch` ends
        return after == 0 or found[after - 1][1] <= stretch[0]

    def homeless(self, pool: str, stretch: Stretch) -> int:
        """How many appointments of that time need a member of the pool and have none that is known."""
        return sum(begins < stretch[1] and stretch[0] < ends for begins, ends in self._homeless[pool])


def assign(
    needed: tuple[Pool, ...], taken: Taken, presence: Presence, stretch: Stretch, around: Stretch
) -> tuple[str, ...] | None:
    """One free member of each pool, or None. They are there for `stretch` and free for all of `around`."""
    if not taken.is_free(EVERYTHING, stretch):
        return None
    chosen = []
    for pool in needed:
        free = [
            member
            for member in pool.fit
            if taken.is_free(f"{pool.name}/{member}", around)
            and presence.is_there(pool.name, member, stretch)
        ]
        if len(free) <= taken.homeless(pool.name, around):
            return None
        chosen.append(f"{pool.name}/{free[0]}")
    return tuple(chosen)


def staff_in(claims: Iterable[str]) -> str:
    """The member of staff among what is claimed; empty for none."""
    return next((what.split("/")[1] for what in claims if what.startswith(f"{STAFF}/")), "")


def _merged(stretches: list[Stretch]) -> list[Stretch]:
    """Sorted, and those that touch or overlap made one."""
    found: list[Stretch] = []
    for begins, ends in sorted(stretches):
        if found and begins <= found[-1][1]:
            found[-1] = found[-1][0], max(ends, found[-1][1])
        else:
            found.append((begins, ends))
    return found
