"""Messages for the office: taken once, told to whom it concerns, seen to by somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

import msgspec

from appliance.clock import Clock, SystemClock
from appliance.domain.appointment import Message
from appliance.errors import NotFound
from appliance.store.database import Database, Row
from appliance.store.moments import moment, moment_text
from appliance.store.outbox import Note, put

KIND: Final = "message"
"""What the outbox calls a message."""
_FIELDS: Final = tuple(field.name for field in fields(Message))


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """A message as it lies in the inbox; `done_at` is None until somebody has seen to it."""

    message: Message
    taken_at: datetime
    done_at: datetime | None


class Messages:
    """The messages of a database. `destinations` (of the outbox) are told of each, beside the inbox."""

    def __init__(
        self, database: Database, clock: Clock | None = None, *, destinations: Sequence[str] = ()
    ) -> None:
        self._database = database
        self._clock = clock or SystemClock()
        self._destinations = tuple(destinations)

    def take(self, message: Message) -> None:
        """Keep a message, and with it what is to be sent of it; on disk when this returns.

        The same `message_id` twice is one message.
        """
        said = [getattr(message, field) for field in _FIELDS]
        now = self._clock.now()
        with self._database.writing() as tables:
            tables.execute(
                f"INSERT INTO messages ({', '.join(_FIELDS)}, taken_at)"  # noqa: S608  our own columns
                f" VALUES ({', '.join('?' * len(_FIELDS))}, ?) ON CONFLICT (message_id) DO NOTHING",
                [*said, moment_text(now)],
            )
            words = msgspec.to_builtins(message) | {"taken_at": now.isoformat(timespec="seconds")}
            note = Note(KIND, message.message_id, message.phone, message.call_id, words)
            put(tables, note, self._destinations, now)

    def recent(self, limit: int = 20, *, unread_only: bool = False) -> list[Message]:
        """The latest messages, as `inbox` sorts them."""
        return [entry.message for entry in self.inbox(limit, open_only=unread_only)]

    def inbox(
        self, limit: int = 20, *, open_only: bool = False, since: datetime | None = None
    ) -> list[InboxEntry]:
        """The latest messages with how they stand, the urgent ones that are open first, then newest first."""
        condition = "read_at IS NULL" if open_only else "TRUE"
        after = "" if since is None else moment_text(since)
        return self._select(f"{condition} AND taken_at >= ? {_ORDER} LIMIT ?", after, limit)

    def of_call(self, call_id: str) -> Message | None:
        """What was taken in a call; of several the last."""
        found = self._select("call_id = ? ORDER BY taken_at DESC, rowid DESC LIMIT 1", call_id)
        return found[0].message if found else None

    def find(self, name: str) -> InboxEntry:
        """The message that is meant by an id, the beginning of one, or "last"; NotFound."""
        if name == "last":
            found = self._select("TRUE ORDER BY taken_at DESC, rowid DESC LIMIT 1")
        else:
            found = self._select(
                "substr(message_id, 1, length(?)) = ? ORDER BY length(message_id), taken_at DESC LIMIT 5",
                *(name, name),
            )
        if not found or not name:
            what = "No messages yet." if name == "last" else f'No message begins with "{name}".'
            raise NotFound(what, remedy="`appliance messages list --all` shows them.")
        ids = [entry.message.message_id for entry in found]
        if len(ids) > 1 and ids[0] != name:
            raise NotFound(f'"{name}" fits several messages: {", ".join(ids)}.', remedy="Give more of it.")
        return found[0]

    def mark_read(self, message_id: str) -> None:
        """Somebody has seen to it; the first time counts. NotFound."""
        self._change(message_id, "read_at = coalesce(read_at, ?)", moment_text(self._clock.now()))

    def reopen(self, message_id: str) -> None:
        """It is to be seen to again. NotFound."""
        self._change(message_id, "read_at = ?", None)

    def _change(self, message_id: str, assignment: str, value: str | None) -> None:
        with self._database.writing() as tables:
            sql = f"UPDATE messages SET {assignment} WHERE message_id = ?"  # noqa: S608  our own columns
            if tables.execute(sql, [value, message_id]).rowcount != 1:
                raise NotFound(f"No message is named {message_id}.")

    def _select(self, condition: str, *values: str | int) -> list[InboxEntry]:
        rows = self._database.rows(f"SELECT * FROM messages WHERE {condition}", values)  # noqa: S608
        return [_entry(row) for row in rows]


_ORDER: Final = "ORDER BY (urgent AND read_at IS NULL) DESC, taken_at DESC, rowid DESC"


def _entry(row: Row) -> InboxEntry:
    message = Message(**{field: row[field] for field in _FIELDS} | {"urgent": bool(row["urgent"])})
    done = row["read_at"]
    return InboxEntry(message, moment(row["taken_at"]), None if done is None else moment(done))
