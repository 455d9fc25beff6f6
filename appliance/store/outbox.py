"""What other machines are to be told: written in the transaction of what it tells, kept until they have it.

A row is waiting until its time has come, claimed while somebody sends it, then sent or, where no attempt can
help, buried with the reason. A claim lapses, so that a sender that died leaves nothing behind; whoever is told
twice knows it by the idempotency key. Rows about one contact go to a destination in the order they happened.
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
from appliance.store.calls import moment, moment_text
from appliance.store.database import Database, Row

CLAIM_S: Final = 300.0
"""How long a sender may take; after that another may send the row."""
CALL_WAIT_S: Final = 3600.0
"""What belongs to a call that is not over after so long is sent all the same."""


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


def put(tables: sqlite_utils.Database, note: Note, destinations: Sequence[str], now: datetime) -> None:
    """Write a row for each destination, inside the caller's transaction; what is there already stays."""
    for destination in destinations:
        key = f"{note.kind}.{note.subject}.{destination}"
        about = (note.kind, note.subject, destination, key, note.contact, note.call_id)
        payload = msgspec.json.encode(note.payload).decode()
        tables.execute(
            "INSERT INTO outbox (kind, subject, destination, idempotency_key, contact, call_id,"
            " payload, created_at, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (idempotency_key) DO NOTHING",
            [*about, payload, moment_text(now), moment_text(now)],
        )


class Outbox:
    """The outbox of a database, for whoever sends and whoever looks."""

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
        with self._database.writing() as tables:
            found = next(tables.query(_NEXT, due), None)
            if found is None:
                return None
            lapses = moment_text(now + timedelta(seconds=CLAIM_S))
            claimed = {"state": DeliveryState.CLAIMED, "attempts": found["attempts"] + 1, "due_at": lapses}
            tables.execute(
                "UPDATE outbox SET state = ?, attempts = ?, due_at = ? WHERE number = ?",
                [*map(_plain, claimed.values()), found["number"]],
            )
        return _delivery(found | claimed)

    def sent(self, delivery: Delivery) -> None:
        """The destination has it; what it said is kept no longer here, the message itself is."""
        self._settle(delivery, DeliveryState.SENT, "")

    def bury(self, delivery: Delivery, reason: str) -> None:
        """No attempt can help; `reason` says why."""
        self._settle(delivery, DeliveryState.BURIED, reason)

    def later(self, delivery: Delivery, wait_s: float, reason: str) -> None:
        """Try again in `wait_s`; a row that another sender has settled meanwhile stays so."""
        due = moment_text(self._clock.now() + timedelta(seconds=wait_s))
        with self._database.writing() as tables:
            tables.execute(
                "UPDATE outbox SET state = 'waiting', due_at = ?, reason = ?"
                " WHERE number = ? AND state = 'claimed'",
                [due, reason, delivery.number],
            )

    def _settle(self, delivery: Delivery, state: DeliveryState, reason: str) -> None:
        with self._database.writing() as tables:
            tables.execute(
                "UPDATE outbox SET state = ?, reason = ?, settled_at = ? WHERE number = ? AND state <> 'sent'",
                [str(state), reason, moment_text(self._clock.now()), delivery.number],
            )
            if state is DeliveryState.SENT:
                tables.execute(
                    "UPDATE outbox SET payload = '{}', contact = '' WHERE number = ?", [delivery.number]
                )

    # --- looking --------------------------------------------------------------------------------

    def of_subject(self, subject: str) -> list[Delivery]:
        """Where the note about `subject` goes, and how far it is."""
        rows = self._database.rows("SELECT * FROM outbox WHERE subject = ? ORDER BY number", [subject])
        return [_delivery(row) for row in rows]

    def retry(self, subject: str) -> int:
        """Send what waits or is buried about `subject` now; how many rows that are. NotFound."""
        if not self.of_subject(subject):
            raise NotFound(f"Nothing about {subject} is to be sent.")
        with self._database.writing() as tables:
            changed = tables.execute(
                "UPDATE outbox SET state = 'waiting', due_at = ?, settled_at = NULL"
                " WHERE subject = ? AND state IN ('waiting', 'buried')",
                [moment_text(self._clock.now()), subject],
            )
            return int(changed.rowcount)


_NEXT: Final = """
    SELECT * FROM outbox AS mine
    WHERE destination = ? AND state IN ('waiting', 'claimed') AND due_at <= ?
    AND NOT EXISTS (
        SELECT 1 FROM calls WHERE calls.call_id = mine.call_id AND ended_at IS NULL AND offered_at > ?
    )
    AND NOT EXISTS (
        SELECT 1 FROM outbox AS earlier
        WHERE earlier.destination = mine.destination AND earlier.contact = mine.contact
        AND mine.contact <> '' AND earlier.number < mine.number
        AND earlier.state IN ('waiting', 'claimed')
    )
    ORDER BY number LIMIT 1
"""


def _plain(value: object) -> object:
    return str(value) if isinstance(value, StrEnum) else value


def _delivery(row: Row) -> Delivery:
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
