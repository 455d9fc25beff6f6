"""The diary as iCalendar (RFC 5545), and busy times out of somebody else's: the one room for that format.

Moments are written in UTC, so that no reader needs our time zone. An appointment keeps its UID for life; a
move raises its SEQUENCE, a cancelled one says so, which is how a subscriber's copy follows (RFC 5546, 2.1.4).
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Event, vText

from appliance import __version__
from appliance.business import Business
from appliance.domain.appointment import BusyTime, DiaryEntry, Standing
from appliance.errors import CalendarFault

_PRODUCT: Final = f"-//Attendant//Diary {__version__}//EN"
_OUR_UIDS: Final = uuid.UUID("6a0f1d9e-4f0b-5c57-9a53-2f4b6a1c7e10")
_STATUS: Final = {Standing.AGREED: "CONFIRMED", Standing.CANCELLED: "CANCELLED"}
_TIMES: Final = frozenset({None, "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"})
_TOO_OFTEN: Final = frozenset({"SECONDLY", "MINUTELY"})
_REPEATS_MAX: Final = 2_000  # of one entry: more than once a day for years
_MONTH: Final = timedelta(days=30)
_FAULTS_TOLD: Final = 10
_NOT_A_CALENDAR: Final = "Export it once more as .ics (iCalendar)."


@dataclass(frozen=True, slots=True)
class Imported:
    """What a calendar file holds: busy times in order, how many entries were ours, which were left out."""

    busy: tuple[BusyTime, ...]
    own: int = 0
    broken: tuple[str, ...] = ()


# --- ours, outwards -------------------------------------------------------------------------------


def uid_of(appointment_id: str) -> str:
    """The UID of an appointment: stable, and telling nothing (RFC 7986, 5.3)."""
    return str(uuid.uuid5(_OUR_UIDS, appointment_id))


def calendar_of(entries: Iterable[DiaryEntry], business: Business) -> bytes:
    """A calendar of these appointments as a file or a feed has it. The same entries give the same bytes."""
    calendar = Calendar()
    calendar.add("PRODID", _PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("X-WR-CALNAME", business.name)
    calendar.add("X-WR-TIMEZONE", business.timezone)
    for entry in entries:
        calendar.add_component(_event(entry, business))
    return bytes(calendar.to_ical())


def _event(entry: DiaryEntry, business: Business) -> Event:
    one = entry.appointment
    service, member = business.service(one.service), business.staff_member(one.staff)
    event = Event()
    event.add("UID", uid_of(one.appointment_id))
    event.add("DTSTAMP", (entry.changed_at or one.starts_at).astimezone(UTC))
    if entry.created_at is not None:
        event.add("CREATED", entry.created_at.astimezone(UTC))
    event.add("DTSTART", one.starts_at.astimezone(UTC))
    event.add("DTEND", one.ends_at.astimezone(UTC))
    event.add("SEQUENCE", one.sequence)
    event.add("STATUS", _STATUS[one.standing])
    event.add("SUMMARY", ": ".join(filter(None, (one.name, service.spoken if service else one.service))))
    event.add("DESCRIPTION", one.phone)
    event.add("LOCATION", business.address)
    event.add("CATEGORIES", [one.service])
    event.add("CLASS", "PRIVATE")
    if member is not None:
        event.add("RESOURCES", vText(member.spoken))
    event.add("X-ATTENDANT-ID", one.appointment_id)
    return event


# --- theirs, inwards ------------------------------------------------------------------------------


def read_busy(
    data: bytes,
    name: str,
    zone: ZoneInfo,
    after: datetime,
    before: datetime,
    *,
    own_uids: Collection[str] = (),
    skip_broken: bool = False,
) -> Imported:
    """The busy times of a calendar between two moments, repetitions followed; `name` is the file's in faults.

    Free time (TRANSP), cancelled entries and those in `own_uids` are left out; times without a zone are the
    business's. CalendarFault names each entry whose time cannot be understood, unless `skip_broken`.
    """
    events = _events(data, name)
    own = sum(str(event.get("UID")) in own_uids for _, event in events)
    theirs = [(where, event) for where, event in events if str(event.get("UID")) not in own_uids]
    broken = [f"{where}: {fault}" for where, event in theirs if (fault := _fault_of(event))]
    whole = [(where, event) for where, event in theirs if not _fault_of(event)]
    found: list[BusyTime] = []
    for where, series in _series(whole):
        try:
            found += _followed(series, zone, after, before)
        except (
            ValueError,
            KeyError,
            TypeError,
            OverflowError,
        ) as error:  # what the library makes of odd rules
            broken.append(f"{where}: {error}")
    if broken and not skip_broken:
        raise _refused(name, broken)
    return Imported(tuple(sorted(found, key=lambda one: one.starts_at)), own, tuple(broken))


def _events(data: bytes, name: str) -> list[tuple[str, Any]]:
    """Every entry with where it stands."""
    try:
        calendars = Calendar.from_ical(data, multiple=True)
    except (ValueError, UnicodeError) as error:
        raise CalendarFault(f"{name}: is no calendar ({_short(error)}).", remedy=_NOT_A_CALENDAR) from error
    if not calendars or any(one.name != "VCALENDAR" for one in calendars):
        raise CalendarFault(f"{name}: is cut off, or is no calendar.", remedy=_NOT_A_CALENDAR)
    lines = [
        number
        for number, line in enumerate(data.splitlines(), start=1)
        if line.strip().upper() == b"BEGIN:VEVENT"
    ]
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    return [
        (f"{name}:{line}: entry {number} ({_title(event)})", event)
        for number, (line, event) in enumerate(zip(lines, events, strict=False), start=1)
    ]


def _title(event: Any) -> str:
    return f'"{_short(event.get("SUMMARY") or event.get("UID") or "without a name")}"'


def _short(said: object) -> str:
    return " ".join(str(said).split())[:80]


def _fault_of(event: Any) -> str:
    """What is wrong with the time of an entry; empty when nothing is."""
    if wrong := [(key, said) for key, said in event.errors if key in _TIMES]:
        key, said = wrong[0]
        return f"{key or 'a line'} cannot be read: {_short(said)}"
    if "DTSTART" not in event:
        return "has no DTSTART, so nobody knows when it is"
    zone = event["DTSTART"].params.get("TZID")
    starts = event["DTSTART"].dt
    if zone and isinstance(starts, datetime) and starts.tzinfo is None:
        return f'its time zone "{_short(zone)}" is not known'
    return _order_fault(event) or _rule_fault(event)


def _order_fault(event: Any) -> str:
    starts, ends = event["DTSTART"].dt, event["DTEND"].dt if "DTEND" in event else None
    if ends is None:
        return ""
    if isinstance(starts, datetime) != isinstance(ends, datetime):
        return "one of DTSTART and DTEND is a day, the other a moment"
    if isinstance(starts, datetime) and (starts.tzinfo is None) != (ends.tzinfo is None):
        return "one of DTSTART and DTEND has a time zone, the other has none"
    return "ends before it begins" if ends < starts else ""


def _rule_fault(event: Any) -> str:
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        if often := _TOO_OFTEN.intersection(map(str, rule.get("FREQ", []))):
            return f"repeats {min(often)}: that is no calendar entry"
    return ""


def _series(events: list[tuple[str, Any]]) -> Iterator[tuple[str, Calendar]]:
    """Entries of one UID belong together: one may change a repetition of the other (RFC 5545, 3.8.4.4)."""
    together: dict[str, list[tuple[str, Any]]] = defaultdict(list)
    for number, (where, event) in enumerate(events):
        together[str(event.get("UID") or number)].append((where, event))
    for members in together.values():
        calendar = Calendar()
        for _, event in members:
            calendar.add_component(event)
        yield members[0][0], calendar


def _followed(series: Calendar, zone: ZoneInfo, after: datetime, before: datetime) -> list[BusyTime]:
    """Every busy time of a series, month by month, so that one without end is noticed early."""
    repetitions = recurring_ical_events.of(series)
    found: dict[tuple[datetime, datetime], BusyTime] = {}
    begins = after
    while begins < before and len(found) <= _REPEATS_MAX:
        ends = min(begins + _MONTH, before)
        for event in repetitions.between(begins, ends):
            times = _moment(event["DTSTART"].dt, zone), _moment(event["DTEND"].dt, zone)
            if times[0] < before and after < times[1] > times[0] and _is_busy(event):
                found[times] = BusyTime(*times, str(event.get("SUMMARY", "")))
        begins = ends
    if len(found) > _REPEATS_MAX:
        raise ValueError(f"repeats more than {_REPEATS_MAX} times")
    return list(found.values())


def _is_busy(event: Any) -> bool:
    return (
        str(event.get("TRANSP", "OPAQUE")).upper() != "TRANSPARENT"
        and str(event.get("STATUS", "")).upper() != "CANCELLED"
    )


def _moment(at: date, zone: ZoneInfo) -> datetime:
    """A whole day begins at the business's midnight; a time without a zone is the business's."""
    if not isinstance(at, datetime):
        return datetime.combine(at, time(), zone)
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _refused(name: str, broken: list[str]) -> CalendarFault:
    told = broken[:_FAULTS_TOLD]
    if len(broken) > len(told):
        told.append(f"{name}: and {len(broken) - len(told)} more")
    return CalendarFault(
        "\n".join(told) + ".", remedy="Mend the entries, or leave them out with --skip-broken."
    )
