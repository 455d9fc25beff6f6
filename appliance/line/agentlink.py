"""Keeps the way to the agent open: dials its socket until somebody listens, and again when it is gone."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from appliance.errors import Misused
from appliance.link import BlockingLink, Packet, dial

_log = logging.getLogger(__name__)
_PAUSE_FIRST_S = 0.1
_PAUSE_MOST_S = 1.0


class AgentLink:
    """A thread that dials and reads. What it finds is handed to the three functions, in that thread."""

    def __init__(
        self,
        path: Path,
        *,
        on_came: Callable[[BlockingLink], None],
        on_packet: Callable[[Packet], None],
        on_went: Callable[[BlockingLink], None],
    ) -> None:
        self._path = path
        self._on_came = on_came
        self._on_packet = on_packet
        self._on_went = on_went
        self._stop = threading.Event()
        self._link: BlockingLink | None = None
        self._thread = threading.Thread(target=self._run, name="agent-link", daemon=True)

    def start(self) -> None:
        """Begin to dial."""
        self._thread.start()

    def close(self) -> None:
        """Hang up and end the thread."""
        self._stop.set()
        if link := self._link:
            link.close()
        self._thread.join(2)

    def _run(self) -> None:
        pause_s = _PAUSE_FIRST_S
        while not self._stop.is_set():
            try:
                link = BlockingLink(dial(self._path))
            except OSError:
                self._stop.wait(pause_s)
                pause_s = min(_PAUSE_MOST_S, pause_s * 2)
                continue
            pause_s = _PAUSE_FIRST_S
            self._serve(link)
            self._stop.wait(pause_s)  # one that closes at once must not keep us spinning

    def _serve(self, link: BlockingLink) -> None:
        self._link = link
        self._on_came(link)
        try:
            while not self._stop.is_set():
                self._read_one(link)
        except (EOFError, OSError):
            _log.info("agent link closed")
        finally:
            self._on_went(link)
            self._link = None
            link.close()

    def _read_one(self, link: BlockingLink) -> None:
        try:
            packet = link.receive()  # without a limit: a limit would make `send` wait as well
        except Misused:
            _log.error("packet from the agent does not decode")
            return
        if packet is not None:
            self._on_packet(packet)
