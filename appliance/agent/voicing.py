"""The sound of sentences, made in worker threads, some of it before it is ordered.

A sentence that may be said soon is prepared; when it is said, its sound is taken over as far as it has come.
Sentences nobody said give way to newer ones.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Executor

from appliance.conversation.speakable import speakable
from appliance.engines.ports import Voice
from appliance.errors import ApplianceError

_log = logging.getLogger(__name__)
_PREPARED_MAX = 6


class Making:
    """The sound of one text, growing. `is_ready` once there is something to play, or nothing to come."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._wanted = True  # read by the worker between two pieces
        self._pieces: list[bytes] = []
        self._whole = False
        self._grown = asyncio.Event()

    @property
    def is_ready(self) -> bool:
        """Whether whoever takes it now need not wait."""
        return bool(self._pieces) or self._whole

    def is_wanted(self) -> bool:
        """Whether to go on making it."""
        return self._wanted

    async def sound(self) -> AsyncIterator[bytes]:
        """Every piece from the first, as they come."""
        at = 0
        while True:
            while at < len(self._pieces):
                yield self._pieces[at]
                at += 1
            if self._whole:
                return
            self._grown.clear()
            await self._grown.wait()

    def abandon(self) -> None:
        """Nobody wants it any more: whoever waits for more gets no more."""
        self._wanted = False
        self._pieces.clear()
        self.grow(None)

    def grow(self, pcm: bytes | None) -> None:
        """One more piece; None when that was all. Belongs to the event loop."""
        if pcm is None:
            self._whole = True
        elif pcm:
            self._pieces.append(pcm)
        self._grown.set()


class Voicing:
    """One call's supply of sound. All methods belong to the event loop."""

    def __init__(self, call_id: str, voice: Voice, workers: Executor) -> None:
        self._call_id = call_id
        self._voice = voice
        self._workers = workers
        self._loop = asyncio.get_running_loop()
        self._prepared: dict[str, Making] = {}

    def prepare(self, texts: Sequence[str]) -> None:
        """These may be said soon. The oldest guesses give way."""
        for text in texts:
            making = self._prepared.pop(text, None) or self._make(text)
            self._prepared[text] = making  # the newest stands last
        for old in list(self._prepared)[:-_PREPARED_MAX]:
            self._prepared.pop(old).abandon()

    def close(self) -> None:
        """The call is over; what is being made need not be finished."""
        for making in self._prepared.values():
            making.abandon()
        self._prepared.clear()

    def take(self, text: str) -> Making:
        """The sound of `text`, prepared or begun now; it is the taker's from here on."""
        return self._prepared.pop(text, None) or self._make(text)

    def _make(self, text: str) -> Making:
        making = Making(text)
        self._workers.submit(self._work, making)
        return making

    def _work(self, making: Making) -> None:
        """In a worker thread."""
        try:
            if making.is_wanted():
                for pcm in self._voice.speak(speakable(making.text)):
                    self._loop.call_soon_threadsafe(making.grow, pcm)
                    if not making.is_wanted():
                        break
        except ApplianceError:
            _log.exception("voice failed", extra={"call_id": self._call_id})
        finally:
            self._loop.call_soon_threadsafe(making.grow, None)
