"""The diary: what is free, what is taken, and an appointment that two callers can never both get.

A change is one transaction that holds the write lock before it looks, and each minute of each place, member
of staff and resource exists once in the tables, so neither two calls nor two processes nor a crash between
them can double-book. Each change writes its line of history in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from appliance.business import ANYBODY, Business, Service
from appliance.clock import Clock, SystemClock
from appliance.domain.appointment import (
    Appointment,
    AppointmentChange,
    ChangeKind,
    DiaryEntry,
    Opening,
    Standing,
)
from appliance.errors import Misused, NotFound
from appliance.store import diary_tables, openings
from appliance.store.assignment import Pool, Presence, Taken, assign, pools, staff_in
from appliance.store.database import Database, Row
from appliance.store.diary_tables import Agreed, Order, appointment_of, entry_of
from appliance.store.openings import DAY_MINUTES, Stretch, minute_after, minute_of, moment_of

TAKEN: Final = "taken"
CLOSED: Final = "closed"
GONE: Final = "gone"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the diary did not do it.

    `taken`: nobody or nothing that is needed is free; `closed`: not a time one can book; `gone`: there is no
    such appointment, it was cancelled, or it is over.
    """

    reason: str


class Diary:
    """The appointments of one business. `destinations` (of the outbox) are told of each change."""

    def __init__(
        self,
        database: Database,
        business: Business,
        clock: Clock | None = None,
        *,
        destinations: Sequence[str] = (),
    ) -> None:
        self._database = database
        self._destinations = tuple(destinations)
        self._business = business
        self._clock = clock or SystemClock()
        self._presence = Presence(business)
        self._needs = {service.id: pools(business, service) for service in business.services}

    # --- what is free ---------------------------------------------------------------------------

    def openings(
        self,
        service_id: str,
        after: datetime,
        before: datetime,
        count: int = 3,
        *,
        staff: str = "",
        near: datetime | None = None,
        moving: str = "",
        not_with: str = "",
    ) -> tuple[Opening, ...]:
        """The soonest openings of a service that begin at `after` or later and earlier than `before`.

        With `near` those nearest to it, the nearest first; with `staff` only theirs, with `not_with` everybody's
        but theirs; the time of the appointment `moving` counts as free, and whoever it was asked for is asked
        for again.
        Never sooner than the lead time, never beyond the horizon. Moments are timezone-aware, given in the
        business's zone. Misused for a service or a member of staff the business does not have.
        """
        service = self._service(service_id)
        now = self._clock.now()
        first = max(minute_after(after), minute_after(now) + self._business.booking.lead_minutes)
        end = min(minute_after(before), self._horizon(now))
        if first >= end:
            return ()
        with self._database.reading() as tables:
            moved = diary_tables.row_of(tables, moving) if moving else None
            needed = pools(self._business, service, self._wish(staff, moved), not_with=not_with)
            found = self._free(tables, service, needed, self._starts(service, first, end, near), moving)
            return tuple(islice(found, count))

    def _starts(self, service: Service, first: int, end: int, near: datetime | None) -> Iterator[int]:
        if near is None:
            return openings.starts(self._business, first, end, service.minutes)
        return openings.starts_around(self._business, minute_of(near), first, end, service.minutes)

    def _free(
        self, tables: Any, service: Service, needed: tuple[Pool, ...], starts: Iterator[int], moving: str
    ) -> Iterator[Opening]:
        """Those starts at which everything needed is free; a day is read when its first start comes up."""
        days: dict[int, Taken] = {}
        for start in starts:
            stretch, around = _stretches(service, start, service.minutes)
            day = start // DAY_MINUTES
            if day not in days:
                days[day] = self._taken(tables, (day * DAY_MINUTES, (day + 1) * DAY_MINUTES), service, moving)
            claims = assign(needed, days[day], self._presence, stretch, around)
            if claims is not None:
                begins, ends = (moment_of(minute, self._business.zone) for minute in stretch)
                yield Opening(service.id, begins, ends, staff_in(claims))

    def _taken(self, tables: Any, starting: Stretch, service: Service, without: str = "") -> Taken:
        """What is taken of the time that appointments which start in `starting` may reach into."""
        reach = (
            starting[0] - service.before_minutes,
            starting[1] + DAY_MINUTES + service.after_minutes,
        )
        claims = diary_tables.claims_within(tables, reach, without)
        return Taken(self._needs, claims, diary_tables.busy_within(tables, reach))

    # --- changes --------------------------------------------------------------------------------

    def book(self, wanted: Appointment) -> Appointment | Refusal:
        """Make the appointment; on disk when this returns. `wanted.staff` is whom the caller asked for.

        The same `appointment_id` twice is one of them, and so is the same wish under another: name, phone,
        service and beginning. An id that was used for something else is made a new one by its beginning.
        The lead time is not asked again: what was offered a minute ago may still be accepted.
        """
        service = self._service(wanted.service)
        stretch = minute_of(wanted.starts_at), minute_of(wanted.ends_at)
        if stretch[0] >= stretch[1]:
            raise Misused("an appointment ends before it begins")
        order = self._order(wanted.call_id)
        with self._database.writing() as tables:
            wanted = _under_its_own_id(tables, wanted, stretch)
            if made := _made_already(tables, wanted, stretch, order):
                return made
            if not self._bookable(wanted.starts_at, stretch):
                return Refusal(CLOSED)
            agreed = self._agree(tables, service, stretch, self._wish(wanted.staff))
            if agreed is None:
                return Refusal(TAKEN)
            diary_tables.insert(tables, wanted, agreed, self._business.timezone, order)
            return _read(tables, wanted.appointment_id)

    def move(
        self, appointment_id: str, starts_at: datetime, *, staff: str = "", call_id: str = ""
    ) -> Appointment | Refusal:
        """Give an appointment another beginning; on disk when this returns. It keeps its length.

        Whoever it was asked for stays asked for, unless `staff` names another or is ANYBODY. Moved to where
        it already is, nothing changes.
        """
        order = self._order(call_id)
        with self._database.writing() as tables:
            row = diary_tables.row_of(tables, appointment_id)
            if row is None or not self._holds(row, order.at):
                return Refusal(GONE)
            stretch = _shifted(row, minute_of(starts_at))
            asked_for = self._wish(staff, row)
            if stretch[0] == row["starts_minute"] and asked_for in ("", row["staff"]):
                return appointment_of(row)
            service = self._business.service(row["service"])
            if service is None or not self._bookable(starts_at, stretch):
                return Refusal(CLOSED)
            agreed = self._agree(tables, service, stretch, asked_for, row)
            if agreed is None:
                return Refusal(TAKEN)
            diary_tables.move(tables, appointment_id, agreed, self._business.timezone, order)
            return _read(tables, appointment_id)

    def cancel(self, appointment_id: str, *, call_id: str = "") -> Appointment | Refusal:
        """Give an appointment up; on disk when this returns. Cancelled twice it is cancelled."""
        order = self._order(call_id)
        with self._database.writing() as tables:
            row = diary_tables.row_of(tables, appointment_id)
            if row is not None and row["standing"] == Standing.CANCELLED:
                return appointment_of(row)
            if row is None or not self._holds(row, order.at):
                return Refusal(GONE)
            diary_tables.cancel(tables, appointment_id, order)
            return _read(tables, appointment_id)

    def _agree(
        self, tables: Any, service: Service, stretch: Stretch, asked_for: str, moving: Row | None = None
    ) -> Agreed | None:
        """What the appointment would take there; one that is moved keeps its member of staff if it can."""
        preferred, without = (moving["staff"], moving["appointment_id"]) if moving else ("", "")
        _, around = _stretches(service, stretch[0], stretch[1] - stretch[0])
        taken = self._taken(tables, stretch, service, without)
        needed = pools(self._business, service, asked_for, preferred)
        claims = assign(needed, taken, self._presence, stretch, around)
        return None if claims is None else Agreed(stretch, around, claims, staff_in(claims), asked_for)

    def _order(self, call_id: str) -> Order:
        return Order(call_id, self._clock.now(), self._destinations)

    def _wish(self, staff: str, row: Row | None = None) -> str:
        """Whom the appointment is asked for: now, or when it was agreed; empty for anybody."""
        if staff == ANYBODY:
            return ""
        if staff and self._business.staff_member(staff) is None:
            raise Misused(f'the business has no member of staff "{staff}"')
        known = row is not None and self._business.staff_member(row["asked_for"]) is not None
        return staff or (row["asked_for"] if row is not None and known else "")

    def _bookable(self, starts_at: datetime, stretch: Stretch) -> bool:
        now = self._clock.now()
        return (
            starts_at.second == starts_at.microsecond == 0
            and minute_after(now) <= stretch[0] < self._horizon(now)
            and openings.may_begin(self._business, stretch[0], stretch[1] - stretch[0])
        )

    def _holds(self, row: Row, now: datetime) -> bool:
        """Whether the appointment is agreed and not over."""
        return bool(row["standing"] == Standing.AGREED and row["ends_minute"] > minute_of(now))

    def _horizon(self, now: datetime) -> int:
        return minute_of(now) + self._business.booking.horizon_days * DAY_MINUTES

    def _service(self, service_id: str) -> Service:
        service = self._business.service(service_id)
        if service is None:
            raise Misused(f'the business has no service "{service_id}"')
        return service

    # --- looking up -----------------------------------------------------------------------------

    def get(self, appointment_id: str) -> Appointment | None:
        """The appointment with this id."""
        return next(iter(self._select("appointment_id = ?", appointment_id)), None)

    def find(self, name: str) -> Appointment:
        """The appointment whose id is `name` or alone begins with it; NotFound."""
        if exact := self.get(name):
            return exact
        found = self._select("substr(appointment_id, 1, length(?)) = ?", name, name) if name else []
        if len(found) == 1:
            return found[0]
        if found:
            raise NotFound(f"{len(found)} appointments begin with {name}.", remedy="Give more of the id.")
        raise NotFound(
            f"No appointment is named {name}.", remedy="`appliance appointments list` shows their ids."
        )

    def of_phone(self, phone: str) -> list[Appointment]:
        """A caller's appointments, soonest first, past and cancelled ones included; `phone` as it was kept."""
        return self._select("phone = ?", phone)

    def coming(self, phone: str) -> list[Appointment]:
        """What a caller still has before them, soonest first; by `phone` with or without its country code."""
        condition = "substr(phone, -7) = substr(?, -7) AND standing = ? AND ends_minute > ?"
        found = self._select(condition, phone, Standing.AGREED, minute_of(self._clock.now()))
        return [one for one in found if diary_tables.is_same_number(one.phone, phone)]

    def on(self, day: date) -> list[Appointment]:
        """The agreed appointments that begin on a day of the business's calendar, soonest first."""
        begins, ends = (
            datetime.combine(one, time(), self._business.zone) for one in (day, day + timedelta(days=1))
        )
        return self.between(begins, ends)

    def between(self, begins: datetime, ends: datetime, *, cancelled: bool = False) -> list[Appointment]:
        """The appointments that begin in a stretch of time, soonest first; with `cancelled`, those too."""
        condition = "starts_minute >= ? AND starts_minute < ? AND (standing = ? OR ?)"
        return self._select(condition, minute_of(begins), minute_of(ends), Standing.AGREED, cancelled)

    def entries(self, begins: datetime, ends: datetime) -> list[DiaryEntry]:
        """Every appointment that begins in a stretch of time, cancelled ones too, as a calendar shows them."""
        rows = self._database.rows(
            "SELECT appointments.*, min(changed_at) AS created_at, max(changed_at) AS last_changed_at"
            " FROM appointments JOIN appointment_changes USING (appointment_id)"
            " WHERE appointments.starts_minute >= ? AND appointments.starts_minute < ? AND kind <> ?"
            " GROUP BY appointment_id ORDER BY appointments.starts_minute, appointment_id",
            [minute_of(begins), minute_of(ends), ChangeKind.REPEATED],
        )
        return [entry_of(row) for row in rows]

    def last_change(self) -> int:
        """A number that grows with every change of the diary: who knows it knows whether to look again."""
        found = self._database.rows("SELECT coalesce(max(change_id), 0) AS last FROM appointment_changes")
        return int(found[0]["last"])

    def history(self, appointment_id: str) -> tuple[AppointmentChange, ...]:
        """Everything that was done to an appointment, in order."""
        sql = "SELECT * FROM appointment_changes WHERE appointment_id = ? ORDER BY change_id"
        return diary_tables.changes_of(self._database.rows(sql, [appointment_id]), self._business.zone)

    def of_call(self, call_id: str) -> Appointment | None:
        """What was agreed in a call; of several the last."""
        return appointment_of_call(self._database, call_id)

    def _select(self, condition: str, *values: Any) -> list[Appointment]:
        sql = f"SELECT * FROM appointments WHERE {condition} ORDER BY starts_minute"  # noqa: S608  our words
        return [appointment_of(row) for row in self._database.rows(sql, values)]


