"""Calls as they happen: each turn is on disk before anybody goes on, the end is one transaction.

A call is open from `begin` to `close`. What a crash left open is closed by `repair` when the appliance
starts; should the call turn out to be alive (the line process kept it), `begin` opens the same record again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import msgspec
import sqlite_utils

from appliance.domain.call import (
    CallEvent,
    CallRecord,
    Disposition,
    LineQuality,
    Speaker,
    Summary,
    Turn,
    TurnClass,
    Waterfall,
)
from appliance.errors import Misused, NotFound
from appliance.store.database import Database, Row
from appliance.store.moments import moment, moment_text
from appliance.store.telling import BOX, tell_call, tell_disposition

__all__ = ["DISPOSED", "RECORDINGS", "Calls", "moment", "moment_text", "recording_path"]

RECORDINGS: Final = "recordings"
DISPOSED: Final = "disposed"
"""The event of a call whose disposition somebody corrected: "was -> is: who"; its time is when."""


def recording_path(directory: Path, call_id: str) -> Path:
    """Where the recording of a call belongs; `directory` is settings.data_directory."""
    return directory / RECORDINGS / f"{call_id}.flac"


class Calls:
    """The calls of a database.

    `destinations` (of the outbox) are told of each that is over, `correcting` (else the same) of those whose
    disposition changes.
    """

    def __init__(
        self, database: Database, *, destinations: Sequence[str] = (), correcting: Sequence[str] | None = None
    ) -> None:
        self._database = database
        self._destinations = tuple(destinations)
        self._correcting = tuple(destinations if correcting is None else correcting)

    # --- while it runs ---------------------------------------------------------------------------

    def begin(
        self, call_id: str, caller: str, called: str, offered_at: datetime, versions: Mapping[str, str]
    ) -> None:
        """A call rings (`offered_at` timezone-aware); a second time, it goes on after a crash of ours."""
        new = [call_id, caller, called, moment_text(offered_at), Disposition.OPEN, _json(dict(versions))]
        with self._database.writing() as tables:
            tables.execute(
                "INSERT INTO calls (call_id, caller, called, offered_at, disposition, versions)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (call_id) DO UPDATE"
                " SET disposition = excluded.disposition, ended_at = NULL WHERE disposition = ?",
                [*new, Disposition.SYSTEM_FAILURE],
            )

    def answered(self, call_id: str, at: datetime) -> None:
        """Sound flows from `at` on; a repetition after a crash changes nothing."""
        self._change(call_id, "answered_at = coalesce(answered_at, ?)", moment_text(at))

    def add_turn(self, call_id: str, turn: Turn) -> None:
        """Keep a finished turn; on disk when this returns. The same turn twice is one turn."""
        row = _turn_row(call_id, turn)
        columns, marks = ", ".join(row), ", ".join("?" * len(row))
        with self._database.writing() as tables:
            tables.execute(
                f"INSERT INTO turns ({columns}) VALUES ({marks}) ON CONFLICT DO NOTHING",  # noqa: S608
                list(row.values()),
            )
            where = "SELECT * FROM turns WHERE call_id = ? AND number = ?"
            if next(iter(tables.query(where, [call_id, turn.number]))) != row:
                raise Misused(f"turn {turn.number} of a call was already kept with other content")

    def add_event(self, call_id: str, event: CallEvent) -> None:
        """Keep something that happened."""
        with self._database.writing() as tables:
            _add_event(tables, call_id, event)

    def close(
        self,
        call_id: str,
        disposition: Disposition,
        ended_at: datetime,
        quality: LineQuality | None = None,
        recording: str | None = None,
        *,
        summary: Summary | None = None,
        slots: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """The call is over; how, when, what the line did to it, what it was about and what is to be sent are
        written together. What was captured before a crash stays beside `slots`."""
        known_quality, known_summary = (None if one is None else _json(one) for one in (quality, summary))
        columns = (
            "disposition = ?, ended_at = ?, quality = ?, recording = ?,"
            " summary = coalesce(?, summary), slots = json_patch(slots, ?)"
        )
        known = (known_quality, recording, known_summary, _json(dict(slots)))
        values = (disposition, moment_text(ended_at), *known)
        with self._database.writing() as tables:
            is_open = any(
                tables.query("SELECT 1 FROM calls WHERE call_id = ? AND ended_at IS NULL", [call_id])
            )
            if _update(tables, call_id, columns, *values) != 1:
                raise Misused("a call was closed that has not begun")
            is_news = tell_call(tables, call_id, self._destinations, ended_at)
            if is_open and not is_news and disposition is not Disposition.SYSTEM_FAILURE:
                was = Disposition.SYSTEM_FAILURE  # `repair` told it so, and then the call went on
                tell_disposition(tables, call_id, self._correcting, ended_at, was=was, by=BOX)

    def unserved(self, call: CallRecord, *, tells: bool) -> None:
        """Keep a call that was over before anybody answered, whole; once, however often it is kept.

        `tells`: whether the destinations are to know of it.
        """
        ended_at = call.ended_at or call.offered_at
        row: list[str | None] = [call.call_id, call.caller, call.called]
        row += [moment_text(call.offered_at), moment_text(ended_at), call.disposition]
        row += [_json(call.versions), None if call.summary is None else _json(call.summary)]
        with self._database.writing() as tables:
            kept = tables.execute(
                "INSERT INTO calls (call_id, caller, called, offered_at, ended_at, disposition, versions, summary)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (call_id) DO NOTHING",
                row,
            )
            if kept.rowcount:
                for event in call.events:
                    _add_event(tables, call.call_id, event)
                if tells:
                    tell_call(tables, call.call_id, self._destinations, ended_at)

    def summarise(self, call_id: str, before: Summary, after: Summary) -> bool:
        """Put a better summary in the place of `before`; False when that is not there any more (it was erased)."""
        with self._database.writing() as tables:
            sql = "UPDATE calls SET summary = ? WHERE call_id = ? AND summary = ?"
            return bool(tables.execute(sql, [_json(after), call_id, _json(before)]).rowcount)

    def dispose(self, name: str, disposition: Disposition, *, by: str, now: datetime) -> CallRecord:
        """Somebody (`by`) corrects how the call that `find` finds ended; the call as it stood before. NotFound.

        The change, its event and what is to be sent of it are one transaction. The same again changes nothing.
        """
        before = self.get(name)
        if before.ended_at is None or disposition is Disposition.OPEN:
            raise NotFound(
                f"Call {before.call_id} is still going on.", remedy="Correct it when it has ended."
            )
        since = before.answered_at or before.offered_at
        at_ms = max(0, round((now - since) / timedelta(milliseconds=1)))
        with self._database.writing() as tables:
            sql = "UPDATE calls SET disposition = ? WHERE call_id = ? AND disposition = ?"
            was, call_id = before.disposition, before.call_id
            if was is not disposition and tables.execute(sql, [disposition, call_id, was]).rowcount:
                _add_event(tables, call_id, CallEvent(at_ms, DISPOSED, f"{was} -> {disposition}: {by}"))
                tell_disposition(tables, call_id, self._correcting, now, was=was, by=by)
        return before

    def next_turn_number(self, call_id: str) -> int:
        """The number of the turn to come: 1 in a new call, one more than the last kept otherwise."""
        rows = self._database.rows(
            "SELECT coalesce(max(number), 0) + 1 AS next FROM turns WHERE call_id = ?", [call_id]
        )
        return int(rows[0]["next"])

    def _change(self, call_id: str, assignments: str, *values: Any) -> None:
        with self._database.writing() as tables:
            if _update(tables, call_id, assignments, *values) != 1:
                raise Misused("a call was changed that has not begun")

    # --- after a crash ---------------------------------------------------------------------------

    def repair(self, sum_up: Callable[[Sequence[Turn]], Summary] | None = None) -> int:
        """Close the calls a crash left open, at the latest moment known of each; how many there were.

        `sum_up` makes a summary of what was said. Only the process that writes calls may do this, once, when it
        starts.
        """
        with self._database.writing() as tables:
            left_open = list(tables.query(_LEFT_OPEN, [Disposition.OPEN]))
            for row in left_open:
                file = recording_path(self._database.path.parent, row["call_id"])
                recording = str(file) if file.exists() else None
                turns = tuple(map(_turn, tables.query(_TURNS, [row["call_id"]])))
                summary = None if sum_up is None else _json(sum_up(turns))
                columns, ended = (
                    "disposition = ?, ended_at = ?, recording = ?, summary = ?",
                    _latest_known(row),
                )
                values = (Disposition.SYSTEM_FAILURE, ended, recording, summary)
                _update(tables, row["call_id"], columns, *values)
                tell_call(tables, row["call_id"], self._destinations, moment(ended))
        return len(left_open)

    # --- looking back ----------------------------------------------------------------------------

    def get(self, name: str) -> CallRecord:
        """The whole record of the call that `find` finds; NotFound."""
        call_id = self.find(name)
        with self._database.reading() as tables:
            calls = list(tables.query("SELECT * FROM calls WHERE call_id = ?", [call_id]))
            turns = list(tables.query(_TURNS, [call_id]))
            events = list(
                tables.query("SELECT * FROM events WHERE call_id = ? ORDER BY at_ms, event_id", [call_id])
            )
        return record_of(calls[0], tuple(map(_turn, turns)), tuple(map(_event, events)))

    def recent(self, limit: int = 20, since: datetime | None = None) -> list[CallRecord]:
        """The latest calls, newest first, without their turns and events."""
        rows = self._database.rows(
            "SELECT * FROM calls WHERE offered_at >= ? ORDER BY offered_at DESC, rowid DESC LIMIT ?",
            ["" if since is None else moment_text(since), limit],
        )
        return [record_of(row) for row in rows]

    def find(self, name: str) -> str:
        """The id of the call that is meant by an id, the beginning of one, or "last"; NotFound."""
        if name == "last":
            return self._last()
        rows = self._database.rows(
            "SELECT call_id FROM calls WHERE substr(call_id, 1, length(?)) = ?"
            " ORDER BY length(call_id), offered_at DESC LIMIT 5",
            [name, name],
        )
        found = [str(row["call_id"]) for row in rows]
        if not found or not name:
            raise NotFound(f'No call begins with "{name}".', remedy="`appliance calls list` shows them.")
        if len(found) > 1 and found[0] != name:
            raise NotFound(f'"{name}" fits several calls: {", ".join(found)}.', remedy="Give more of it.")
        return found[0]

    def _last(self) -> str:
        newest = self.recent(limit=1)
        if not newest:
            raise NotFound("No calls yet.")
        return newest[0].call_id


_TURNS: Final = "SELECT * FROM turns WHERE call_id = ? ORDER BY number"
_LEFT_OPEN: Final = """
    SELECT call_id, offered_at, answered_at, max(
        coalesce((SELECT max(ended_ms) FROM turns WHERE turns.call_id = calls.call_id), 0),
        coalesce((SELECT max(at_ms) FROM events WHERE events.call_id = calls.call_id), 0)
    ) AS known_ms FROM calls WHERE disposition = ?
