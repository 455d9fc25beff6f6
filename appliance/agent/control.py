"""Orders to a running box from its own command line: one question, one answer, JSON over a Unix socket.

    {"do": "show"}                      -> {"level": "full", "because": [], "forced": false, "calls": 0}
    {"do": "force", "level": "keys"}    -> the same, as it stands then; level null: as the parts say
    {"do": "look"}                      -> the same, and more of the agent, its engines and each call (agent/sight.py)
    {"do": "hang_up", "call_id": "..."} -> {"done": true}; of a call that is over: {"error": "..."}
    {"do": "transfer", "call_id": "...", "to": "12"}, {"do": "take_over", ...}: the same (agent/by_hand.py)
    anything else                       -> {"error": "..."}

The socket belongs to the box's own user only.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from appliance import link
from appliance.agent.asked import answer_each
from appliance.agent.by_hand import Order, order_of
from appliance.conversation.degradation import Level, Standing

SOCKET: Final = "control.sock"
_REQUEST_BYTES_MAX: Final = 4096
_PATIENCE_S: Final = 5.0
_ORDERS: Final = frozenset({"hang_up", "transfer", "take_over"})


class Control:
    """Answers whoever asks. `show` tells the standing and the number of calls, `force` sets a level by hand.

    `look` tells everything else that can be seen, `order` does something to a call and says what is against it.
    """

    def __init__(
        self,
        path: Path,
        show: Callable[[], tuple[Standing, int]],
        force: Callable[[Level | None], Standing],
        look: Callable[[], dict[str, Any]] = dict,
        order: Callable[[Order], str] = lambda _: "there are no calls",
    ) -> None:
        self._show = show
        self._force = force
        self._look = look
        self._order = order
        self._listener = link.listen(path)
        self._listener.setblocking(False)

    async def run(self) -> None:
        """Answer, one after the other, until cancelled."""
        await answer_each(self._listener, self._answer, _PATIENCE_S)

    async def _answer(self, loop: asyncio.AbstractEventLoop, asking: socket.socket) -> None:
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
            case {"do": "look"}:
                return {**self._standing(), **self._look()}
            case {"do": str(word), "call_id": str(call_id), **more} if word in _ORDERS:
                return self._ordered(order_of(word, call_id, str(more.get("to", ""))))
            case {"do": "force", "level": None}:
                self._force(None)
            case {"do": "force", "level": str(word)} if (level := Level.named(word)) is not None:
                self._force(level)
            case _:
                return {"error": "unknown request"}
        return self._standing()

    def _ordered(self, order: Order | None) -> dict[str, Any]:
        against = "that is no extension" if order is None else self._order(order)
        return {"error": against} if against else {"done": True}

    def _standing(self) -> dict[str, Any]:
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
