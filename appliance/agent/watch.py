"""What goes on, for whoever watches: the demo, the TUI. JSON lines over a Unix socket, one a packet.

Watching costs the call nothing: a watcher that does not keep up misses lines. People's words are in these
lines, so the socket belongs to the box's own user only.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from pathlib import Path

from appliance import link


class Watchers:
    """Everyone who looks on. The door is open from the start: whoever is told "ready" may knock."""

    def __init__(self, path: Path) -> None:
        self._listener = link.listen(path)
        self._listener.setblocking(False)
        self._watching: list[socket.socket] = []

    async def run(self) -> None:
        """Let watchers in until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            watcher, _ = await loop.sock_accept(self._listener)
            watcher.setblocking(False)
            self._watching.append(watcher)

    def tell(self, kind: str, **fields: object) -> None:
        """Send one line to each; those that are gone are forgotten."""
        if not self._watching:
            return
        line = json.dumps({"kind": kind, **fields}, default=str).encode()
        for watcher in list(self._watching):
            try:
                watcher.send(line, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
            except BlockingIOError:
                continue
            except OSError:
                self._watching.remove(watcher)
                watcher.close()

    def close(self) -> None:
        """Send everybody home."""
        self._listener.close()
        for watcher in self._watching:
            with contextlib.suppress(OSError):
                watcher.close()
