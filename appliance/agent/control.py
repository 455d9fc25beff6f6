"""Orders to a running box from its own command line: one question, one answer, JSON over a Unix socket.

    {"do": "show"}                      -> {"level": "full", "because": [], "forced": false, "calls": 0}
    {"do": "force", "level": "keys"}    -> the same, as it stands then; level null: as the parts say
    anything else                       -> {"error": "..."}

The socket belongs to the box's own user only.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from appliance import link
from appliance.conversation.degradation import Level, Standing

SOCKET: Final = "control.sock"
_REQUEST_BYTES_MAX: Final = 4096
_PATIENCE_S: Final = 5.0


class Control:
    """Answers whoever asks. `show` tells the standing and the number of calls, `force` sets a level by hand."""

    def __init__(
        self,
        path: Path,
        show: Callable[[], tuple[Standing, int]],
        force: Callable[[Level | None], Standing],
    ) -> None:
        self._show = show
        self._force = force
        self._listener = link.listen(path)
        self._listener.setblocking(False)

    async def run(self) -> None:
        """Answer, one after the other, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            asking, _ = await loop.sock_accept(self._listener)
            asking.setblocking(False)
            with asking, contextlib.suppress(OSError, TimeoutError):
                await self._answer(loop, asking)

    async def _answer(self, loop: asyncio.AbstractEventLoop, asking: socket.socket) -> None:
        async with asyncio.timeout(_PATIENCE_S):
            request = await loop.sock_recv(asking, _REQUEST_BYTES_MAX)
            await loop.sock_sendall(asking, json.dumps(self.answer(request)).encode())

    def answer(self, request: bytes) -> dict[str, Any]:
        """What to say to a request."""
        try:
            asked = json.loads(request)
        except ValueError:
            return {"error": "not JSON"}
        match asked:
            case {"do": "show"}:
                pass
            case {"do": "force", "level": None}:
                self._force(None)
            case {"do": "force", "level": str(word)} if (level := Level.named(word)) is not None:
                self._force(level)
            case _:
                return {"error": "unknown request"}
        standing, calls = self._show()
        return {
            "level": standing.level.word,
            "because": list(standing.because),
            "forced": standing.forced,
            "calls": calls,
        }

    def close(self) -> None:
        """No more questions."""
        self._listener.close()
