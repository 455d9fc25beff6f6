"""An agent without a mind: a real Unix socket, answers what rings, keeps every packet, obeys the test."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from appliance.domain.commands import AnswerCall, LineCommand, SoundToSpeak
from appliance.domain.events import CallOffered
from appliance.domain.sound import FRAME_BYTES
from appliance.link import BlockingLink, Packet, listen

P = TypeVar("P")


class ScriptedAgent:
    """Listens at `path` from the first moment. `answers` takes every call; `says` is played at the answer.

    `on_packet` is told of every packet at once, in the agent's thread.
    """

    def __init__(
        self,
        path: Path,
        *,
        answers: bool = True,
        says: bytes = b"",
        on_packet: Callable[[Packet], None] = lambda _: None,
    ) -> None:
        self._on_packet = on_packet
        self.answers = answers
        self.says = says
        self.packets: list[Packet] = []
        self._changed = threading.Condition()
        self._link: BlockingLink | None = None
        self._listener = listen(path)
        self._listener.settimeout(0.1)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def __enter__(self) -> ScriptedAgent:
        return self

    def __exit__(self, *_: object) -> None:
        self.die()

    def die(self) -> None:
        """Gone, listener and all, as a killed process."""
        self._stop.set()
        if self._link is not None:
            self._link.close()
        self._thread.join(5)
        self._listener.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            with contextlib.suppress(TimeoutError, EOFError, OSError):
                sock, _ = self._listener.accept()
                sock.settimeout(None)
                self._link = BlockingLink(sock)
                self._read(self._link)

    def _read(self, link: BlockingLink) -> None:
        while True:
            packet = link.receive()
            assert packet is not None
            if isinstance(packet, CallOffered) and self.answers:
                self._answer(packet)
            self._on_packet(packet)
            with self._changed:
                self.packets.append(packet)
                self._changed.notify_all()

    def _answer(self, offered: CallOffered) -> None:
        if not offered.resumed:
            self.send(AnswerCall(offered.call_id))
        if self.says:
            self.speak(offered.call_id, 1, self.says)

    def send(self, command: LineCommand) -> None:
        """One command to the line."""
        assert self._link is not None
        self._link.send(command)

    def speak(self, call_id: str, speech: int, pcm: bytes) -> None:
        """A whole speech in pieces of half a second."""
        piece_bytes = 25 * FRAME_BYTES
        for at in range(0, len(pcm), piece_bytes):
            piece = pcm[at : at + piece_bytes]
            self.send(SoundToSpeak(call_id, speech, piece, last=at + piece_bytes >= len(pcm)))

    def wait_for(
        self, kind: type[P], wanted: Callable[[P], bool] = lambda _: True, limit_s: float = 20.0
    ) -> P:
        """The first packet of this kind that is wanted; fails the test when none comes."""

        def found() -> P | None:
            return next((one for one in self.packets if isinstance(one, kind) and wanted(one)), None)

        with self._changed:
            self._changed.wait_for(lambda: found() is not None, limit_s)
            packet = found()
        assert packet is not None, (
            f"no {kind.__name__}; came: {sorted({type(p).__name__ for p in self.packets})}"
        )
        return packet

    def all(self, kind: type[P]) -> list[P]:
        """Every packet of this kind so far."""
        with self._changed:
            return [one for one in self.packets if isinstance(one, kind)]
