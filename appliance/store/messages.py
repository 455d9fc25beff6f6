"""Messages for the office: taken once, read by somebody."""

from __future__ import annotations

from dataclasses import fields
from typing import Final

from appliance.clock import Clock, SystemClock
from appliance.domain.appointment import Message
from appliance.errors import NotFound
from appliance.store.calls import moment_text
from appliance.store.database import Database, Row

_FIELDS: Final = tuple(field.name for field in fields(Message))


class Messages:
    """The messages of a database."""

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or SystemClock()

    def take(self, message: Message) -> None:
        """Keep a message; on disk when this returns. The same `message_id` twice is one message."""
        said = [getattr(message, field) for field in _FIELDS]
        with self._database.writing() as tables:
            tables.execute(
                f"INSERT INTO messages ({', '.join(_FIELDS)}, taken_at)"  # noqa: S608  our own columns
                f" VALUES ({', '.join('?' * len(_FIELDS))}, ?) ON CONFLICT (message_id) DO NOTHING",
                [*said, moment_text(self._clock.now())],
            )

    def recent(self, limit: int = 20, *, unread_only: bool = False) -> list[Message]:
        """The latest messages, newest first."""
        condition = "read_at IS NULL" if unread_only else "TRUE"
        return self._select(f"{condition} ORDER BY taken_at DESC, rowid DESC LIMIT ?", limit)

    def of_call(self, call_id: str) -> Message | None:
        """What was taken in a call; of several the last."""
        return next(
            iter(self._select("call_id = ? ORDER BY taken_at DESC, rowid DESC LIMIT 1", call_id)), None
        )

    def mark_read(self, message_id: str) -> None:
        """Somebody has seen to it; the first time counts. NotFound."""
        with self._database.writing() as tables:
            changed = tables.execute(
                "UPDATE messages SET read_at = coalesce(read_at, ?) WHERE message_id = ?",
                [moment_text(self._clock.now()), message_id],
            )
            if changed.rowcount != 1:
                raise NotFound(f"No message is named {message_id}.")

    def _select(self, condition: str, value: str | int) -> list[Message]:
        rows = self._database.rows(f"SELECT * FROM messages WHERE {condition}", [value])  # noqa: S608
        return [_message(row) for row in rows]


def _message(row: Row) -> Message:
    return Message(**{field: row[field] for field in _FIELDS} | {"urgent": bool(row["urgent"])})
