"""Putting another file in the database's place: at no moment is there none, and nothing of the old one is lost.

A write-ahead log belongs to the file beside which it was written; SQLite would play it into any other. So the old
one is folded in or moved away first. Whoever has the old file open notices (Database) and opens the new one.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import sqlite3
import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from appliance.errors import AlreadyRunning, StoreFault

ASIDE: Final = "set_aside"
"""The folder, beside the database, of files that were replaced."""
_SHARED_FIRST: Final = 0x40000002  # the bytes SQLite locks (sqlite3.c, PENDING_BYTE + 2, SHARED_SIZE)
_SHARED_COUNT: Final = 510
_FLOCK: Final = "hhqqi4x"


def refuse_while_open(path: Path) -> None:
    """AlreadyRunning when another process has the database open."""
    pid = _holder(path)
    if pid is not None:
        raise AlreadyRunning(
            f"{path}: is in use (pid {pid}).",
            remedy="Stop the appliance first: `systemctl stop attendant.target`, or end `appliance run`.",
        )


def _holder(path: Path) -> int | None:
    """The process that has `path` open as SQLite opens a database: it holds a lock on some of these bytes."""
    if not path.exists():
        return None
    with path.open("rb+") as file:
        asked = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, _SHARED_FIRST, _SHARED_COUNT, 0)
        kind, _, _, _, pid = struct.unpack(_FLOCK, fcntl.fcntl(file, fcntl.F_GETLK, asked))
    return None if kind == fcntl.F_UNLCK else int(pid)


@contextlib.contextmanager
def writers_kept_out(path: Path) -> Iterator[None]:
    """Nobody writes to the database meanwhile, if it is whole enough that anybody could; then nobody can."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=10)
    try:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("BEGIN IMMEDIATE")
        yield
    finally:
        connection.close()


def put_in_place(new: Path, path: Path, now: datetime) -> Path | None:
    """`new` becomes `path`; where the old file lies now, None when there was none. StoreFault.

    A kill at any moment leaves the old file or the new one in place, and the old one set aside as well.
    """
    aside = _free_name(path.parent / ASIDE, f"{path.stem}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}", path.suffix)
    try:
        sync_file(new)
        with _openers_kept_out(path.parent):
            kept = _keep(path, aside)
            os.replace(new, path)  # noqa: PTH105  atomic (rename(2)): the one step that matters
            sync_folder(path.parent)
    except OSError as error:
        raise disk_fault(path, error) from error
    return kept


def _free_name(folder: Path, stem: str, suffix: str) -> Path:
    """Two in one second, or after the clock was set back, are two."""
    names = (folder / f"{stem}{again}{suffix}" for again in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(name for name in names if not name.exists())


def _keep(path: Path, aside: Path) -> Path | None:
    """A second name for the old file, and its log moved beside that name."""
    if not path.exists():
        return None
    aside.parent.mkdir(mode=0o700, exist_ok=True)
    os.link(path, aside)
    for suffix in ("-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    return aside


@contextlib.contextmanager
def _openers_kept_out(folder: Path) -> Iterator[None]:
    """Nobody opens a database in `folder` to write meanwhile: Database takes the same lock."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def sync_file(path: Path) -> None:
    """The file is on disk afterwards."""
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """The names in the folder are on disk afterwards."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def disk_fault(path: Path, error: OSError) -> StoreFault:
    """What the disk said about `path`, and what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreFault(f"{path}: the disk is full.", remedy="Free space, or choose another disk.")
    return StoreFault(
        f"{path}: cannot be written ({error.strerror}).",
        remedy="Look whether the disk is mounted read-write and belongs to the user the appliance runs as.",
    )
