"""Forgetting what is old, kind by kind, in small transactions, so that a call that comes waits for none of them.

What has not been sent yet, a message nobody has seen to and an appointment to come are never forgotten, nor is
what they need: the call of an open message keeps its words and its sound.
"""

# ruff: noqa: S608  the braces hold our own words
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec

from appliance.settings import Keep
from appliance.store.calls import RECORDINGS
from appliance.store.database import Database
from appliance.store.erasures import delete_recordings
from appliance.store.fields import TABLES
from appliance.store.moments import moment_text
from appliance.store.outbox import UNSETTLED
from appliance.store.replacing import ASIDE

_PIECE: Final = 100
"""So many at a time: a transaction of some milliseconds."""
_ASIDE_DAYS_MIN: Final = 14


@dataclass(frozen=True, slots=True)
class Rule:
    """What of one kind is old, and how it goes. `old` selects each as `id` (`?1` the moment, `?2` the same in minutes
    since 1970); `goes` are statements about those in temp.going; `sound`: their recordings are deleted as well."""

    name: str
    days: Callable[[Keep], int]
    old: str
    goes: tuple[str, ...]
    sound: bool = False


_CALL_IS_FREE: Final = f"""
    ended_at < ?1
    AND call_id NOT IN (SELECT call_id FROM outbox WHERE {UNSETTLED})
    AND call_id NOT IN (SELECT call_id FROM messages WHERE read_at IS NULL)
"""
_GOING: Final = "IN (SELECT id FROM temp.going)"


def _words_go() -> Iterator[str]:
    """What becomes of every table that is kept as long as words are; deletions first, because the index lets go of
    words only while they are there."""
    words = {name: table for name, table in TABLES.items() if table.kept == "transcripts_days"}
    for name, table in sorted(words.items(), key=lambda item: not item[1].goes):
        changes = ", ".join(f"{column} = {one.erased}" for column, one in table.fields.items() if one.erased)
        if table.goes:
            yield f"DELETE FROM {name} WHERE call_id {_GOING}"
        elif changes:
            yield f"UPDATE {name} SET {changes} WHERE call_id {_GOING}"


RULES: Final = (
    Rule(
        "recordings",
        lambda keep: keep.recordings_days,
        f"SELECT call_id AS id FROM calls WHERE recording IS NOT NULL AND {_CALL_IS_FREE}",
        (f"UPDATE calls SET recording = NULL WHERE call_id {_GOING}",),
        sound=True,
    ),
    Rule(
        "transcripts",
        lambda keep: keep.transcripts_days,
        f"SELECT call_id AS id FROM calls JOIN transcripts USING (call_id) WHERE {_CALL_IS_FREE}",
        (*_words_go(), f"UPDATE calls SET summary = NULL, slots = '{{}}' WHERE call_id {_GOING}"),
    ),
    Rule(
        "calls",
        lambda keep: keep.calls_days,
        f"SELECT call_id AS id FROM calls WHERE {_CALL_IS_FREE}",
        (f"DELETE FROM calls WHERE call_id {_GOING}",),
        sound=True,
    ),
    Rule(
        "messages",
        lambda keep: keep.messages_days,
        f"""SELECT message_id AS id FROM messages WHERE read_at < ?1
            AND message_id NOT IN (SELECT subject FROM outbox WHERE {UNSETTLED})""",
        (f"DELETE FROM messages WHERE message_id {_GOING}",),
    ),
    Rule(
        "appointments",
        lambda keep: keep.appointments_days,
        f"""SELECT appointment_id AS id FROM appointments WHERE ends_minute < ?2 AND appointment_id NOT IN (
            SELECT substr(subject, 1, instr(subject || '.', '.') - 1) FROM outbox
            WHERE kind = 'appointment' AND {UNSETTLED})""",
        (f"DELETE FROM appointments WHERE appointment_id {_GOING}",),
    ),
    Rule(
        "sent",
        lambda keep: keep.sent_days,
        "SELECT number AS id FROM outbox WHERE state IN ('sent', 'buried') AND settled_at < ?1",
        (f"DELETE FROM outbox WHERE number {_GOING}",),
    ),
    Rule(
        "contacts",
        lambda keep: keep.contacts_days,
        "SELECT phone AS id FROM contacts WHERE called_at < ?1",
        (f"DELETE FROM contacts WHERE phone {_GOING}",),
    ),
)