def appointment_of_call(database: Database, call_id: str) -> Appointment | None:
    """What was agreed, moved or given up in a call, of several the last, as it stands now.

    Needs no business: each appointment knows its zone.
    """
    found = database.rows(
        "SELECT appointments.* FROM appointment_changes JOIN appointments USING (appointment_id)"
        " WHERE appointment_changes.call_id = ? ORDER BY change_id DESC LIMIT 1",
        [call_id],
    )
    return appointment_of(found[0]) if found else None


def change_of(database: Database, change_id: int) -> tuple[Appointment, AppointmentChange, datetime | None]:
    """A line of some appointment's history: whose it is, how it stood after it, and when it began before.

    NotFound: the appointment is no longer kept.
    """
    found = database.rows("SELECT * FROM appointment_changes WHERE change_id = ?", [change_id])
    if not found:
        raise NotFound("The appointment is no longer kept.")
    appointment_id = found[0]["appointment_id"]
    with database.reading() as tables:
        row = diary_tables.row_of(tables, appointment_id)
        earlier = list(tables.query(_BEFORE, [appointment_id, change_id]))
    if row is None:
        raise NotFound("The appointment is no longer kept.")
    zone = ZoneInfo(row["timezone"])
    (change,) = diary_tables.changes_of(found, zone)
    was_at = moment_of(earlier[0]["starts_minute"], zone) if earlier else None
    return appointment_of(row), change, was_at


