"""Whom the customer database knows by which number, as far as it was asked: so that a caller is known offline too.

The agent only reads; the sync process asks, after the call, about who called. A name is as good as the day it was
asked for: whoever calls again after some days is asked for again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import phonenumbers
import sqlite_utils

from appliance.clock import Clock, SystemClock
from appliance.store.database import Database, Row
from appliance.store.moments import moment, moment_text

LATELY_DAYS: Final = 7
"""Whoever called within these days is asked for again each day."""
NAME_DAYS_MAX: Final = 365
"""A name that is older is not used: numbers are given to others."""
_CLOCK_SLACK: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class CachedContact:
    """What is known of a number. `matches`: how many the customer database has with it; `name` is empty unless
    it is one. `asked_at` is None where nobody has asked yet."""

    phone: str
    identity: str
    name: str
    matches: int
    called_at: datetime
    asked_at: datetime | None


def e164(number: str, region: str) -> str:
    """A number as the world dials it; empty for a withheld one, an internal extension, or what is no number.

    `region`: the country that is meant where none is said (business.region).
    """
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(parsed):
        return ""
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def called(tables: sqlite_utils.Database, phone: str, at: datetime) -> None:
    """`phone` (E.164) has called: inside the caller's transaction it is put on the list to ask about."""
    tables.execute(
        "INSERT INTO contacts (phone, called_at) VALUES (?, ?)"
        " ON CONFLICT (phone) DO UPDATE SET called_at = excluded.called_at",
        [phone, moment_text(at)],
    )


class Contacts:
    """The cache of a database. `contact_days`: after so many a name is asked for again."""

    def __init__(self, database: Database, clock: Clock | None = None, *, contact_days: int = 30) -> None:
        self._database = database
        self._clock = clock or SystemClock()
        self._contact_days = contact_days

    def get(self, phone: str) -> CachedContact | None:
        """What is known of an E.164 number."""
        found = self._database.rows("SELECT * FROM contacts WHERE phone = ?", [phone])
        return _contact(found[0]) if found else None

    def usable_name(self, known: CachedContact) -> str:
        """By what name to greet them; empty: not by name, since it is not sure, or too long ago."""
        if known.asked_at is None or known.matches != 1:
            return ""
        age = self._clock.now() - known.asked_at
        return known.name if age < timedelta(days=NAME_DAYS_MAX) else ""

    def called(self, phone: str) -> None:
        """`phone` has called just now."""
        with self._database.writing(
            durable=False
        ) as tables:  # of a cache a mains plug may take the last line
            called(tables, phone, self._clock.now())

    def to_ask(self, limit: int = 20) -> list[str]:
        """Numbers to ask the customer database about now, who called last first."""
        now = self._clock.now()
        days = [timedelta(days=count) for count in (1, LATELY_DAYS, self._contact_days)]
        day_ago, lately, long_ago = (moment_text(now - one) for one in days)
        ahead = moment_text(now + _CLOCK_SLACK)
        rows = self._database.rows(_TO_ASK, [day_ago, lately, long_ago, ahead, limit])
        return [str(row["phone"]) for row in rows]

    def learnt(self, phone: str, identity: str, name: str, matches: int) -> None:
        """The customer database has answered; a number that was erased meanwhile stays unknown."""
        self._change(
            "UPDATE contacts SET identity = ?, name = ?, matches = ?, asked_at = ? WHERE phone = ?",
            *(identity, name, matches, moment_text(self._clock.now()), phone),
        )

    def _change(self, sql: str, *values: str | int) -> int:
        with self._database.writing(durable=False) as tables:
            return int(tables.execute(sql, list(values)).rowcount)


_TO_ASK: Final = """
    SELECT phone FROM contacts
    WHERE asked_at IS NULL OR (asked_at < ? AND called_at >= ?) OR (asked_at < ? AND called_at > asked_at)
        OR asked_at > ?
    ORDER BY called_at DESC LIMIT ?
"""


def _contact(row: Row) -> CachedContact:
    asked = row["asked_at"]
    return CachedContact(
        **row | {"called_at": moment(row["called_at"]), "asked_at": None if asked is None else moment(asked)}
    )
