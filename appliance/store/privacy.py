"""One person's data: all of it in a file for them, or all of it gone, with the records left that are nobody's.

A person is a telephone number (persons.py). What is theirs in each table, and what becomes of it, stands in
fields.py; nothing here knows a table by name. Backups and files that were set aside keep what they have until they
are removed in their turn; erasures.py sees to it that none of them brings anybody back.
"""

# ruff: noqa: S608  the braces hold names of our own tables and columns
from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from appliance.errors import NotFound, StoreFault
from appliance.store.calls import RECORDINGS
from appliance.store.database import Database, Row
from appliance.store.erasures import Erasures, delete_recordings, erase_rows, tidy
from appliance.store.fields import TABLES
from appliance.store.left_behind import LeftBehind
from appliance.store.persons import Person, is_theirs, select
from appliance.store.replacing import disk_fault, sync_file

FORMAT: Final = "attendant.person/1"
_JSON: Final = frozenset({"versions", "quality", "summary", "slots", "waterfall", "payload"})


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is kept of a person. `coming`: their appointments that are agreed and not over, soonest first."""

    person: Person
    rows: dict[str, list[Row]]
    recordings: tuple[Path, ...]
    coming: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done: rows changed or deleted by table, recordings deleted, and what is out of reach: to whom
    something was sent before (`told`, by destination), and calls that are still on."""

    rows: dict[str, int]
    recordings: int
    told: dict[str, int]
    open_calls: tuple[str, ...]


class Privacy:
    """Looks up and erases people in a database; recordings lie in `directory` (settings.data_directory)."""

    def __init__(self, database: Database, directory: Path) -> None:
        self._database = database
        self._directory = directory

    def holdings(self, number: str, now: datetime) -> Holdings:
        """Everything that is kept of a number (E.164, or an extension). NotFound when that is nothing."""
        with self._database.reading() as tables:
            person = select(tables, number)
            rows = {
                name: list(tables.query(f'SELECT * FROM "{name}" WHERE {table.whose}'))
                for name, table in TABLES.items()
                if table.whose
            }
        waiting = [
            call.call_id for call in LeftBehind(self._directory).calls() if is_theirs(call.caller, number)
        ]
        person = replace(person, open_calls=(*person.open_calls, *waiting))
        if not person.is_known:
            raise NotFound(
                f"Nothing is kept of {number}.", remedy="Try another number they may have called from."
            )
        recordings = tuple(file for call_id in person.calls if (file := self._recording(call_id)).is_file())
        minute = int(now.timestamp()) // 60
        coming = [
            row for row in rows["appointments"] if row["standing"] == "agreed" and row["ends_minute"] > minute
        ]
        soonest = sorted(coming, key=lambda row: row["starts_minute"])
        return Holdings(person, rows, recordings, tuple(row["appointment_id"] for row in soonest))

    def is_known(self, number: str) -> bool:
        """Whether anything is kept of a number."""
        with self._database.reading() as tables:
            return select(tables, number).is_known

    def _recording(self, call_id: str) -> Path:
        return self._directory / RECORDINGS / f"{call_id}.flac"

    # --- export ---------------------------------------------------------------------------------

    def export(self, number: str, to: Path, now: datetime) -> Holdings:
        """Write all of it to a new zip file: data.json, a page to read, the recordings. NotFound, StoreFault."""
        found = self.holdings(number, now)
        if to.exists():
            raise StoreFault(f"{to}: is there already.", remedy="Name a new file.")
        part = to.with_name(f".{to.name}.part")
        try:
            descriptor = os.open(part, os.O_CREAT | os.O_TRUNC | os.O_RDWR | os.O_CLOEXEC, 0o600)
            with (
                os.fdopen(descriptor, "w+b") as file,
                zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made,
            ):
                made.writestr("index.txt", "".join(f"{line}\n" for line in _page(number, found, now)))
                made.writestr("data.json", msgspec.json.format(_json(number, found, now)))
                for recording in found.recordings:
                    made.write(recording, f"recordings/{recording.name}", zipfile.ZIP_STORED)
            sync_file(part)
            part.rename(to)
        except OSError as error:
            raise disk_fault(to, error) from error
        finally:
            part.unlink(missing_ok=True)
        return found

    # --- erasing --------------------------------------------------------------------------------

    def erase(self, number: str, erasures: Erasures, now: datetime) -> Erased:
        """Erase the person, everywhere in this box's reach. NotFound when they were never here, StoreFault.

        Repeating it after any interruption finishes it: it is remembered first, sound goes before the rows that
        name it, and the bytes are out of the file and its log at the end.
        """
        try:
            found = self.holdings(number, now)
        except NotFound:
            if not erasures.knows(number):
                raise
            tidy(self._database)
            return Erased({}, 0, {}, ())
        erasures.remember(number, now)
        told = _told(found.rows["outbox"])
        recordings = delete_recordings(self._directory, found.person.calls)
        with self._database.writing() as tables:
            person = select(tables, number, until=now)
            rows = erase_rows(tables, person, now)
        tidy(self._database)
        return Erased(rows, recordings, told, found.person.open_calls)


def _told(outbox: list[Row]) -> dict[str, int]:
    """How much each receiver was sent about them: it keeps that."""
    told: dict[str, int] = {}
    for row in outbox:
        if row["state"] == "sent":
            told[row["destination"]] = told.get(row["destination"], 0) + 1
    return told


def _json(number: str, found: Holdings, now: datetime) -> bytes:
    rows = {name: [_plain(row) for row in every] for name, every in found.rows.items()}
    fields = {name: {key: one.meaning for key, one in TABLES[name].fields.items()} for name in rows}
    made = {"format": FORMAT, "number": number, "made_at": now.astimezone(UTC).isoformat(timespec="seconds")}
    recordings = [file.name for file in found.recordings]
    return msgspec.json.encode(made | {"rows": rows, "recordings": recordings, "fields": fields})


def _plain(row: Row) -> dict[str, Any]:
    return {
        key: msgspec.json.decode(value) if key in _JSON and isinstance(value, str) else value
        for key, value in row.items()
    }


def _page(number: str, found: Holdings, now: datetime) -> Iterator[str]:
    """The same to read: each table with its rows, each column by what it means."""
    yield f"Everything kept of {number}, {now.astimezone():%Y-%m-%d %H:%M %Z}"
    yield f"{len(found.person.calls)} calls, {len(found.recordings)} recordings in the folder recordings."
    for name, rows in found.rows.items():
        table = TABLES[name]
        if not rows:
            continue
        yield ""
        yield f"{table.meaning} ({name}, {len(rows)})"
        for row in rows:
            yield ""
            for column, value in row.items():
                if value not in ("", None):
                    field = table.fields.get(column)
                    yield f"  {field.meaning if field else column}: {value}"
