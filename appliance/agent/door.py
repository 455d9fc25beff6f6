"""The door through which the line process comes: open, or shut so that the line serves its callers alone."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from pathlib import Path

from appliance import link


class LineDoor:
    """Listens at `path` while it is open. Belongs to the event loop."""

    def __init__(self, path: Path, on_line: Callable[[socket.socket], None]) -> None:
        self._path = path
        self._on_line = on_line
        self._listener: socket.socket | None = None

    def open(self) -> None:
        """Let the line in; open already, nothing happens."""
        if self._listener is None:
            self._listener = link.listen(self._path)
            self._listener.setblocking(False)
            asyncio.get_running_loop().add_reader(self._listener.fileno(), self._accept)

    def shut(self) -> None:
        """Whoever knocks finds nobody."""
        listener, self._listener = self._listener, None
        if listener is not None:
            asyncio.get_running_loop().remove_reader(listener.fileno())
            listener.close()
            self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        if self._listener is not None:
            with contextlib.suppress(OSError):  # it knocked and went
                self._on_line(self._listener.accept()[0])
