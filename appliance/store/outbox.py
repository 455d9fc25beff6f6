"""What other machines are to be told: written in the transaction of what it tells, kept until they have it.

A row is waiting until its time has come, claimed while somebody sends it, then sent or, where no attempt can
help, buried with the reason. A claim lapses, so that a sender that died leaves nothing behind; whoever is told
twice knows it by the idempotency key. Rows about one contact go to a destination in the order they happened
(the triggers of schema_sync see to it), and none is ever searched for: the next one is the first of an index.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import msgspec
import sqlite_utils

from appliance.clock import Clock, SystemClock
from appliance.errors import NotFound
from appliance.store.database import Database, Row
from appliance.store.moments import moment, moment_text

CLAIM_S: Final = 900.0
"""How long a sender may take; after that another may send the row."""
CALL_WAIT_S: Final = 3600.0
"""What belongs to a call that is not over after so long is sent all the same."""
_CLOCK_SLACK_S: Final = 60.0


class DeliveryState(StrEnum):
    """How far a row has come."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    BURIED = "buried"


@dataclass(frozen=True, slots=True)
class Note:
    """Something to be told: of which kind, about what (its id), about whom, and the words (`payload`)."""

    kind: str
    subject: str
    contact: str
    call_id: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row: a note on its way to one destination. `settled_at`: when it was sent or buried."""

    number: int
    kind: str
    subject: str
    destination: str
    idempotency_key: str
    contact: str
    call_id: str
    payload: dict[str, Any]
    state: DeliveryState
    attempts: int
    created_at: datetime
    due_at: datetime
    settled_at: datetime | None
    reason: str


def put(tables: sqlite_utils.Database, note: Note, destinations: Sequence[str], now: datetime) -> bool:
    """Write a row for each destination, inside the caller's transaction; what is there already stays.

    Whether anything was new. What is about nobody known keeps the order of its call.
    """
    contact = note.contact or (f"call {note.call_id}" if note.call_id else "")
    payload = msgspec.json.encode(note.payload).decode()
    new = 0
    for destination in destinations:
        key = f"{note.kind}.{note.subject}.{destination}"
        about = (note.kind, note.subject, destination, key, contact, note.call_id)
        written = tables.execute(
            "INSERT INTO outbox (kind, subject, destination, idempotency_key, contact, call_id,"
            " payload, created_at, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (idempotency_key) DO NOTHING",
            [*about, payload, moment_text(now), moment_text(now)],
        )
        new += written.rowcount
    return new > 0


class Outbox:
    """The outbox of a database, for whoever sends."""

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or SystemClock()

    # --- sending --------------------------------------------------------------------------------

    def claim(self, destination: str) -> Delivery | None:
        """The next row for `destination`, for this sender alone until the claim lapses; None: nothing is due."""
        now = self._clock.now()
        due = [destination, moment_text(now), moment_text(now - timedelta(seconds=CALL_WAIT_S))]
        if not self._database.rows(_NEXT, due):  # the writers of calls are not held up for nothing
            return None
        with self._database.writing(durable=False) as tables:  # undone, the row waits again: nothing is lost
            found = next(tables.query(_NEXT, due), None)
            if found is None:
                return None
            lapses = moment_text(now + timedelta(seconds=CLAIM_S))
            claimed = {"state": DeliveryState.CLAIMED, "attempts": found["attempts"] + 1, "due_at": lapses}
            tables.execute(
                "UPDATE outbox SET state = ?, attempts = ?, due_at = ?, tried_at = ? WHERE number = ?",
                [*map(_plain, claimed.values()), moment_text(now), found["number"]],
            )
        return delivery_of(found | claimed)

    def sent(self, delivery: Delivery) -> None:
        """The destination has it; what it said is kept no longer here, what it told of is."""
        now = self._clock.now()
        with self._database.writing() as tables:
            changed = tables.execute(
                "UPDATE outbox SET state = 'sent', reason = '', settled_at = ?, payload = '{}', contact = ''"
                " WHERE number = ? AND state <> 'sent'",
                [moment_text(now), delivery.number],
            )
            if changed.rowcount:
                tables.execute(_ONE_MORE_SENT, [delivery.destination, now.date().isoformat()])
            tables.execute(_CAME_THROUGH, [delivery.destination, moment_text(now)])

    def bury(self, delivery: Delivery, reason: str) -> None:
        """No attempt can help; `reason` says why."""
        now = moment_text(self._clock.now())
        with self._database.writing() as tables:
            tables.execute(
                "UPDATE outbox SET state = 'buried', reason = ?, settled_at = ?"
                " WHERE number = ? AND state <> 'sent' AND attempts = ?",
                [reason, now, delivery.number, delivery.attempts],
            )

    def later(self, delivery: Delivery, wait_s: float, reason: str) -> None:
        """Try again in `wait_s`; a row that another sender has taken or settled meanwhile is left to it."""
        now = self._clock.now()
        due = moment_text(now + timedelta(seconds=wait_s))
        with self._database.writing(durable=False) as tables:  # undone, the next start releases the row
            tables.execute(
                "UPDATE outbox SET state = 'waiting', due_at = ?, tried_at = ?, reason = ?"
                " WHERE number = ? AND state = 'claimed' AND attempts = ?",
                [due, moment_text(now), reason, delivery.number, delivery.attempts],
            )
            tables.execute(_FAILED, [delivery.destination, moment_text(now), reason, moment_text(now)])

    # --- putting right ----------------------------------------------------------------------------

    def release(self) -> int:
        """What a sender that died had claimed is due again; how many rows. Only where no other sender lives."""
        now = moment_text(self._clock.now())
        return self._change(
            "UPDATE outbox SET state = 'waiting', due_at = ?, tried_at = ? WHERE state = 'claimed'", now, now
        )

    def bring_back(self, destination: str) -> int:
        """The clock went back: what was written or tried in what is the future now is due; how many rows.

        It counts as tried now, here and wherever else a row is called due: the clock may go back once more.
        """
        now = self._clock.now()
        ahead = [destination, moment_text(now), moment_text(now + timedelta(seconds=_CLOCK_SLACK_S))]
        if not self._database.rows(f"SELECT 1 FROM outbox {_AHEAD} LIMIT 1", ahead):  # noqa: S608  our words
            return 0
        return self._change(
            f"UPDATE outbox SET due_at = ?, tried_at = ?, created_at = min(created_at, ?) {_AHEAD}",  # noqa: S608
            *([moment_text(now)] * 3 + ahead),
        )

    def hasten(self, destination: str) -> int:
        """There is a way again: what waits for another attempt is due; how many rows."""
        now = moment_text(self._clock.now())
        waiting = (
            f"WHERE destination = ? AND {UNSETTLED} AND follows = 0 AND due_at > ? AND state = 'waiting'"
        )
        if not self._database.rows(f"SELECT 1 FROM outbox {waiting} LIMIT 1", [destination, now]):  # noqa: S608
            return 0
        hastened = f"UPDATE outbox SET due_at = ?, tried_at = ? {waiting}"  # noqa: S608
        return self._change(hastened, now, now, destination, now)

    def rests(self, destination: str, until: datetime | None) -> None:
        """The destination is left alone until then; None: not any more."""
        until_text = None if until is None else moment_text(until)
        with self._database.writing(durable=False) as tables:
            tables.execute(
                "INSERT INTO destinations (name, rests_until) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET rests_until = excluded.rests_until",
                [destination, until_text],
            )

    def _change(self, sql: str, *values: Any) -> int:
        with self._database.writing() as tables:
            return int(tables.execute(sql, list(values)).rowcount)

    # --- looking --------------------------------------------------------------------------------

    def of_subject(self, subject: str) -> list[Delivery]:
        """Where the note about `subject` goes, and how far it is."""
        rows = self._database.rows(
            f"SELECT {COLUMNS} FROM outbox WHERE subject = ? ORDER BY number",  # noqa: S608  our words
            [subject],
        )
        return [delivery_of(row) for row in rows]

    def retry(self, subject: str) -> int:
        """Send what waits or is buried about `subject` now; how many rows that are. NotFound."""
        if not self.of_subject(subject):
            raise NotFound(f"Nothing about {subject} is to be sent.")
        now = moment_text(self._clock.now())
        return self._change(
            "UPDATE outbox SET state = 'waiting', due_at = ?, tried_at = ?, settled_at = NULL"
            " WHERE subject = ? AND state IN ('waiting', 'buried')",
            *(now, now, subject),
        )


COLUMNS: Final = (
    "number, kind, subject, destination, idempotency_key, contact, call_id, payload, state, attempts,"
    " created_at, due_at, settled_at, reason"
)
UNSETTLED: Final = "state IN ('waiting', 'claimed')"
"""What has neither been sent nor buried, in SQL."""
_NEXT: Final = f"""
    SELECT {COLUMNS} FROM outbox AS mine
    WHERE destination = ? AND {UNSETTLED} AND follows = 0 AND due_at <= ?
    AND NOT EXISTS (
        SELECT 1 FROM calls WHERE calls.call_id = mine.call_id AND ended_at IS NULL AND offered_at > ?
    )
    ORDER BY due_at, number LIMIT 1
