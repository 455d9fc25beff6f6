"""One box, one data directory: a second `appliance run` on it is refused, with the first one's pid."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from appliance.errors import AlreadyRunning, StoreFault

LOCK_NAME = "appliance.lock"


@contextlib.contextmanager
def single_instance(run_directory: Path) -> Iterator[None]:
    """Hold `run_directory` while the block runs. AlreadyRunning names who holds it; StoreFault: not writable.

    The kernel lets go of the lock (flock(2)) when its holder dies, however it dies. The file stays: removing
    it would let two processes lock two files of the same name.
    """
    path = run_directory / LOCK_NAME
    descriptor = _open(path)
    try:
        _lock(descriptor, path)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreFault(
            f"{path}: cannot be written ({error.strerror}).",
            remedy="Make the folder writable, or name another with store.directory or --home.",
        ) from error


def _lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
        raise AlreadyRunning(
            f"{path.parent.parent}: an appliance is already running here (pid {holder}).",
            remedy=f"Stop it with `kill {holder}`, or give this one a folder of its own with --home.",
        ) from error
