"""The desk's way to the agent, through which it places calls: dialled when there is something to say."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from appliance.desk.words import CallEvent
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.errors import Misused
from appliance.link import BlockingLink, dial

_log = logging.getLogger(__name__)
ToAgent = do.DialColleague | do.PlayWaiting | do.JoinCalls | do.HangUp | do.SoundToSpeak


class AgentLink:
    """`send` dials the agent if need be. What it tells goes to `on_event`, its end to `on_lost`, in another thread."""

    def __init__(
        self, path: Path, on_event: Callable[[CallEvent], None], on_lost: Callable[[], None]
    ) -> None:
        self._path = path
        self._on_event = on_event
        self._on_lost = on_lost
        self._lock = threading.Lock()
        self._link: BlockingLink | None = None

    def send(self, command: ToAgent) -> bool:
        """Have the agent order it of the line; False when there is no agent."""
        with self._lock:
            try:
                link = self._link or self._dial()
                link.send(command)
            except OSError:
                return False
        return True

    def close(self) -> None:
        """Hang up."""
        with self._lock:
            if self._link is not None:
                self._link.close()

    def _dial(self) -> BlockingLink:
        link = self._link = BlockingLink(dial(self._path))
        threading.Thread(target=self._read, args=(link,), name="desk-agent", daemon=True).start()
        return link

    def _read(self, link: BlockingLink) -> None:
        try:
            while True:
                self._read_one(link)
        except (EOFError, OSError):
            _log.info("agent link closed")
        with self._lock:
            if self._link is link:
                self._link = None
        link.close()
        self._on_lost()

    def _read_one(self, link: BlockingLink) -> None:
        try:
            packet = link.receive()
        except Misused:
            _log.error("packet from the agent does not decode")
            return
        if isinstance(packet, ev.ColleagueRings | ev.ColleagueAnswered | ev.ColleagueGone | ev.CallsJoined):
            self._on_event(packet)
