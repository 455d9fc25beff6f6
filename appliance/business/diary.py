"""What can be booked, by whom, where, and the rules of the diary: the parts of a business the store works by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from typing import Annotated, Final

from pydantic import Field, model_validator

from appliance.business.hours import WEEKDAYS, Hours, Span
from appliance.configfile import Misplaced, Strict

PLACE: Final = "place"
STAFF: Final = "staff"
ANYBODY: Final = "anybody"
_RESERVED: Final = {PLACE, STAFF, ANYBODY}
_RESERVED_MEANS: Final = "means something to the diary; take another name."

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Faults = Iterator[Misplaced]


class Service(Strict):
    """Something that can be booked."""

    id: Id
    """Its name in the diary."""
    spoken: str
    """How it is said in a sentence: "an oil change"."""
    minutes: Annotated[int, Field(ge=5, le=600)]
    """How long it takes."""
    words: Annotated[tuple[str, ...], Field(min_length=1)]
    """What callers say when they mean it."""
    staff: tuple[str, ...] = ()
    """Ids of the staff who can do it; empty: everybody."""
    resources: tuple[str, ...] = ()
    """Kinds of resource it needs, one of each: `["bay", "lift"]`."""
    before_minutes: Annotated[int, Field(ge=0, le=240)] = 0
    """Kept free before it, to prepare; may lie outside opening hours."""
    after_minutes: Annotated[int, Field(ge=0, le=240)] = 0
    """Kept free after it, to clean up; may lie outside opening hours."""


class Booking(Strict):
    """The rules of the diary."""

    places: Annotated[int, Field(ge=0, le=50)] = 0
    """How many appointments may run at once; 0: as many as staff and resources allow, one without any."""
    grid_minutes: Annotated[int, Field(ge=5, le=120)] = 30
    """Appointments begin on this grid."""
    lead_minutes: Annotated[int, Field(ge=0, le=20160)] = 60
    """No appointment sooner than this from now."""
    horizon_days: Annotated[int, Field(ge=1, le=365)] = 60
    """No appointment later than this from now."""


class Absence(Strict):
    """Days on which somebody or something cannot be booked."""

    first: date
    """The first day."""
    last: date
    """The last day, included."""

    @model_validator(mode="after")
    def _forwards(self) -> Absence:
        if self.first > self.last:
            raise ValueError(f"begins on {self.first} but ends on {self.last}; swap them.")
        return self

    def covers(self, day: date) -> bool:
        """Whether `day` is one of them."""
        return self.first <= day <= self.last


class StaffMember(Strict):
    """Somebody who does what is booked."""

    id: Id
    """The name in the diary."""
    spoken: str
    """How the name is said: "Maria"."""
    words: tuple[str, ...] = ()
    """What callers may say when they mean this person, besides `spoken`."""
    hours: Hours = Hours()
    """When this person works, within the opening hours; empty: whenever the business is open."""
    days_off: tuple[date, ...] = ()
    """Single days on which this person is not there."""
    away: tuple[Absence, ...] = ()
    """Vacations and other longer absences."""

    def works_on(self, day: date) -> tuple[Span, ...] | None:
        """The spans of that day, to be met with the opening hours; None: whenever the business is open."""
        if day in self.days_off or any(absence.covers(day) for absence in self.away):
            return ()
        return None if self.hours == Hours() else self.hours.on(day)


class Resource(Strict):
    """Something an appointment occupies: a bay, a chair, a room."""

    id: Id
    """Its name in the diary."""
    kind: Id
    """What kind of thing it is; services name the kinds they need."""
    days_off: tuple[date, ...] = ()
    """Single days on which it cannot be used."""
    away: tuple[Absence, ...] = ()
    """Longer times out of use."""

    def usable_on(self, day: date) -> bool:
        """Whether it can be used on `day`."""
        return day not in self.days_off and not any(absence.covers(day) for absence in self.away)


def misfits(
    services: tuple[Service, ...],
    staff: tuple[StaffMember, ...],
    resources: tuple[Resource, ...],
    hours: Hours,
) -> Faults:
    """What does not fit together between these tables: where it stands, and what is wrong there."""
    yield from _reserved(staff, resources)
    yield from _too_long(services, staff, hours)
    members, kinds = {one.id for one in staff}, {one.kind for one in resources}
    for number, service in enumerate(services):
        for place, one in enumerate(service.staff):
            if one not in members:
                yield Misplaced(
                    _unknown(one, "member of staff", members), ("services", number, "staff", place)
                )
        for place, kind in enumerate(service.resources):
            if kind not in kinds:
                yield Misplaced(
                    _unknown(kind, "kind of resource", kinds), ("services", number, "resources", place)
                )
    for number, member in enumerate(staff):
        if services and all(service.staff and member.id not in service.staff for service in services):
            yield Misplaced(
                f'"{member.id}" can do no service; name them in the `staff` of one, or take them out.',
                ("staff", number),
            )


def _reserved(staff: tuple[StaffMember, ...], resources: tuple[Resource, ...]) -> Faults:
    for number, member in enumerate(staff):
        if member.id in _RESERVED:
            yield Misplaced(f'"{member.id}" {_RESERVED_MEANS}', ("staff", number, "id"))
    for number, resource in enumerate(resources):
        if resource.kind in _RESERVED:
            yield Misplaced(f'"{resource.kind}" {_RESERVED_MEANS}', ("resources", number, "kind"))


def _too_long(services: tuple[Service, ...], staff: tuple[StaffMember, ...], hours: Hours) -> Faults:
    """Services for which no day of an ordinary week has a stretch that is long enough."""
    for number, service in enumerate(services):
        able = [one for one in staff if not service.staff or one.id in service.staff]
        weeks = [hours if one.hours == Hours() else one.hours for one in able] or [hours]
        longest = max(_longest_minutes(hours, week) for week in weeks)
        if longest < service.minutes:
            yield Misplaced(
                f"takes {service.minutes} minutes, but who can do it works at most {longest} at a stretch"
                " within the opening hours.",
                ("services", number, "minutes"),
            )


def _longest_minutes(opening: Hours, working: Hours) -> int:
    both = [
        _minutes(min(one.closes, other.closes)) - _minutes(max(one.opens, other.opens))
        for day in WEEKDAYS
        for one in getattr(opening, day)
        for other in getattr(working, day)
    ]
    return max(both, default=0)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _unknown(name: str, what: str, known: set[str]) -> str:
    there = f"There are: {', '.join(sorted(known))}." if known else f"The file has no {what} at all."
    return f'no {what} is called "{name}". {there}'