"""  # noqa: S608  our own words
_AHEAD: Final = f"""
    WHERE destination = ? AND {UNSETTLED} AND follows = 0 AND due_at > ?
    AND state = 'waiting' AND coalesce(tried_at, created_at) > ?
"""
_ONE_MORE_SENT: Final = """
    INSERT INTO deliveries_by_day (destination, day, sent) VALUES (?, ?, 1)
    ON CONFLICT (destination, day) DO UPDATE SET sent = sent + 1
"""
_CAME_THROUGH: Final = """
    INSERT INTO destinations (name, last_sent_at) VALUES (?, ?)
    ON CONFLICT (name) DO UPDATE SET last_sent_at = excluded.last_sent_at, failing_since = NULL, rests_until = NULL
"""
_FAILED: Final = """
    INSERT INTO destinations (name, failing_since, error, error_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET failing_since = coalesce(failing_since, excluded.failing_since),
        error = excluded.error, error_at = excluded.error_at
"""


def _plain(value: object) -> object:
    return str(value) if isinstance(value, StrEnum) else value


def delivery_of(row: Row) -> Delivery:
    """A row of the outbox (COLUMNS) as the house speaks of it."""
    settled = row["settled_at"]
    return Delivery(
        **row
        | {
            "payload": msgspec.json.decode(row["payload"]),
            "state": DeliveryState(row["state"]),
            "created_at": moment(row["created_at"]),
            "due_at": moment(row["due_at"]),
            "settled_at": None if settled is None else moment(settled),
        }
    )
