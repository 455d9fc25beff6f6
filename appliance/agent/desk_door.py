"""The door through which the desk places calls: its orders go to the line, what becomes of them comes back.

The desk calls nobody but by legs of its own: names that begin with MARK, never those of a caller's call. Its end, or
the line's, is the end of what nobody has joined yet.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

from appliance import link
from appliance.agent.connecting import FromLine, owner_of
from appliance.domain import commands as do
from appliance.domain import events as ev

_log = logging.getLogger(__name__)
SOCKET: Final = "desk.sock"
MARK: Final = "desk-"
NO_LINE: Final = 503
Order = do.DialColleague | do.PlayWaiting | do.JoinCalls | do.HangUp | do.SoundToSpeak


class DeskDoor:
    """Listens at `path`; `order` has the line do something and says whether there is one. Of the event loop."""

    def __init__(self, path: Path, order: Callable[[do.LineCommand], bool]) -> None:
        self._path = path
        self._order = order
        self._desk: link.AsyncLink | None = None
        self._legs: dict[str, str] = {}  # not joined yet: whose they are
        self._listener = link.listen(path)
        self._listener.setblocking(False)
        asyncio.get_running_loop().add_reader(self._listener.fileno(), self._accept)

    def close(self) -> None:
        """Nobody is let in any more."""
        asyncio.get_running_loop().remove_reader(self._listener.fileno())
        self._listener.close()
        self._path.unlink(missing_ok=True)
        if self._desk is not None:
            self._desk.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # it knocked and went
            sock = self._listener.accept()[0]
            if self._desk is not None:
                self._desk.close()
            self._desk = link.AsyncLink(sock, self._ordered, self._desk_went)

    # --- from the desk --------------------------------------------------------------------------

    def _ordered(self, packet: link.Packet) -> None:
        if not isinstance(packet, Order) or not owner_of(packet.call_id).startswith(MARK):
            _log.error("unexpected packet from the desk", extra={"packet": type(packet).__name__})
            return
        if isinstance(packet, do.DialColleague):
            self._legs[packet.leg_id] = packet.call_id
        if not self._order(packet) and isinstance(packet, do.DialColleague):
            self.tell(ev.ColleagueGone(packet.call_id, packet.leg_id, NO_LINE))

    def _desk_went(self) -> None:
        self._desk = None
        for leg_id in self._legs:
            self._order(do.HangUp(leg_id))
        self._legs.clear()

    # --- from the line --------------------------------------------------------------------------

    def tell(self, packet: FromLine) -> None:
        """Something of a leg that no caller's call knows; the sound of a telephone goes no further."""
        match packet:
            case ev.ColleagueGone(leg_id=leg_id):
                self._legs.pop(leg_id, None)
            case ev.CallsJoined(call_id=call_id, leg_id=leg_id):
                self._legs.pop(call_id, None)
                self._legs.pop(leg_id, None)
            case ev.ColleagueRings() | ev.ColleagueAnswered():
                pass
            case _:
                return
        if self._desk is not None and owner_of(packet.call_id).startswith(MARK):
            self._desk.send(packet)

    def line_lost(self) -> None:
        """The line died, and every leg with it."""
        for leg_id, call_id in list(self._legs.items()):
            self.tell(ev.ColleagueGone(call_id, leg_id, NO_LINE))
