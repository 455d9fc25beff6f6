"""The one file on disk: opening it, its transactions, and its faults in the house's words.

SQLite in WAL mode with synchronous=FULL: what was committed survives kill -9 and a lost mains plug, and a
reader (`appliance calls`) never waits for the writer. Nothing is touched before the first use, so a box with
a read-only disk still starts, and after a fault the file is opened afresh.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, Self

import sqlite_utils

from appliance.errors import Misused, StoreFault
from appliance.store import schema

FILE_NAME: Final = "attendant.db"
LAST_BACKUP: Final = "last_backup.json"
"""Beside the database, once there is a backup: with it, a database that is gone or empty is damaged, not new."""
DAMAGED: Final = ".damaged"
"""Put after the name of the database: a file that tells upkeep that somebody met damage in it."""
Row = dict[str, Any]


class Database:
    """A SQLite file of the appliance. Usable from any thread, one at a time (a lock sees to it).

    `read_only` looks without touching, also while the appliance runs. `busy_ms` is how long to wait for
    another process's transaction. `steps` are the migrations to today's tables.
    """

    def __init__(
        self,
        path: Path,
        *,
        read_only: bool = False,
        busy_ms: int = 5000,
        steps: Sequence[schema.Step] = schema.STEPS,
    ) -> None:
        self.path = path
        self._read_only = read_only
        self._busy_ms = busy_ms
        self._steps = {step.__name__ for step in steps}
        self._migrations = schema.migrations(steps)
        self._lock = threading.RLock()
        self._tables: sqlite_utils.Database | None = None
        self._inode = 0

    def open(self) -> None:
        """Open now and bring the tables up to date; StoreFault when that cannot be."""
        with self._lock, self._translated():
            self._opened()

    def close(self) -> None:
        """Close; the next use opens again."""
        with self._lock:
            tables, self._tables = self._tables, None
            if tables is not None:
                with suppress(sqlite3.Error):  # a disk that is gone cannot be closed politely
                    tables.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[sqlite_utils.Database]:
        """One transaction that holds the write lock from its start: all of it is on disk afterwards, or none.

        Without `durable` it does not wait for the disk, and holds the lock for a moment only: kill -9 leaves it,
        a lost mains plug may undo it, though never what was written durably after it.
        StoreFault when the disk does not take it, Misused when it breaks a constraint of the tables.
        """
        with self._lock, self._translated():
            tables = self._begun(durable=durable)
            try:
                yield tables
                tables.execute("COMMIT")
            finally:
                tables.rollback()  # nothing is left to roll back after a commit

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """What a SELECT finds; StoreFault when the file cannot be read."""
        with self._lock, self._translated():
            return list(self._opened().query(sql, list(values)))

    @contextmanager
    def reading(self) -> Iterator[sqlite_utils.Database]:
        """Several SELECTs that see the same moment."""
        with self._lock, self._translated():
            tables = self._opened()
            tables.execute("BEGIN")
            try:
                yield tables
            finally:
                tables.rollback()

    def check(self) -> None:
        """Read every page and every reference; StoreFault when something is broken. Takes time: on start."""
        with self._lock, self._translated():
            tables = self._opened()
            found = [row[0] for row in tables.execute("PRAGMA integrity_check")]
            orphans = tables.execute("PRAGMA foreign_key_check").fetchall()
        if found != ["ok"] or orphans:
            raise self._damaged()

    def copy_to(self, path: Path) -> None:
        """Write the database as it stands at one moment to a new file, page by page; writers are not held up."""
        with self._lock, self._translated():
            tables, target = self._opened(), sqlite3.connect(path)
            try:
                tables.conn.backup(target)
                target.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
            finally:
                target.close()

    def fold_log(self) -> None:
        """Write everything into the file itself and cut the log to nothing; StoreFault when somebody is in the way."""
        with self._lock, self._translated():
            busy, *_ = self._opened().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise self._fault("SQLITE_BUSY", "the log is being read")

    # --- opening ---------------------------------------------------------------------------------

    def _begun(self, *, durable: bool) -> sqlite_utils.Database:
        """The tables with a write transaction begun; of the file that is there once the lock is ours."""
        while True:
            tables = self._opened()
            tables.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            tables.execute("BEGIN IMMEDIATE")
            if not self._is_replaced():
                return tables
            tables.rollback()
            self.close()

    def _is_replaced(self) -> bool:
        """Whether another file lies where ours was: a backup was restored (integrity, backups)."""
        try:
            return self.path.stat().st_ino != self._inode
        except FileNotFoundError:
            return True

    def _opened(self) -> sqlite_utils.Database:
        if self._tables is not None and not self._tables.conn.in_transaction and self._is_replaced():
            self.close()
        if self._tables is None:
            tables = self._connect_to_read() if self._read_only else self._connect()
            try:
                self._refuse_unknown_steps(tables)
                self._migrate(tables)
            except BaseException:
                tables.close()
                raise
            self._inode = self.path.stat().st_ino
            self._tables = tables
        return self._tables

    def _connect(self) -> sqlite_utils.Database:
        self._refuse_emptied()
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Callers' words are nobody else's: SQLite gives the -wal and -shm files the mode of this one.
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        tables = self._wrapped(f"{self.path.absolute().as_uri()}?mode=rw")
        self._switch_to_wal(tables)
        tables.execute("PRAGMA synchronous=FULL")
        tables.execute("PRAGMA foreign_keys=ON")
        tables.execute(
            "PRAGMA secure_delete=ON"
        )  # what is deleted is gone from the file, not only from sight
        return tables

    def _refuse_emptied(self) -> None:
        """Nothing, where there is a backup of something: to begin anew would be to forget it all in silence."""
        is_empty = not self.path.exists() or self.path.stat().st_size == 0
        if is_empty and self.path.with_name(LAST_BACKUP).exists():
            raise self._damaged()

    def _switch_to_wal(self, tables: sqlite_utils.Database) -> None:
        """Put the file into WAL mode, one process after the other. SQLite does not wait for a lock here as it
        does everywhere else: of two that meet on a new file it refuses one at once, to avoid a deadlock."""
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            tables.execute("PRAGMA journal_mode=WAL")
        finally:
            os.close(folder)  # and the lock with it

    def _connect_to_read(self) -> sqlite_utils.Database:
        """A read-only connection; on a read-only disk SQLite must be told that nobody can be writing."""
        uri = f"{self.path.absolute().as_uri()}?mode=ro"
        tables = self._wrapped(uri)
        try:
            tables.execute("PRAGMA schema_version").fetchone()
        except sqlite3.OperationalError:
            tables.close()
            if self.path.with_name(f"{self.path.name}-wal").exists():
                raise
            tables = self._wrapped(f"{uri}&immutable=1")
        return tables

    def _wrapped(self, uri: str) -> sqlite_utils.Database:
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False, timeout=self._busy_ms / 1000)
        return sqlite_utils.Database(connection, execute_plugins=False)

    def _migrate(self, tables: sqlite_utils.Database) -> None:
        if not self._migrations.pending(tables):
            return
        if self._read_only:
            raise StoreFault(
                f"{self.path}: was made by an older release.",
                remedy="Start the appliance once; it converts it.",
            )
        tables.execute("BEGIN IMMEDIATE")  # two processes may start at once: the second finds nothing to do
        try:
            self._migrations.apply(tables)
            tables.execute("COMMIT")
        finally:
            tables.rollback()

    def _refuse_unknown_steps(self, tables: sqlite_utils.Database) -> None:
        if not self._steps.issuperset(step.name for step in self._migrations.applied(tables)):
            raise StoreFault(
                f"{self.path}: was made by a newer release.",
                remedy="Install that release, or restore a backup.",
            )

    # --- faults ----------------------------------------------------------------------------------

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError) as error:
            raise Misused(f"the tables were asked for what they do not allow: {error}") from error
        except sqlite3.Error as error:
            self.close()  # a connection opened on a read-only disk stays so; the next use opens afresh
            raise self._fault(getattr(error, "sqlite_errorname", ""), str(error)) from error
        except OSError as error:
            name = "SQLITE_FULL" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "SQLITE_CANTOPEN"
            raise self._fault(name, error.strerror or str(error)) from error

    def _fault(self, name: str, said: str) -> StoreFault:
        """The fault for an SQLite result code (https://www.sqlite.org/rescode.html)."""
        match name.split("_")[1:2]:
            case ["FULL"]:
                return StoreFault(
                    f"{self.path}: the disk is full.",
                    remedy="Free space, for example old recordings; what waits in memory is then written.",
                )
            case ["BUSY" | "LOCKED"]:
                return StoreFault(
                    f"{self.path}: another program keeps the database locked.",
                    remedy="Close database shells and backup tools that have it open.",
                )
            case ["READONLY" | "CANTOPEN" | "PERM" | "AUTH"]:
                return StoreFault(
                    f"{self.path}: cannot be opened or written ({said}).",
                    remedy="Mount the disk read-write and give the folder to the user the appliance runs as.",
                )
            case ["CORRUPT" | "NOTADB"]:
                with suppress(OSError):
                    self.path.with_name(self.path.name + DAMAGED).touch(mode=0o600)
                return self._damaged()
            case _:
                return StoreFault(
                    f"{self.path}: the disk refused ({said}).",
                    remedy="Look for disk errors and quotas (dmesg, smartctl, quota).",
                )

    def _damaged(self) -> StoreFault:
        return StoreFault(
            f"{self.path}: the database is damaged.",
            remedy="The box restores its last backup by itself; without upkeep, stop it and run"
            " `appliance restore latest`.",
        )
