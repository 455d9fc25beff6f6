"""Who can be reached in the office: people, departments and lines, and what happens when nobody answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, model_validator

from appliance.business.diary import Absence, Faults, Id
from appliance.business.hours import Hours
from appliance.configfile import Misplaced, Strict

DIALLED: Final = r"^(sips?:[^\s<>?]+|\+?[0-9*#]{1,20}|[A-Za-z][A-Za-z0-9._-]{0,31})$"
MESSAGE: Final = "message"
"""What stands for nobody: the caller is offered to leave a message."""


class RingOrder(StrEnum):
    """How the telephones of a list ring."""

    TOGETHER = "together"  # all at once; who takes it first has it
    IN_TURN = "in_turn"  # one after the other


class Entry(Strict):
    """Somebody or something callers can be put through to. It has one of: extension, ring."""

    id: Id
    """Its name in this file and in the record of a call."""
    spoken: str
    """How it is said: "Maria Ortega", "the workshop"."""
    words: tuple[str, ...] = ()
    """What callers also say when they mean it: "the owner", "service department"."""
    sounds_like: tuple[str, ...] = ()
    """Names as they are misheard: "maria or take a". Near misses are found without."""
    extension: Annotated[str, Field(pattern=DIALLED)] | None = None
    """The extension, number or SIP address that rings."""
    ring: tuple[str, ...] | None = None
    """Ids of the entries that ring instead: a department is a list of people."""
    order: RingOrder = RingOrder.IN_TURN
    """Whether the telephones of `ring` ring together or in turn."""
    ring_s: Annotated[int, Field(ge=5, le=120)] = 20
    """How long it rings before the next is tried."""
    screened: bool = True
    """Whether who answers is told about the caller and presses a key to take the call; keeps mailboxes out too."""
    blind: bool = False
    """Handed over at once without ringing first, for lines that answer themselves, as a queue; no way back."""
    hours: Hours = Hours()
    """When it can be reached; empty: whenever the business is open."""
    around_the_clock: bool = False
    """Reachable day and night, holidays too."""
    days_off: tuple[date, ...] = ()
    """Single days on which it cannot be reached."""
    away: tuple[Absence, ...] = ()
    """Vacations and other longer absences."""
    email: Annotated[str, Field(pattern=r"^([^@\s<>,;]+@[^@\s<>,;]+)?$")] = ""
    """Where messages for them are sent, beside `deliver.mail_to` of the settings."""
    otherwise: str = MESSAGE
    """Id of the entry that is tried when nobody answers here, or "message"."""

    @model_validator(mode="after")
    def _rings_somewhere(self) -> Entry:
        if (self.extension is None) == (self.ring is None):
            found = "both" if self.extension else "neither"
            raise ValueError(f'"{self.id}" has {found} of extension and ring; give it exactly one.')
        if self.ring == ():
            raise Misplaced(f'"{self.id}" rings nobody; name at least one entry.', ("ring",))
        if self.blind and self.ring:
            raise Misplaced("a list cannot be handed over blindly; remove it.", ("blind",))
        return self

    def off_on(self, day: date) -> bool:
        """Whether it cannot be reached at any time of `day`, whatever its hours."""
        return day in self.days_off or any(absence.covers(day) for absence in self.away)

    def reachable_at(self, now: datetime, *, office_open: bool) -> bool:
        """Whether to try it at `now` (the office's local time)."""
        if self.off_on(now.date()):
            return False
        if self.around_the_clock:
            return True
        if self.hours == Hours():
            return office_open
        return any(span.opens <= now.time() < span.closes for span in self.hours.on(now.date()))


class Connecting(Strict):
    """Who is rung for wishes that name nobody."""

    operator: str = ""
    """Id of the entry for "a real person, please"; empty: a message is offered."""
    emergency: str = ""
    """Id of the entry for emergencies, rung at any hour; empty: callers are told to dial the emergency number."""
    shows_ringing: bool = True
    """Whether callers hear a ringing tone while somebody is tried."""


def misfits(directory: Sequence[Entry], connecting: Connecting) -> Faults:
    """What does not fit together in the directory: where it stands, and what is wrong there."""
    by_id = {entry.id: entry for entry in directory}
    yield from _unknown_ids(directory, connecting, by_id)
    yield from _said_alike(directory)
    for number, entry in enumerate(directory):
        for key, onward in (("ring", _rung), ("otherwise", _otherwise)):
            if loop := _loop_from(entry, by_id, onward):
                yield Misplaced(f"never ends: {' -> '.join(loop)}.", ("directory", number, key))


def _unknown_ids(
    directory: Sequence[Entry], connecting: Connecting, by_id: dict[str, Entry]
) -> Iterator[Misplaced]:
    for number, entry in enumerate(directory):
        for place, one in enumerate(entry.ring or ()):
            if one not in by_id:
                yield Misplaced(_unknown(one, by_id), ("directory", number, "ring", place))
        if entry.otherwise != MESSAGE and entry.otherwise not in by_id:
            yield Misplaced(_unknown(entry.otherwise, by_id), ("directory", number, "otherwise"))
    for key in ("operator", "emergency"):
        if (one := getattr(connecting, key)) and one not in by_id:
            yield Misplaced(_unknown(one, by_id), ("connecting", key))


def _unknown(one: str, by_id: dict[str, Entry]) -> str:
    known = ", ".join(sorted(by_id)) or "nobody"
    return f'no entry of the directory is called "{one}"; known are: {known}.'


def _said_alike(directory: Sequence[Entry]) -> Iterator[Misplaced]:
    """Two entries that are said alike could not be told apart by asking."""
    seen: dict[str, str] = {}
    for number, entry in enumerate(directory):
        said = entry.spoken.casefold()
        if said in seen:
            text = f'"{entry.spoken}" is also how "{seen[said]}" is said; add a surname or a department.'
            yield Misplaced(text, ("directory", number, "spoken"))
        seen.setdefault(said, entry.id)


def _rung(entry: Entry) -> tuple[str, ...]:
    return entry.ring or ()


def _otherwise(entry: Entry) -> tuple[str, ...]:
    return () if entry.otherwise == MESSAGE else (entry.otherwise,)


def _loop_from(
    entry: Entry, by_id: dict[str, Entry], onward: Callable[[Entry], tuple[str, ...]]
) -> list[str]:
    """The way back to `entry`, if following `onward` leads there."""
    trails = [[entry.id]]
    while trails:
        trail = trails.pop()
        for one in onward(by_id[trail[-1]]):
            if one == entry.id:
                return [*trail, one]
            if one in by_id and one not in trail:
                trails.append([*trail, one])
    return []
