"""The desk's mouth: a thread that has texts spoken and plays them, one after the other."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Protocol

from appliance.conversation.speakable import speakable
from appliance.engines.ports import Voice
from appliance.errors import EngineFault

_log = logging.getLogger(__name__)


class Player(Protocol):
    """What plays samples (engines.sound_card.SoundCard)."""

    @property
    def latency_s(self) -> float: ...
    def play(self, pcm: bytes) -> None: ...


class Mouth:
    """`say` and `play` return at once; `on_over` is called, in its thread, when what `say` was given was heard."""

    def __init__(self, voice: Voice, player: Player, region: str, on_over: Callable[[], None]) -> None:
        self._voice = voice
        self._player = player
        self._region = region
        self._on_over = on_over
        self._orders: SimpleQueue[str | bytes | None] = SimpleQueue()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="desk-mouth", daemon=True)
        self._thread.start()

    def say(self, text: str) -> None:
        """Speak `text`."""
        self._orders.put(text)

    def play(self, pcm: bytes) -> None:
        """Play a tone."""
        self._orders.put(pcm)

    def close(self) -> None:
        """End the thread after what it is at."""
        self._closing.set()
        self._orders.put(None)
        self._thread.join(5)

    def _run(self) -> None:
        while (order := self._orders.get()) is not None:
            try:
                self._carry_out(order)
            except EngineFault as fault:
                _log.error("desk cannot speak", extra={"code": fault.code, "reason": str(fault)})
            if isinstance(order, str):
                self._on_over()

    def _carry_out(self, order: str | bytes) -> None:
        if isinstance(order, bytes):
            self._player.play(order)
            return
        for piece in self._voice.speak(speakable(order, self._region)):
            if self._closing.is_set():
                return
            self._player.play(piece)
        self._closing.wait(self._player.latency_s)
