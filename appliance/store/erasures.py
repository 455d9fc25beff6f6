"""Erasing a person, and remembering that it was done: a backup that is restored must not bring them back.

What is remembered is no number but a keyed fingerprint of one, in a file beside the database and in each folder of
backups. Whoever has the box can still try numbers against it: it hides, it does not seal.
"""

# ruff: noqa: S608  the braces hold names of our own tables and columns
from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
import sqlite_utils

from appliance.errors import StoreFault
from appliance.store.calls import RECORDINGS
from appliance.store.database import Database
from appliance.store.fields import TABLES
from appliance.store.moments import moment_text
from appliance.store.persons import Person, numbers_in, select
from appliance.store.replacing import disk_fault, sync_file

FILE_NAME: Final = "erased.json"
MARK: Final = "erased"
"""The kind of the event that stays in each call: that somebody was erased from it, and when."""
_TELLING_DIGITS: Final = 9
"""So many digits at the end tell a number, with its country code or without it (diary_tables.is_same_number)."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """That a person was erased: the fingerprint of their number, and when."""

    fingerprint: str
    at: datetime


@dataclass(frozen=True, slots=True)
class _Page:
    key: str
    erasures: tuple[Erasure, ...] = ()


class Erasures:
    """The list in `directory` (beside the database), copied to `folders` where they can be written."""

    def __init__(self, directory: Path, folders: Sequence[Path] = ()) -> None:
        self._path = directory / FILE_NAME
        self._copies = tuple(folder / FILE_NAME for folder in folders)

    def remember(self, number: str, at: datetime) -> None:
        """This number's person was erased. StoreFault when that cannot be written: then nothing may be erased."""
        pages = self._pages()
        key = pages[0].key if pages else secrets.token_hex(32)
        known = tuple(one for page in pages for one in page.erasures if page.key == key)
        new = Erasure(_fingerprint(number, key), at.astimezone(UTC))
        _write(self._path, _Page(key, tuple(dict.fromkeys((*known, new)))))
        for copy in self._copies:
            if copy.parent.is_dir():
                _write(copy, _Page(key, tuple(dict.fromkeys((*known, new)))))

    def knows(self, number: str) -> bool:
        """Whether this number's person was erased before."""
        return bool(_erased_at(number, self._pages()))

    def repeat(self, database: Database, now: datetime) -> int:
        """Erase again whoever was erased, up to that moment, from a database that was restored; how many."""
        pages = self._pages()
        if not pages:
            return 0
        found = 0
        for number in numbers_in(database):
            at = max((at for at in _erased_at(number, pages)), default=None)
            if at is not None:
                with database.writing() as tables:
                    erase_rows(tables, select(tables, number, until=at), now)
                found += 1
        if found:
            tidy(database)
        return found

    def _pages(self) -> list[_Page]:
        pages = []
        for path in (self._path, *self._copies):
            if path.exists():
                try:
                    pages.append(msgspec.json.decode(path.read_bytes(), type=_Page))
                except (OSError, msgspec.MsgspecError) as error:
                    raise StoreFault(
                        f"{path}: the list of people who were erased does not read.",
                        remedy="Put back a good copy (there is one in each folder of backups), or remove the file.",
                    ) from error
        return pages


def _erased_at(number: str, pages: Sequence[_Page]) -> list[datetime]:
    prints = {page.key: _fingerprint(number, page.key) for page in pages}
    return [one.at for page in pages for one in page.erasures if one.fingerprint == prints[page.key]]


def _fingerprint(number: str, key: str) -> str:
    telling = number.lstrip("+")[-_TELLING_DIGITS:]
    return hashlib.blake2b(telling.encode(), key=bytes.fromhex(key), digest_size=16).hexdigest()


def _write(path: Path, page: _Page) -> None:
    part = path.with_suffix(".part")
    try:
        part.write_bytes(msgspec.json.format(msgspec.json.encode(page)))
        sync_file(part)
        os.chmod(part, 0o600)  # noqa: PTH101
        part.replace(path)
    except OSError as error:
        raise disk_fault(path, error) from error


# --- rows -----------------------------------------------------------------------------------------


def erase_rows(tables: sqlite_utils.Database, person: Person, now: datetime) -> dict[str, int]:
    """Everything personal in the rows that `select` found, inside the caller's transaction; how many of each table.

    The records stay: when, how long, how it ended. What waits to be sent is buried; what must be deleted goes first,
    so that the full-text index lets go of the words while they are still known.
    """
    tables.execute("CREATE TEMP TABLE IF NOT EXISTS their_moment (at TEXT)")
    tables.execute("DELETE FROM temp.their_moment")
    tables.execute("INSERT INTO temp.their_moment VALUES (?)", [moment_text(now)])
    done: dict[str, int] = {}
    for name, table in sorted(TABLES.items(), key=lambda item: not item[1].goes):
        if not table.whose:
            continue
        changes = ", ".join(
            f'"{column}" = {field.erased}'
            for column, field in table.fields.items()
            if field.erased is not None
        )
        if table.goes:
            sql = f'DELETE FROM "{name}" WHERE {table.whose}'
        elif changes:
            sql = f'UPDATE "{name}" SET {changes} WHERE {table.whose}'
        else:
            continue
        done[name] = tables.execute(sql).rowcount
    for call_id in person.calls:
        tables.execute(
            "INSERT INTO events (call_id, at_ms, kind, detail) VALUES (?, 0, ?, ?)",
            [call_id, MARK, moment_text(now)],
        )
    return {name: count for name, count in done.items() if count}


def tidy(database: Database) -> None:
    """After an erasure: the indexes forget what was taken out of them, and the log is folded in and cut."""
    with database.writing() as tables:
        indexes = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%USING fts5%'"
        for row in list(tables.query(indexes)):
            tables.execute(f'INSERT INTO "{row["name"]}" ("{row["name"]}") VALUES (\'optimize\')')
    database.fold_log()


def delete_recordings(directory: Path, call_ids: Sequence[str]) -> int:
    """The sound of these calls, with everything that was begun of it; how many files."""
    gone = 0
    for call_id in call_ids:
        for file in (directory / RECORDINGS).glob(f"{_literal(call_id)}.*"):
            file.unlink(missing_ok=True)
            gone += 1
    return gone


def _literal(name: str) -> str:
    return "".join(f"[{one}]" if one in "*?[" else one for one in name)
