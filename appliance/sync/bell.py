"""A bell at the sync process: whoever rings it has everything that waits tried now."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path
from typing import Final

SOCKET_NAME: Final = "sync.sock"
_RING: Final = b"now"


class Bell:
    """The bell of the process that sends; a Unix datagram socket in `run_directory`."""

    def __init__(self, run_directory: Path) -> None:
        self._path = run_directory / SOCKET_NAME
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path.unlink(missing_ok=True)  # of one that died: whoever hangs a bell holds the lease
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(str(self._path))
        self._path.chmod(0o600)

    def rung(self) -> bool:
        """Whether somebody has rung since the last look."""
        rung = False
        with contextlib.suppress(BlockingIOError):
            while True:
                rung = self._socket.recv(16) == _RING or rung
        return rung

    def close(self) -> None:
        """Nobody hears it any more."""
        self._socket.close()
        self._path.unlink(missing_ok=True)


def ring(run_directory: Path) -> bool:
    """Ring; whether anybody hears it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        try:
            line.sendto(_RING, str(run_directory / SOCKET_NAME))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
    return True