class Retention:
    """Forgets in `database` and in the folder of recordings under `directory`, by the rules of `keep`."""

    def __init__(self, database: Database, directory: Path, keep: Keep) -> None:
        self._database = database
        self._directory = directory
        self._keep = keep

    def due(self, now: datetime) -> dict[str, int]:
        """How many of each kind would be forgotten now."""
        found = {}
        with self._database.reading() as tables:
            for rule in RULES:
                if before := self._before(rule, now):
                    sql = f"SELECT count(*) FROM ({rule.old}) WHERE ?1 IS NOT ?2"
                    found[rule.name] = int(tables.execute(sql, before).fetchone()[0])
        return found | {"set_aside": len(self._old_aside(now)), "stray_recordings": len(self._strays(now))}

    def thin(self, now: datetime, go_on: Callable[[], bool]) -> dict[str, int]:
        """Forget, as long as `go_on` says yes before each small step; how many of each kind went. StoreFault."""
        gone: dict[str, int] = {}
        for rule in RULES:
            while (before := self._before(rule, now)) and go_on():
                count = self._piece(rule, before)
                gone[rule.name] = gone.get(rule.name, 0) + count
                if count < _PIECE:
                    break
        gone["set_aside"] = _unlink(self._old_aside(now))
        gone["stray_recordings"] = _unlink(self._strays(now))
        if any(gone.values()):
            self._database.fold_log()
        return gone

    def _piece(self, rule: Rule, before: list[Any]) -> int:
        """Sound goes first: were the rows gone and the box died, nobody would know whose it was."""
        some = f"SELECT id FROM ({rule.old}) WHERE ?1 IS NOT ?2 LIMIT {_PIECE}"  # both values have a place
        ids = [row["id"] for row in self._database.rows(some, before)]
        if not ids:
            return 0
        if rule.sound:
            delete_recordings(self._directory, ids)
        with self._database.writing() as tables:
            tables.execute("CREATE TEMP TABLE IF NOT EXISTS going (id PRIMARY KEY)")
            tables.execute("DELETE FROM temp.going")
            still = f"INSERT INTO temp.going SELECT id FROM ({rule.old}) WHERE id IN (SELECT value FROM json_each(?3))"
            values = [*before, msgspec.json.encode(ids).decode()]
            count = int(tables.execute(still, values).rowcount)  # what has changed since stays
            for statement in rule.goes:
                tables.execute(statement)
        return count

    def _before(self, rule: Rule, now: datetime) -> list[Any]:
        """The values of a rule's question; empty when the kind is kept for ever."""
        days = rule.days(self._keep)
        if not days:
            return []
        moment = now - timedelta(days=days)
        return [moment_text(moment), int(moment.timestamp()) // 60]

    def _old_aside(self, now: datetime) -> list[Path]:
        """Databases that were replaced, for longer than backups of their time are kept."""
        days = max(_ASIDE_DAYS_MIN, 7 * self._keep.backups_weeks, self._keep.backups_days)
        return _older(self._directory / ASIDE, "*", now - timedelta(days=days))

    def _strays(self, now: datetime) -> list[Path]:
        """Old recordings of calls that no record speaks of."""
        if not self._keep.recordings_days:
            return []
        moment = now - timedelta(days=self._keep.recordings_days)
        old = _older(self._directory / RECORDINGS, "*.flac", moment)
        known = {row["call_id"] for row in self._database.rows("SELECT call_id FROM calls")} if old else set()
        return [file for file in old if file.name.split(".")[0] not in known]


def _older(folder: Path, pattern: str, moment: datetime) -> list[Path]:
    files = folder.glob(pattern) if folder.is_dir() else ()
    return [file for file in files if file.is_file() and file.stat().st_mtime < moment.timestamp()]


def _unlink(files: list[Path]) -> int:
    for file in files:
        file.unlink(missing_ok=True)
    return len(files)