"""


def _latest_known(row: Row) -> str:
    if row["answered_at"] is None:
        return str(row["offered_at"])
    return moment_text(moment(row["answered_at"]) + timedelta(milliseconds=row["known_ms"]))


# --- rows and records -----------------------------------------------------------------------------


def _add_event(tables: sqlite_utils.Database, call_id: str, event: CallEvent) -> None:
    tables.execute(
        "INSERT INTO events (call_id, at_ms, kind, detail) VALUES (?, ?, ?, ?)",
        [call_id, event.at_ms, event.kind, event.detail],
    )


def _update(tables: sqlite_utils.Database, call_id: str, assignments: str, *values: Any) -> int:
    sql = f"UPDATE calls SET {assignments} WHERE call_id = ?"  # noqa: S608  our own columns
    return int(tables.execute(sql, [*values, call_id]).rowcount)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _turn_row(call_id: str, turn: Turn) -> Row:
    return {
        "call_id": call_id,
        "number": turn.number,
        "speaker": str(turn.speaker),
        "text": turn.text,
        "started_ms": turn.started_ms,
        "ended_ms": turn.ended_ms,
        "class": None if turn.turn_class is None else str(turn.turn_class),
        "response_gap_ms": turn.response_gap_ms,
        "interrupted": int(turn.interrupted),
        "confidence": turn.confidence,
        "waterfall": None if turn.waterfall is None else _json(turn.waterfall),
    }


def _turn(row: Row) -> Turn:
    waterfall = row["waterfall"]
    return Turn(
        number=row["number"],
        speaker=Speaker(row["speaker"]),
        text=row["text"],
        started_ms=row["started_ms"],
        ended_ms=row["ended_ms"],
        turn_class=None if row["class"] is None else TurnClass(row["class"]),
        response_gap_ms=row["response_gap_ms"],
        interrupted=bool(row["interrupted"]),
        confidence=row["confidence"],
        waterfall=None if waterfall is None else msgspec.json.decode(waterfall, type=Waterfall),
    )


def _event(row: Row) -> CallEvent:
    return CallEvent(at_ms=row["at_ms"], kind=row["kind"], detail=row["detail"])


def record_of(row: Row, turns: tuple[Turn, ...] = (), events: tuple[CallEvent, ...] = ()) -> CallRecord:
    """A row of `calls` as the record of a call; without its turns and events unless they are given."""
    quality, summary = row["quality"], row["summary"]
    return CallRecord(
        call_id=row["call_id"],
        caller=row["caller"],
        called=row["called"],
        offered_at=moment(row["offered_at"]),
        answered_at=None if row["answered_at"] is None else moment(row["answered_at"]),
        ended_at=None if row["ended_at"] is None else moment(row["ended_at"]),
        disposition=Disposition(row["disposition"]),
        recording=row["recording"],
        versions=msgspec.json.decode(row["versions"], type=dict[str, str]),
        quality=None if quality is None else msgspec.json.decode(quality, type=LineQuality),
        turns=turns,
        events=events,
        summary=None if summary is None else msgspec.json.decode(summary, type=Summary),
        slots=msgspec.json.decode(row["slots"], type=dict[str, str]),
    )
