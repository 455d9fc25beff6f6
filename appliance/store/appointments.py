"""The diary: what is free, what is taken, and a booking that two callers can never both get.

A booking is one transaction that holds the write lock before it looks, and each minute of each place exists
once in the tables, so neither two calls nor two processes nor a crash between them can double-book.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from appliance.business import Business
from appliance.clock import Clock, SystemClock
from appliance.domain.appointment import Appointment, Opening
from appliance.errors import Misused
from appliance.store import openings
from appliance.store.database import Database, Row
from appliance.store.openings import Stretch, minute_after, minute_of, moment_of

TAKEN: Final = "taken"
CLOSED: Final = "closed"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an appointment was not made: `taken` (no place is free) or `closed` (not a time one can book)."""

    reason: str


class Diary:
    """The appointments of one business."""

    def __init__(self, database: Database, business: Business, clock: Clock | None = None) -> None:
        self._database = database
        self._business = business
        self._clock = clock or SystemClock()

    def openings(
        self, service_id: str, after: datetime, before: datetime, count: int = 3
    ) -> tuple[Opening, ...]:
        """The soonest openings of a service that begin at `after` or later and earlier than `before`.

        Never sooner than the lead time, never beyond the horizon. Moments are timezone-aware, given in the
        business's zone. Misused for a service the business does not have.
        """
        service = self._business.service(service_id)
        if service is None:
            raise Misused(f'the business has no service "{service_id}"')
        now = self._clock.now()
        first = max(minute_after(after), minute_after(now) + self._business.booking.lead_minutes)
        end = min(minute_after(before), self._horizon(now))
        if first >= end:
            return ()
        taken = _taken(self._database.rows(_OVERLAPPING, [first, end + service.minutes]))
        possible = (
            (start, start + service.minutes)
            for start in openings.starts(self._business, first, end, service.minutes)
        )
        free = (stretch for stretch in possible if self._place(taken, stretch) is not None)
        return tuple(self._opening(service_id, stretch) for stretch in islice(free, count))

    def book(self, wanted: Appointment) -> Appointment | Refusal:
        """Make the appointment; on disk when this returns. The same `appointment_id` twice is one of them.

        The lead time is not asked again: what was offered a minute ago may still be accepted.
        """
        stretch = minute_of(wanted.starts_at), minute_of(wanted.ends_at)
        if stretch[0] >= stretch[1]:
            raise Misused("an appointment ends before it begins")
        with self._database.writing() as tables:
            if made := list(tables.query(_BY_ID, [wanted.appointment_id])):
                return _appointment(made[0])
            if not self._bookable(wanted, stretch):
                return Refusal(CLOSED)
            place = self._place(_taken(tables.query(_OVERLAPPING, list(stretch))), stretch)
            if place is None:
                return Refusal(TAKEN)
            _insert(tables, wanted, place, stretch, self._business.timezone)
            return _appointment(next(iter(tables.query(_BY_ID, [wanted.appointment_id]))))

    def get(self, appointment_id: str) -> Appointment | None:
        """The appointment with this id."""
        return next(iter(self._select("appointment_id = ?", appointment_id)), None)

    def of_phone(self, phone: str) -> list[Appointment]:
        """A caller's appointments, soonest first, past ones included; `phone` as it was kept (E.164)."""
        return self._select("phone = ?", phone)

    def on(self, day: date) -> list[Appointment]:
        """The appointments that begin on a day of the business's calendar, soonest first."""
        begins, ends = (
            minute_of(datetime.combine(one, time(), self._business.zone)) for one in (day, _next(day))
        )
        return self._select("starts_minute >= ? AND starts_minute < ?", begins, ends)

    def of_call(self, call_id: str) -> Appointment | None:
        """What was agreed in a call; of several the last."""
        return appointment_of_call(self._database, call_id)

    def _select(self, condition: str, *values: Any) -> list[Appointment]:
        return _select(self._database, condition, *values)

    def _place(self, taken: dict[int, list[Stretch]], stretch: Stretch) -> int | None:
        return openings.free_place(max(1, self._business.booking.places), taken, stretch)

    def _bookable(self, wanted: Appointment, stretch: Stretch) -> bool:
        now = self._clock.now()
        whole_minutes = all(at.second == at.microsecond == 0 for at in (wanted.starts_at, wanted.ends_at))
        return (
            whole_minutes
            and minute_after(now) <= stretch[0] < self._horizon(now)
            and openings.may_begin(self._business, stretch[0], stretch[1] - stretch[0])
        )

    def _horizon(self, now: datetime) -> int:
        return minute_of(now) + self._business.booking.horizon_days * openings.DAY_MINUTES

    def _opening(self, service_id: str, stretch: Stretch) -> Opening:
        starts_at, ends_at = (moment_of(minute, self._business.zone) for minute in stretch)
        return Opening(service=service_id, starts_at=starts_at, ends_at=ends_at)


def appointment_of_call(database: Database, call_id: str) -> Appointment | None:
    """What was agreed in a call, of several the last; needs no business, each appointment knows its zone."""
    made = database.rows(
        "SELECT * FROM appointments WHERE call_id = ? ORDER BY rowid DESC LIMIT 1", [call_id]
    )
    return _appointment(made[0]) if made else None


_BY_ID: Final = "SELECT * FROM appointments WHERE appointment_id = ?"
_OVERLAPPING: Final = (
    "SELECT place, starts_minute, ends_minute FROM appointments WHERE ends_minute > ? AND starts_minute < ?"
)


def _next(day: date) -> date:
    return day + timedelta(days=1)


def _select(database: Database, condition: str, *values: Any) -> list[Appointment]:
    sql = f"SELECT * FROM appointments WHERE {condition} ORDER BY starts_minute"  # noqa: S608  our own words
    return [_appointment(row) for row in database.rows(sql, values)]


def _insert(tables: Any, wanted: Appointment, place: int, stretch: Stretch, timezone: str) -> None:
    who = [wanted.appointment_id, wanted.call_id, wanted.service, wanted.name, wanted.phone]
    tables.execute(
        "INSERT INTO appointments (appointment_id, call_id, service, name, phone,"
        " place, starts_minute, ends_minute, timezone) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [*who, place, *stretch, timezone],
    )
    tables.conn.executemany(
        "INSERT INTO taken_minutes (place, minute, appointment_id) VALUES (?, ?, ?)",
        [(place, minute, wanted.appointment_id) for minute in range(*stretch)],
    )


def _taken(rows: Any) -> dict[int, list[Stretch]]:
    taken: dict[int, list[Stretch]] = defaultdict(list)
    for row in rows:
        taken[row["place"]].append((row["starts_minute"], row["ends_minute"]))
    return taken


def _appointment(row: Row) -> Appointment:
    zone = ZoneInfo(row["timezone"])
    return Appointment(
        appointment_id=row["appointment_id"],
        call_id=row["call_id"],
        service=row["service"],
        starts_at=moment_of(row["starts_minute"], zone),
        ends_at=moment_of(row["ends_minute"], zone),
        name=row["name"],
        phone=row["phone"],
    )
