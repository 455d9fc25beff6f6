"""Who a telephone number is, in the tables: the calls, appointments and messages that are about one person.

A person is a number. Theirs are the calls they made with it, and what came of them; the appointments and messages
in which it was given as the way to reach them, and the calls in which that was done. A number without its country
code is the same one. Calls that are still on are left out.
"""

# ruff: noqa: S608  the braces hold names of our own tables and columns
from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlite_utils

from appliance.store.database import Database
from appliance.store.diary_tables import is_same_number
from appliance.store.moments import moment_text

_LETTER: Final = re.compile(r"[^\W\d_]")
_NO_DIGIT: Final = re.compile(r"[^\d+]")
_PLACES: Final = {
    "calls": "caller",
    "appointments": "phone",
    "messages": "phone",
    "outbox": "contact",
    "contacts": "phone",
}


_EVERY_NUMBER: Final = " UNION ".join(
    f"SELECT {column} AS number FROM {table}" for table, column in _PLACES.items()
)


@dataclass(frozen=True, slots=True)
class Person:
    """What is about one number: the ways it is written in the tables, and ids. `open_calls` are still on."""

    numbers: tuple[str, ...]
    calls: tuple[str, ...]
    appointments: tuple[str, ...]
    messages: tuple[str, ...]
    open_calls: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether there is anything about them."""
        return bool(self.numbers or self.open_calls)


def numbers_in(database: Database) -> list[str]:
    """Every number there is something about."""
    return [row["number"] for row in database.rows(_EVERY_NUMBER) if row["number"]]


def is_theirs(kept: str, number: str) -> bool:
    """Whether a number as it is kept is `number` (E.164, or an extension); a name (sip:alice7) is only itself."""
    if _LETTER.search(kept) or _LETTER.search(number):
        return kept == number
    one, other = (_NO_DIGIT.sub("", text) for text in (kept, number))
    return bool(one.strip("+") and other.strip("+")) and is_same_number(one, other)


def select(tables: sqlite_utils.Database, number: str, until: datetime | None = None) -> Person:
    """The person of a number, as they stood at `until`; temporary tables their_* hold what `fields` refers to.

    `tables` is a connection with a transaction.
    """
    moment = "9999" if until is None else moment_text(until)
    numbers = [
        row["number"]
        for row in tables.query(_EVERY_NUMBER)
        if row["number"] and is_theirs(row["number"], number)
    ]
    _hold(tables, "their_numbers", "number", numbers)
    _hold(tables, "their_until", "at", [moment])
    open_calls = _column(tables, f"SELECT call_id FROM calls WHERE ended_at IS NULL AND caller IN {_NUMBERS}")
    calls = _column(tables, _CALLS, moment)
    _hold(tables, "their_calls", "call_id", calls)
    appointments = _column(tables, _APPOINTMENTS, moment)
    _hold(tables, "their_appointments", "appointment_id", appointments)
    messages = _column(tables, _MESSAGES, moment)
    _hold(tables, "their_messages", "message_id", messages)
    return Person(tuple(numbers), tuple(calls), tuple(appointments), tuple(messages), tuple(open_calls))


_NUMBERS: Final = "(SELECT number FROM temp.their_numbers)"
_CALLS: Final = f"""
    SELECT call_id FROM calls WHERE ended_at IS NOT NULL AND offered_at <= ? AND (
        caller IN {_NUMBERS}
        OR call_id IN (SELECT call_id FROM messages WHERE phone IN {_NUMBERS})
        OR call_id IN (SELECT call_id FROM appointments WHERE phone IN {_NUMBERS})
        OR call_id IN (
            SELECT appointment_changes.call_id FROM appointment_changes
            JOIN appointments USING (appointment_id) WHERE phone IN {_NUMBERS}
        )
    ) ORDER BY offered_at
"""
_APPOINTMENTS: Final = f"""
    SELECT appointment_id FROM appointments WHERE (
        phone IN {_NUMBERS}
        OR call_id IN (SELECT call_id FROM calls JOIN temp.their_calls USING (call_id) WHERE caller IN {_NUMBERS})
    ) AND coalesce((
        SELECT min(changed_at) FROM appointment_changes
        WHERE appointment_changes.appointment_id = appointments.appointment_id
    ), '') <= ? ORDER BY starts_minute
"""
_MESSAGES: Final = f"""
    SELECT message_id FROM messages WHERE (
        phone IN {_NUMBERS}
        OR call_id IN (SELECT call_id FROM calls JOIN temp.their_calls USING (call_id) WHERE caller IN {_NUMBERS})
    ) AND taken_at <= ? ORDER BY taken_at
"""


def _column(tables: sqlite_utils.Database, sql: str, *values: str) -> list[str]:
    return [str(row[0]) for row in tables.execute(sql, list(values)).fetchall()]


def _hold(tables: sqlite_utils.Database, name: str, column: str, values: list[str]) -> None:
    tables.execute(f"CREATE TEMP TABLE IF NOT EXISTS {name} ({column} TEXT PRIMARY KEY)")
    tables.execute(f"DELETE FROM temp.{name}")
    tables.conn.executemany(f"INSERT OR IGNORE INTO temp.{name} VALUES (?)", [(one,) for one in values])
