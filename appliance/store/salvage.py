"""Reads what can be read of a damaged database into a whole one.

Python's SQLite has no `.recover`. So rows are asked for by their numbers, in pieces; where a piece meets a damaged
page, the first row behind it that can be read is looked for by halving. Where the first page is gone, the one of
the last backup says where the tables are.
"""

# ruff: noqa: S608  the braces hold names of our own tables and columns
from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from appliance.errors import StoreFault
from appliance.store.outbox import UNSETTLED
from appliance.store.replacing import disk_fault

_PIECE_ROWS: Final = 1024
_BLOCK_BYTES: Final = 4096  # of the disk
_LOST_MAX: Final = 2000
"""After so many damaged pages a table is given up: a disk is slow at failing."""
_FIRST: Final = -(1 << 62)
_LAST: Final = 1 << 62
_VALID_FOR: Final = slice(92, 96)  # zero: the page count in the header is not to be believed
_Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What of one table was carried over: rows read; `whole` when it was read to its end."""

    rows: int
    whole: bool


def salvage(damaged: Path, target: Path, model: Path | None) -> dict[str, Salvaged]:
    """Carry every row of `damaged` that can be read into `target`, which has today's tables; by table.

    `model` is an undamaged older copy of the same file, if there is one. Neither is changed. StoreFault when the
    rows cannot be written: then `target` is not to be used.
    """
    copy = target.with_name(f"{target.name}.salvage")
    try:
        _copied(damaged, copy)
        if not _opens(copy) and model is not None:
            _borrow_first_page(copy, model)
        with contextlib.closing(sqlite3.connect(target, isolation_level=None)) as into:
            return _carried(copy, into)
    except OSError as error:
        raise disk_fault(copy, error) from error
    except sqlite3.Error as error:
        raise StoreFault(
            f"{target}: what was saved cannot be written ({error}).", remedy="Free space; it is tried again."
        ) from error
    finally:
        for suffix in ("", "-wal", "-shm"):
            copy.with_name(copy.name + suffix).unlink(missing_ok=True)


def _copied(damaged: Path, copy: Path) -> None:
    for suffix in ("", "-wal"):
        source = damaged.with_name(damaged.name + suffix)
        if source.exists():
            with (
                source.open("rb", buffering=0) as file,
                copy.with_name(copy.name + suffix).open("wb") as into,
            ):
                for start in range(0, source.stat().st_size, _BLOCK_BYTES):
                    into.write(_block(file.fileno(), start))


def _block(descriptor: int, start: int) -> bytes:
    """A block of a file; zeros where the disk does not give it."""
    try:
        return os.pread(descriptor, _BLOCK_BYTES, start)
    except OSError:
        return bytes(_BLOCK_BYTES)


def _opens(path: Path) -> bool:
    try:
        with contextlib.closing(sqlite3.connect(path)) as tables:
            return bool(tables.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    except sqlite3.Error:
        return False


def _borrow_first_page(path: Path, model: Path) -> None:
    """The page that says what the file is and where its tables begin, from an older copy of it."""
    head = model.read_bytes()[:65536]
    size = int.from_bytes(head[16:18], "big")
    page = bytearray(head[: 65536 if size == 1 else size])
    page[_VALID_FOR] = bytes(4)
    with path.open("r+b") as file:
        file.write(page)


def _carried(copy: Path, into: sqlite3.Connection) -> dict[str, Salvaged]:
    into.execute("PRAGMA foreign_keys=OFF")
    read: dict[str, Salvaged] = {}
    try:
        with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as source:
            source.text_factory = _text
            into.execute("BEGIN")
            with _triggers_off(into):
                for table in _tables(into):
                    read[table] = _Table(table, source, into).carry()
                _reconcile(into)
            _index_again(into)
            into.execute("COMMIT")
    finally:
        if into.in_transaction:
            into.execute("ROLLBACK")
    return read


@contextlib.contextmanager
def _triggers_off(into: sqlite3.Connection) -> Iterator[None]:
    """Rows are taken over as they were: nothing happens that makes a trigger do something."""
    triggers = into.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        into.execute(f'DROP TRIGGER "{name}"')
    yield
    for _, sql in triggers:
        into.execute(sql)


def _index_again(into: sqlite3.Connection) -> None:
    """The full-text indexes, from the rows there are now."""
    for (table,) in into.execute(_INDEXES).fetchall():
        into.execute(f'INSERT INTO "{table}" ("{table}") VALUES (\'rebuild\')')


_INDEXES: Final = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%USING fts5%'"


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _tables(tables: sqlite3.Connection) -> list[str]:
    """Ordinary tables: triggers keep full-text indexes in step, and steps taken belong to the target."""
    names = [row[1] for row in tables.execute("PRAGMA table_list") if row[0] == "main" and row[2] == "table"]
    return sorted(name for name in names if not name.startswith(("sqlite_", "_sqlite")))


def _reconcile(into: sqlite3.Connection) -> None:
    """What points to nothing goes; what an appointment took before it was moved is free."""
    while orphans := into.execute("PRAGMA foreign_key_check").fetchall():
        before = into.total_changes
        for table, rowid, *_ in orphans:
            if rowid is not None:
                into.execute(f'DELETE FROM "{table}" WHERE rowid = ?', [rowid])
            else:
                _delete_orphans(into, table)
        if into.total_changes == before:
            break
    for statement in _PUT_RIGHT:
        into.execute(statement)


def _delete_orphans(into: sqlite3.Connection, table: str) -> None:
    """The same for a table without row numbers."""
    for _, _, parent, own, theirs, *_ in into.execute(f'PRAGMA foreign_key_list("{table}")').fetchall():
        into.execute(f'DELETE FROM "{table}" WHERE "{own}" NOT IN (SELECT "{theirs}" FROM "{parent}")')


_PUT_RIGHT: Final = (
    """DELETE FROM claims WHERE appointment_id NOT IN (
        SELECT appointment_id FROM appointments WHERE standing = 'agreed'
        AND claims.starts_minute <= appointments.starts_minute AND claims.ends_minute >= appointments.ends_minute
    )""",
    """DELETE FROM claimed_minutes WHERE NOT EXISTS (
        SELECT 1 FROM claims WHERE claims.appointment_id = claimed_minutes.appointment_id
        AND claims.what = claimed_minutes.what AND minute >= starts_minute AND minute < ends_minute
    )""",
    # Nobody waits behind a row that was lost.
    f"""UPDATE outbox SET follows = {UNSETTLED} AND contact <> '' AND EXISTS (
        SELECT 1 FROM outbox AS earlier WHERE earlier.destination = outbox.destination
        AND earlier.contact = outbox.contact AND earlier.number < outbox.number AND earlier.{UNSETTLED}
    )""",
)


class _Table:
    """One table on its way from the damaged file into the whole one."""

    def __init__(self, name: str, source: sqlite3.Connection, into: sqlite3.Connection) -> None:
        self._name = name
        self._source = source
        self._into = into
        info = into.execute(f'PRAGMA table_info("{name}")').fetchall()
        self._columns = [row[1] for row in info]
        self._key = [row[1] for row in sorted(info, key=lambda row: row[5]) if row[5]]
        self._lost = 0
        self._rows = 0

    def carry(self) -> Salvaged:
        """Every row that can be read; what is not there any more goes, if the whole table could be read."""
        try:
            known = {row[1] for row in self._source.execute(f'PRAGMA table_info("{self._name}")')}
        except sqlite3.Error:
            return Salvaged(0, whole=False)
        if not known:
            return Salvaged(0, whole=False)
        self._columns = [column for column in self._columns if column in known]
        self._into.execute("CREATE TEMP TABLE IF NOT EXISTS seen (key TEXT PRIMARY KEY) WITHOUT ROWID")
        self._into.execute("DELETE FROM seen")
        for rows in self._pieces():
            self._put(rows)
        whole = self._lost == 0
        if whole and self._key:
            self._forget_unseen()
        return Salvaged(self._rows, whole)

    def _put(self, rows: _Rows) -> None:
        columns = ", ".join(f'"{one}"' for one in self._columns)
        marks = ", ".join("?" * len(self._columns))
        others = ", ".join(f'"{one}" = excluded."{one}"' for one in self._columns if one not in self._key)
        then = f"DO UPDATE SET {others}" if others else "DO NOTHING"
        clash = f"ON CONFLICT ({', '.join(self._key)}) {then}" if self._key else "ON CONFLICT DO NOTHING"
        sql = f'INSERT INTO "{self._name}" ({columns}) VALUES ({marks}) {clash}'
        places = [self._columns.index(one) for one in self._key]
        see = f"INSERT OR IGNORE INTO seen VALUES ({self._quoted(['?'] * len(places))})"
        for row in rows:
            try:
                self._into.execute(sql, row)
                if places:
                    self._into.execute(see, [row[one] for one in places])
                self._rows += 1
            except sqlite3.IntegrityError:  # not a row this table takes: it came off a damaged page
                self._lost += 1

    def _forget_unseen(self) -> None:
        key = self._quoted([f'"{one}"' for one in self._key])
        self._into.execute(f'DELETE FROM "{self._name}" WHERE {key} NOT IN (SELECT key FROM seen)')

    @staticmethod
    def _quoted(values: list[str]) -> str:
        """SQL of one text for a key, however many columns it has."""
        return " || ',' || ".join(f"quote({value})" for value in values)

    # --- reading --------------------------------------------------------------------------------

    def _pieces(self) -> Iterator[_Rows]:
        try:
            last = self._last_number()
        except sqlite3.Error as error:
            if "rowid" not in str(error):  # a table without row numbers is no damage
                self._lost += 1
            yield from self._both_ways()
            return
        number: int | None = _FIRST
        limit = _PIECE_ROWS
        while number is not None and number <= last and self._lost <= _LOST_MAX:
            rows, number, failed = self._piece(number, limit)
            yield rows
            if failed and limit == 1:
                self._lost += 1
                number, limit = self._beyond(number, last), _PIECE_ROWS
            elif (
                failed
            ):  # sqlite3 reads ahead: the row before the damage went with it, and alone it can be had
                limit = 1

    def _last_number(self) -> int:
        """The number of the last row; of an empty table less than any."""
        last = self._source.execute(f'SELECT max(rowid) FROM "{self._name}"').fetchone()[0]
        return _FIRST - 1 if last is None else int(last)

    def _piece(self, number: int, limit: int) -> tuple[_Rows, int, bool]:
        """Rows from `number` on, the number to go on from, and whether the row there failed.

        Not "greater than the last": that would look for the last one, which may be on the damaged page.
        """
        columns = ", ".join(f'"{one}"' for one in self._columns)
        sql = (
            f'SELECT rowid, {columns} FROM "{self._name}" NOT INDEXED WHERE rowid >= ? ORDER BY rowid LIMIT ?'
        )
        rows: _Rows = []
        try:
            for found, *values in self._source.execute(sql, [number, limit]):
                number = max(number, found) + 1
                rows.append(tuple(values))
        except sqlite3.Error:
            return rows, number, True
        return rows, number if len(rows) == limit else _LAST, False

    def _beyond(self, number: int, last: int) -> int | None:
        """The first number from which on a row can be read again, behind a damaged page; None: there is none."""
        step = 1
        while not self._reads(number + step):
            if number + step >= last:
                return None
            step = min(2 * step, last - number)
        bad, good = number + step // 2, number + step
        while good - bad > 1:
            middle = (bad + good) // 2
            bad, good = (bad, middle) if self._reads(middle) else (middle, good)
        return good

    def _reads(self, number: int) -> bool:
        """Whether the first row from `number` on can be read."""
        columns = ", ".join(f'"{one}"' for one in self._columns)
        sql = f'SELECT {columns} FROM "{self._name}" NOT INDEXED WHERE rowid >= ? ORDER BY rowid LIMIT 1'
        try:
            return self._source.execute(sql, [number]).fetchone() is not None
        except sqlite3.Error:
            return False

    def _both_ways(self) -> Iterator[_Rows]:
        """A table without row numbers, or whose end cannot be found: from both ends as far as it goes."""
        columns = ", ".join(f'"{one}"' for one in self._columns)
        order = ", ".join(f'"{one}" {{0}}' for one in self._key) or "rowid {0}"
        for direction in ("ASC", "DESC"):
            sql = f'SELECT {columns} FROM "{self._name}" ORDER BY {order.format(direction)}'
            try:
                for row in self._source.execute(sql):
                    yield [row]
                return
            except sqlite3.Error:
                self._lost += 1