_BEFORE: Final = """
    SELECT starts_minute FROM appointment_changes WHERE appointment_id = ? AND change_id < ?
    ORDER BY change_id DESC LIMIT 1
"""


def _stretches(service: Service, start: int, minutes: int) -> tuple[Stretch, Stretch]:
    """The appointment itself, and it with what is kept free around it."""
    end = start + minutes
    return (start, end), (start - service.before_minutes, end + service.after_minutes)


def _shifted(row: Row, start: int) -> Stretch:
    length: int = row["ends_minute"] - row["starts_minute"]
    return start, start + length


def _under_its_own_id(tables: Any, wanted: Appointment, stretch: Stretch) -> Appointment:
    """A call that went on after a crash may number its orders from the start again: another order, another id."""
    before = diary_tables.first_agreed(tables, wanted.appointment_id)
    if before is None or before["starts_minute"] == stretch[0]:
        return wanted
    return replace(wanted, appointment_id=f"{wanted.appointment_id}-{stretch[0]}")


def _made_already(
    tables: Any, wanted: Appointment, stretch: Stretch, order: Order
) -> Appointment | Refusal | None:
    """The answer to an order that was carried out before; None for a new one."""
    if made := diary_tables.row_of(tables, wanted.appointment_id):
        return appointment_of(made) if made["standing"] == Standing.AGREED else Refusal(GONE)
    if same := diary_tables.same_wish(tables, wanted, stretch):
        diary_tables.write_change(tables, same["appointment_id"], ChangeKind.REPEATED, order)
        return appointment_of(same)
    return None


def _read(tables: Any, appointment_id: str) -> Appointment:
    row = diary_tables.row_of(tables, appointment_id)
    assert row is not None  # noqa: S101  written a moment ago, in this transaction
    return appointment_of(row)
