"""Is the database whole, and what to do when it is not: the last good backup, and all that can still be read.

The damaged file is set aside untouched. From a copy of it every row that SQLite can read is carried over the
backup, the newer row winning; a table that could be read to its end also says what was removed since. What was on
damaged pages only is lost from the moment of the backup on, and the report says so. A row of the outbox that a
backup brings back may have been sent before: its idempotency key lets the receiver know it again.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from appliance.clock import Clock
from appliance.errors import StoreFault
from appliance.store.backups import Backup, Backups, rows_of
from appliance.store.database import LAST_BACKUP, Database
from appliance.store.erasures import Erasures
from appliance.store.replacing import ASIDE, disk_fault, put_in_place, refuse_while_open, writers_kept_out
from appliance.store.salvage import Salvaged, salvage

_PROBLEMS_MAX: Final = 20
_WAL_MAGIC: Final = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")  # https://www.sqlite.org/fileformat2.html, 4.1


@dataclass(frozen=True, slots=True)
class Healed:
    """What was done about a damaged database, for people to read.

    `problems` in SQLite's words; `aside`: where the damaged file lies; `backup`: what was restored, None: nothing
    was there to restore; `salvaged`: what of each table was read from the damaged file.
    """

    problems: tuple[str, ...]
    aside: Path | None
    backup: Backup | None
    salvaged: dict[str, Salvaged] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[str, ...]:
        """The tables that could not be read to their end: what they were given since the backup may be missing."""
        return tuple(sorted(name for name, one in self.salvaged.items() if not one.whole))


def problems_of(path: Path, *, thorough: bool) -> tuple[str, ...]:
    """What is wrong with the database file, in words; empty: nothing. `thorough` compares indexes as well.

    A file that is not there is no problem unless there was a backup of it. StoreFault when it cannot be looked at.
    """
    if not path.exists() or path.stat().st_size == 0:
        return ("the file is gone or empty",) if path.with_name(LAST_BACKUP).exists() else ()
    check = "integrity_check" if thorough else "quick_check"
    try:
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as tables:
            found = [str(row[0]) for row in tables.execute(f"PRAGMA {check}({_PROBLEMS_MAX})")]
            orphans = tables.execute("PRAGMA foreign_key_check").fetchmany(1) if thorough else []
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname.startswith(
            "SQLITE_IOERR"
        ):  # a sector of the disk is gone, and what was on it
            return (str(error),)
        raise StoreFault(
            f"{path}: cannot be looked at ({error}).", remedy="Look whether the disk answers (dmesg)."
        ) from error
    except sqlite3.DatabaseError as error:
        return (str(error),)
    told = () if found == ["ok"] else tuple(found)
    return (*told, "rows refer to rows that are not there") if orphans else told


def keep_broken_log(path: Path, now: datetime) -> Path | None:
    """Before the database is opened: a copy of its write-ahead log if that begins with garbage.

    SQLite takes such a log for an empty one and begins it anew: what was in it alone, the last changes before the
    box stopped, is lost. None: all is well.
    """
    log = path.with_name(f"{path.name}-wal")
    try:
        with log.open("rb") as file:
            if (head := file.read(4)) in _WAL_MAGIC or not head.strip(b"\0"):
                return None
        aside = path.parent / ASIDE / f"{path.stem}-{now:%Y%m%dT%H%M%S%f}.broken-wal"
        aside.parent.mkdir(mode=0o700, exist_ok=True)
        shutil.copyfile(log, aside)
    except OSError:
        return None
    return aside


def restore(path: Path, backups: Backups, backup: Backup, clock: Clock) -> Path | None:
    """Put `backup` in the place of the database while nothing runs; where the replaced file lies now.

    An older release's tables are brought up to date, and people who were erased since are erased again.
    AlreadyRunning, StoreFault; whatever stops it, the old file or the new one is in place.
    """
    refuse_while_open(path)
    if (fault := backups.fault_of(backup)) is not None:
        raise StoreFault(
            f"{backups.path_of(backup)}: {fault}.", remedy="`appliance backup list` shows others."
        )
    with _workshop(path) as new:
        _copy(backups.path_of(backup), new)
        _finish(new, path, backups, clock)
        _fold_log(path)
        return put_in_place(new, path, clock.now())


def heal(path: Path, backups: Backups, clock: Clock, problems: tuple[str, ...]) -> Healed:
    """Replace a damaged database by the last good backup and all that can be read of the damaged one.

    Others may have it open: writers wait meanwhile, and open the new file afterwards (Database). StoreFault.
    """
    backup = backups.newest_good()
    with _workshop(path) as new, contextlib.ExitStack() as held:
        if path.exists():
            held.enter_context(writers_kept_out(path))
        if backup is not None:
            _copy(backups.path_of(backup), new)
        with Database(new) as database:  # makes the tables where no backup brought them
            database.open()
        read = salvage(path, new, backups.path_of(backup) if backup else None)
        _finish(new, path, backups, clock)
        aside = put_in_place(new, path, clock.now())
    return Healed(problems, aside, backup, read)


def _finish(new: Path, path: Path, backups: Backups, clock: Clock) -> None:
    """Tables of today, nobody in it who was erased, every page whole, one file."""
    with Database(new) as database:
        database.open()
        Erasures(path.parent, (backups.folder,)).repeat(database, clock.now())
    _fold_log(new)
    rows_of(new)


def _fold_log(path: Path) -> None:
    """Everything in the file itself; a file that is damaged stays as it is."""
    if path.exists():
        with (
            contextlib.suppress(sqlite3.Error),
            contextlib.closing(sqlite3.connect(path, isolation_level=None)) as tables,
        ):
            tables.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextlib.contextmanager
def _workshop(path: Path) -> Iterator[Path]:
    """A name for the new file, beside the old one; whatever is left of it goes."""
    new = path.with_name(f".{path.name}.new")
    _remove(new)
    try:
        yield new
    finally:
        _remove(new)


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    try:
        os.close(os.open(target, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
        shutil.copyfile(source, target)
    except OSError as error:
        raise disk_fault(target, error) from error
