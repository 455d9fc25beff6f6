"""One forwarder at a time: a lock that the kernel lets go of when its holder dies, however it dies (flock(2))."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from appliance.errors import StoreFault

LOCK_NAME: Final = "sync.lock"
_LOOK_EVERY_S: Final = 1.0


class Lease:
    """The right to send what lies in one data directory; `run_directory` is where its sockets lie."""

    def __init__(self, run_directory: Path) -> None:
        self._path = run_directory / LOCK_NAME
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Take it, if nobody else has it. StoreFault: the folder cannot be written."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreFault(
                f"{self._path}: cannot be written ({error.strerror}).",
                remedy="Mount the disk read-write and give the folder to the user the appliance runs as.",
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor
        return True

    def is_taken(self) -> bool:
        """Whether somebody has it; looking leaves no trace."""
        try:
            descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def wait(self, stop: threading.Event, waiting: Callable[[int | None], None]) -> bool:
        """Take it as soon as its holder is gone; False when `stop` came first.

        `waiting` is told the holder's pid at each look, so that somebody says it.
        """
        while not self.take():
            waiting(self.holder())
            if stop.wait(_LOOK_EVERY_S):
                return False
        return True

    def holder(self) -> int | None:
        """The process that has it, or had it last."""
        try:
            said = self._path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return int(said) if said.isdecimal() else None

    def give_back(self) -> None:
        """Another may send. The file stays: removing it would let two processes lock two files of one name."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
