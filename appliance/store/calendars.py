"""Imported calendars: at which times the business, a member of staff or a resource cannot be had.

Importing a calendar again replaces what it said before, in one transaction: it blocks what it says today.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from appliance.clock import Clock, SystemClock
from appliance.domain.appointment import Appointment, BusyTime, Standing
from appliance.errors import NotFound
from appliance.store.database import Database
from appliance.store.diary_tables import appointment_of
from appliance.store.moments import moment_text
from appliance.store.openings import minute_after, minute_of


@dataclass(frozen=True, slots=True)
class ImportedCalendar:
    """A calendar that blocks: whom (`what` as in claims; empty: the whole business), how often, until when
    repetitions were followed."""

    name: str
    what: str
    busy_times: int
    imported_at: datetime
    until: datetime


class Calendars:
    """The imported calendars of a database."""

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or SystemClock()

    def replace(self, name: str, what: str, busy: Iterable[BusyTime], until: datetime) -> None:
        """From now on the calendar `name` says this; `what` as in claims, empty for the whole business."""
        rows = [(name, minute_of(one.starts_at), minute_after(one.ends_at), one.summary) for one in busy]
        with self._database.writing() as tables:
            tables.execute("DELETE FROM calendars WHERE name = ?", [name])
            tables.execute(
                "INSERT INTO calendars (name, what, imported_at, until_minute) VALUES (?, ?, ?, ?)",
                [name, what, moment_text(self._clock.now()), minute_of(until)],
            )
            tables.conn.executemany(
                "INSERT INTO busy_times (calendar, starts_minute, ends_minute, summary) VALUES (?, ?, ?, ?)",
                rows,
            )

    def forget(self, name: str) -> None:
        """The calendar blocks nothing any more; NotFound."""
        with self._database.writing() as tables:
            if tables.execute("DELETE FROM calendars WHERE name = ?", [name]).rowcount != 1:
                known = ", ".join(row["name"] for row in tables.query("SELECT name FROM calendars"))
                raise NotFound(
                    f'No calendar called "{name}" was imported.', remedy=f"There are: {known or 'none'}."
                )

    def all(self) -> list[ImportedCalendar]:
        """Every imported calendar, by name."""
        rows = self._database.rows(
            "SELECT calendars.*, count(starts_minute) AS busy_times FROM calendars"
            " LEFT JOIN busy_times ON calendar = name GROUP BY name ORDER BY name"
        )
        return [
            ImportedCalendar(
                name=row["name"],
                what=row["what"],
                busy_times=row["busy_times"],
                imported_at=datetime.fromisoformat(row["imported_at"]),
                until=datetime.fromtimestamp(row["until_minute"] * 60).astimezone(),
            )
            for row in rows
        ]

    def overlapped(self, name: str) -> list[Appointment]:
        """Appointments that were agreed for a time the calendar `name` blocks: somebody must call those people."""
        rows = self._database.rows(
            "SELECT DISTINCT appointments.* FROM appointments JOIN claims USING (appointment_id)"
            " JOIN busy_times ON busy_times.ends_minute > claims.starts_minute"
            " AND busy_times.starts_minute < claims.ends_minute JOIN calendars ON calendar = calendars.name"
            " WHERE calendars.name = ? AND calendars.what IN ('', claims.what) AND standing = ?"
            " AND appointments.ends_minute > ? ORDER BY appointments.starts_minute",
            [name, Standing.AGREED, minute_of(self._clock.now())],
        )
        return [appointment_of(row) for row in rows]
