"""The diary's rows: what stands in the tables of appointments, their claims, their history and busy times.

Everything here happens inside a transaction that somebody else holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from appliance.domain.appointment import Appointment, AppointmentChange, ChangeKind, DiaryEntry, Standing
from appliance.store.assignment import Busy, Claim
from appliance.store.database import Row
from appliance.store.moments import moment_text
from appliance.store.openings import DAY_MINUTES, Stretch, moment_of
from appliance.store.telling import tell_appointment

_LONGEST_CLAIM_MINUTES: Final = 2 * DAY_MINUTES  # a service of ten hours, four hours free before and after
_NATIONAL_DIGITS_MIN: Final = 9


@dataclass(frozen=True, slots=True)
class Agreed:
    """An appointment as it is to stand: its time, what it takes of each pool with the time around it, and who
    was asked for (empty: anybody)."""

    stretch: Stretch
    around: Stretch
    claims: tuple[str, ...]
    staff: str
    asked_for: str


@dataclass(frozen=True, slots=True)
class Order:
    """Who changes the diary, and when: `call_id` is empty for the desk. `destinations` are told of it."""

    call_id: str
    at: datetime
    destinations: tuple[str, ...] = ()


def row_of(tables: Any, appointment_id: str) -> Row | None:
    """The row of this id."""
    return next(
        iter(tables.query("SELECT * FROM appointments WHERE appointment_id = ?", [appointment_id])), None
    )


def first_agreed(tables: Any, appointment_id: str) -> Row | None:
    """What an id was first agreed for, whatever became of it."""
    sql = "SELECT * FROM appointment_changes WHERE appointment_id = ? AND sequence = 0 AND kind = ?"
    return next(iter(tables.query(sql, [appointment_id, ChangeKind.AGREED])), None)


def is_same_number(one: str, other: str) -> bool:
    """Whether two numbers reach the same telephone; one may lack its country code, never its area code."""
    shorter, longer = sorted((one.lstrip("+"), other.lstrip("+")), key=len)
    return one == other or (len(shorter) >= _NATIONAL_DIGITS_MIN and longer.endswith(shorter))


def same_wish(tables: Any, wanted: Appointment, stretch: Stretch) -> Row | None:
    """The appointment that already fulfils this wish. Without a number nobody can say that it is the same."""
    if not wanted.phone:
        return None
    rows = tables.query(
        "SELECT * FROM appointments WHERE starts_minute = ? AND service = ? AND standing = ?",
        [stretch[0], wanted.service, Standing.AGREED],
    )
    return next((row for row in rows if _is_same_caller(row, wanted)), None)


def _is_same_caller(row: Row, wanted: Appointment) -> bool:
    same_name: bool = row["name"].casefold() == wanted.name.casefold()
    return same_name and is_same_number(row["phone"], wanted.phone)


def claims_within(tables: Any, stretch: Stretch, without: str = "") -> list[Claim]:
    """What is taken of a stretch of time, less what the appointment `without` takes."""
    rows = tables.query(
        "SELECT appointment_id, service, what, claims.starts_minute, claims.ends_minute"
        " FROM claims JOIN appointments USING (appointment_id)"
        " WHERE claims.starts_minute > ? AND claims.starts_minute < ? AND claims.ends_minute > ?"
        " AND appointment_id <> ?",
        [stretch[0] - _LONGEST_CLAIM_MINUTES, stretch[1], stretch[0], without],
    )
    return [
        Claim(row["appointment_id"], row["service"], row["what"], (row["starts_minute"], row["ends_minute"]))
        for row in rows
    ]


def busy_within(tables: Any, stretch: Stretch) -> list[Busy]:
    """What imported calendars block of a stretch of time."""
    rows = tables.query(
        "SELECT what, starts_minute, ends_minute FROM busy_times JOIN calendars ON calendar = name"
        " WHERE ends_minute > ? AND starts_minute < ?",
        [stretch[0], stretch[1]],
    )
    return [Busy(row["what"], (row["starts_minute"], row["ends_minute"])) for row in rows]


def insert(tables: Any, wanted: Appointment, agreed: Agreed, timezone: str, order: Order) -> None:
    """A new appointment with its claims and the first line of its history."""
    tables.execute(
        "INSERT INTO appointments (appointment_id, call_id, service, name, phone, asked_for,"
        " starts_minute, ends_minute, timezone, staff) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            wanted.appointment_id,
            wanted.call_id,
            wanted.service,
            wanted.name,
            wanted.phone,
            agreed.asked_for,
            *agreed.stretch,
            timezone,
            agreed.staff,
        ],
    )
    _claim(tables, wanted.appointment_id, agreed)
    write_change(tables, wanted.appointment_id, ChangeKind.AGREED, order)


def move(tables: Any, appointment_id: str, agreed: Agreed, timezone: str, order: Order) -> None:
    """The appointment stands elsewhere; what it took is free."""
    _release(tables, appointment_id)
    tables.execute(
        "UPDATE appointments SET starts_minute = ?, ends_minute = ?, timezone = ?, staff = ?, asked_for = ?,"
        " sequence = sequence + 1 WHERE appointment_id = ?",
        [*agreed.stretch, timezone, agreed.staff, agreed.asked_for, appointment_id],
    )
    _claim(tables, appointment_id, agreed)
    write_change(tables, appointment_id, ChangeKind.MOVED, order)


def cancel(tables: Any, appointment_id: str, order: Order) -> None:
    """The appointment is given up; what it took is free."""
    _release(tables, appointment_id)
    tables.execute(
        "UPDATE appointments SET standing = ?, sequence = sequence + 1 WHERE appointment_id = ?",
        [Standing.CANCELLED, appointment_id],
    )
    write_change(tables, appointment_id, ChangeKind.CANCELLED, order)


def write_change(tables: Any, appointment_id: str, kind: ChangeKind, order: Order) -> None:
    """A line of the history: how the appointment stands now. Every change goes through here, in its
    transaction: whatever else must know of a change is written beside this line."""
    tables.execute(
        "INSERT INTO appointment_changes"
        " (appointment_id, kind, sequence, changed_at, call_id, starts_minute, ends_minute, staff)"
        " SELECT appointment_id, ?, sequence, ?, ?, starts_minute, ends_minute, staff"
        " FROM appointments WHERE appointment_id = ?",
        [kind, moment_text(order.at), order.call_id, appointment_id],
    )
    tell_appointment(tables, appointment_id, kind, order.destinations, order.at)


def _claim(tables: Any, appointment_id: str, agreed: Agreed) -> None:
    tables.conn.executemany(
        "INSERT INTO claims (appointment_id, what, starts_minute, ends_minute) VALUES (?, ?, ?, ?)",
        [(appointment_id, what, *agreed.around) for what in agreed.claims],
    )
    tables.conn.executemany(
        "INSERT INTO claimed_minutes (what, minute, appointment_id) VALUES (?, ?, ?)",
        [(what, minute, appointment_id) for what in agreed.claims for minute in range(*agreed.around)],
    )


def _release(tables: Any, appointment_id: str) -> None:
    tables.execute("DELETE FROM claims WHERE appointment_id = ?", [appointment_id])
    tables.execute("DELETE FROM claimed_minutes WHERE appointment_id = ?", [appointment_id])


def appointment_of(row: Row) -> Appointment:
    """A row of `appointments` as the house speaks of it."""
    zone = ZoneInfo(row["timezone"])
    return Appointment(
        appointment_id=row["appointment_id"],
        call_id=row["call_id"],
        service=row["service"],
        starts_at=moment_of(row["starts_minute"], zone),
        ends_at=moment_of(row["ends_minute"], zone),
        name=row["name"],
        phone=row["phone"],
        staff=row["staff"],
        standing=Standing(row["standing"]),
        sequence=row["sequence"],
    )


def entry_of(row: Row) -> DiaryEntry:
    """A row of `appointments` with the moments of its first and last change."""
    return DiaryEntry(appointment_of(row), _moment(row["created_at"]), _moment(row["last_changed_at"]))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def changes_of(rows: Iterable[Row], zone: ZoneInfo) -> tuple[AppointmentChange, ...]:
    """Rows of `appointment_changes` as the house speaks of them."""
    return tuple(
        AppointmentChange(
            kind=ChangeKind(row["kind"]),
            sequence=row["sequence"],
            changed_at=_moment(row["changed_at"]),
            call_id=row["call_id"],
            starts_at=moment_of(row["starts_minute"], zone),
            ends_at=moment_of(row["ends_minute"], zone),
            staff=row["staff"],
        )
        for row in rows
    )
