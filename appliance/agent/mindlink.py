"""The agent's line to the mind process: dialled again whenever it is lost; nobody waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from appliance import link
from appliance.domain.commands import AskModel, MindCommand
from appliance.domain.events import MindReady, ReplyEnded, ReplySentence

_log = logging.getLogger(__name__)
_REDIAL_S = 0.5


class MindLink:
    """Sends orders, hands on what comes back. Without a mind, `send` drops orders and says so by False."""

    def __init__(
        self,
        path: Path,
        *,
        on_reply: Callable[[ReplySentence | ReplyEnded], None],
        on_state: Callable[[bool], None],
    ) -> None:
        self._path = path
        self._on_reply = on_reply
        self._on_state = on_state
        self._link: link.AsyncLink | None = None
        self._lost = asyncio.Event()
        self.model = ""
        self.rests = False
        """Set while the mind is too slow to be asked: callers are told at once instead of waiting for it."""

    @property
    def is_up(self) -> bool:
        """Whether a mind with a loaded model listens, and is asked."""
        return self._is_there and not self.rests

    @property
    def _is_there(self) -> bool:
        return self._link is not None and bool(self.model)

    def send(self, command: MindCommand) -> bool:
        """Send `command`; False when there is no mind. One that rests is asked nothing."""
        return not (self.rests and isinstance(command, AskModel)) and self.try_out(command)

    def try_out(self, command: MindCommand) -> bool:
        """Send `command` even to a mind that rests; False when there is none."""
        if self._link is None or not self._is_there:
            return False
        self._link.send(command)
        return True

    async def run(self) -> None:
        """Keep the line up until cancelled."""
        while True:
            if not self._dial():
                await asyncio.sleep(_REDIAL_S)
                continue
            await self._lost.wait()
            self._lost.clear()
            self._link, self.model = None, ""
            _log.warning("mind lost")
            self._on_state(False)

    def _dial(self) -> bool:
        try:
            sock = link.dial(self._path)
        except OSError:
            return False
        self._link = link.AsyncLink(sock, self._packet, self._lost.set)
        return True

    def _packet(self, packet: link.Packet) -> None:
        match packet:
            case MindReady(model=model):
                self.model = model
                self._on_state(True)
            case ReplySentence() | ReplyEnded():
                self._on_reply(packet)
            case _:
                _log.error("unexpected packet from the mind", extra={"packet": type(packet).__name__})

    def close(self) -> None:
        """Hang up."""
        if self._link is not None:
            self._link.close()
