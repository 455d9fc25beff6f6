"""The mind process at work: clients come over a Unix socket, one thread owns the model.

A reader thread for each client puts what arrives into one inbox; the owner takes from it, lets the model make
a step, and sends what came of it. Only `cancel` goes to the model past the inbox, so that it stops at once.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from appliance import link
from appliance.clock import Clock, SystemClock
from appliance.domain.commands import AskModel, CancelAsk, PreparePrefix
from appliance.domain.events import MindReady
from appliance.engines.ports import LanguageModel
from appliance.errors import Misused
from appliance.mind.asks import Asks, ForClient, conversation_name, request_name

_log = logging.getLogger(__name__)

_ALIVE_EVERY_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class _Arrival:
    """Something a client did: connected (`link` set), sent a packet, or left (neither)."""

    client: int
    at_s: float
    packet: link.Packet | None = None
    link: link.BlockingLink | None = None


def run(
    model: LanguageModel,
    socket_path: Path,
    stop: threading.Event,
    on_ready: Callable[[], None],
    alive: Callable[[], None],
    *,
    clock: Clock | None = None,
) -> None:
    """Answer clients on `socket_path` until `stop`. `alive` is called about once a second, idle or not.

    EngineFault from the model passes through: the process ends, its clients see the end of the stream and
    do without, and whoever supervises starts it again.
    """
    service = _Service(model, clock or SystemClock())
    with contextlib.closing(_Door(socket_path, service.arrived, service.clock)) as door:
        on_ready()
        service.work(stop, alive)
        service.hang_up()
    _log.info("mind stopped", extra={"clients": door.clients})


class _Door:
    """Lets clients in: a thread that accepts, and one for each client that reads."""

    def __init__(self, path: Path, arrived: Callable[[_Arrival], None], clock: Clock) -> None:
        self._path = path
        self._arrived = arrived
        self._clock = clock
        self._listener = link.listen(path)
        self.clients = 0
        self._thread = threading.Thread(target=self._accept, name="mind-door", daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        for client in count(1):
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return  # closed
            self.clients = client
            threading.Thread(
                target=self._read, args=(client, sock), name=f"mind-client-{client}", daemon=True
            ).start()

    def _read(self, client: int, sock: socket.socket) -> None:
        line = link.BlockingLink(sock)
        self._arrived(_Arrival(client, self._clock.monotonic_s(), link=line))
        while True:
            try:
                packet = line.receive()
            except Misused:
                _log.exception("client speaks no language of ours")
                packet = None
            except (EOFError, OSError):
                packet = None
            self._arrived(_Arrival(client, self._clock.monotonic_s(), packet))
            if packet is None:
                return

    def close(self) -> None:
        """Nobody else comes in."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._listener.close()
        self._thread.join()
        self._path.unlink(missing_ok=True)


class _Service:
    """The model, the clients' links and the asks between them, all owned by one thread."""

    def __init__(self, model: LanguageModel, clock: Clock) -> None:
        self.clock = clock
        self._model = model
        self._inbox: queue.SimpleQueue[_Arrival] = queue.SimpleQueue()
        self._links: dict[int, link.BlockingLink] = {}
        self._asks = Asks()

    def arrived(self, arrival: _Arrival) -> None:
        """Called by the readers."""
        self._inbox.put(arrival)
        if isinstance(arrival.packet, CancelAsk):
            packet = arrival.packet
            self._model.cancel(request_name(arrival.client, packet.call_id, packet.ask))

    def work(self, stop: threading.Event, alive: Callable[[], None]) -> None:
        """Until `stop`: take what arrived, advance the model, send what came of it."""
        alive_at_s = self.clock.monotonic_s()
        while not stop.is_set():
            self._take_arrivals()
            if self._model.busy:
                self._step()
            self._give_up_late()
            self._flush()
            if self.clock.monotonic_s() >= alive_at_s:
                alive()
                self._forget_idle_calls()
                alive_at_s = self.clock.monotonic_s() + _ALIVE_EVERY_S

    def _take_arrivals(self) -> None:
        """All that waits; without work, wait for the next arrival or for the time to be alive again."""
        with contextlib.suppress(queue.Empty):
            if not self._model.busy:
                self._take(self._inbox.get(timeout=_ALIVE_EVERY_S))
            while True:
                self._take(self._inbox.get_nowait())

    def _take(self, arrival: _Arrival) -> None:
        client = arrival.client
        match arrival.packet:
            case None if arrival.link is not None:
                self._welcome(client, arrival.link)
            case None:
                self._forget(client)
            case AskModel() as order:
                self._ask(client, order, arrival.at_s)
            case CancelAsk(call_id, ask):
                self._model.cancel(request_name(client, call_id, ask))
            case PreparePrefix(system):
                self._model.prepare(system)
            case other:
                _log.error("packet not for the mind", extra={"packet": type(other).__name__})

    def _welcome(self, client: int, line: link.BlockingLink) -> None:
        self._links[client] = line
        self._send_to(client, MindReady(self._model.name, self._model.version))

    def _ask(self, client: int, order: AskModel, at_s: float) -> None:
        if name := self._asks.add(client, order, at_s):
            self._model.begin(
                name,
                order.system,
                order.prompt,
                order.max_tokens,
                conversation=conversation_name(client, order.call_id),
                tools=order.tools,
            )

    def _forget(self, client: int) -> None:
        self._cancel(self._asks.gone(client))
        if line := self._links.pop(client, None):
            line.close()

    def _cancel(self, names: Iterable[str]) -> None:
        for name in names:
            self._model.cancel(name)

    def _step(self) -> None:
        pieces = self._model.step()
        now_s = self.clock.monotonic_s()
        for piece in pieces:
            self._send(self._asks.take(piece, now_s))

    def _forget_idle_calls(self) -> None:
        for conversation in self._asks.idle(self.clock.monotonic_s()):
            self._model.leave(conversation)

    def _give_up_late(self) -> None:
        names, packets = self._asks.late(self.clock.monotonic_s())
        self._cancel(names)
        self._send(packets)

    def _send(self, packets: Iterable[ForClient]) -> None:
        for one in packets:
            self._send_to(one.client, one.packet)

    def _send_to(self, client: int, packet: link.Packet) -> None:
        line = self._links.get(client)
        if line is None:
            return
        try:
            line.send(packet)
        except OSError:
            self._forget(client)

    def _flush(self) -> None:
        for client, line in list(self._links.items()):
            try:
                line.flush()
            except OSError:
                self._forget(client)

    def hang_up(self) -> None:
        """Close every client's line; they see the end of the stream."""
        for line in self._links.values():
            line.close()
        self._links.clear()
