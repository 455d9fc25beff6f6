"""The sound of sentences, made in worker threads, some of it before it is ordered.

A sentence that may be said soon is prepared; when it is said, its sound is taken over as far as it has come.
Sentences nobody said give way to newer ones.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Executor
from functools import partial

from appliance.conversation.speakable import speakable
from appliance.engines.ports import Voice
from appliance.errors import ApplianceError

_log = logging.getLogger(__name__)
_PREPARED_MAX = 6
_Job = Callable[[Voice], None]


class Making:
    """The sound of one text at one pace, growing. `is_ready` once there is something to play, or nothing to come."""

    def __init__(self, text: str, pace_percent: int = 100) -> None:
        self.text = text
        self.pace_percent = pace_percent
        self._wanted = True  # read by the worker between two pieces
        self._begun = threading.Lock()
        self._pieces: list[bytes] = []
        self._whole = False
        self._grown = asyncio.Event()

    @property
    def is_ready(self) -> bool:
        """Whether whoever takes it now need not wait."""
        return bool(self._pieces) or self._whole

    def begin(self) -> bool:
        """Whether it falls to the caller to make it: it is wanted and nobody else has begun."""
        return self._wanted and self._begun.acquire(blocking=False)

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


class VoiceQueue:
    """What all calls want said, made in `workers`: sentences that were ordered before guesses, one guess at a time.

    A guess keeps one worker busy at most, so that an order always finds another. Thread safe.
    """

    def __init__(self, voice: Voice, workers: Executor) -> None:
        self.voice = voice
        self._workers = workers
        self._lock = threading.Lock()
        self._orders: deque[_Job] = deque()
        self._guesses: deque[_Job] = deque()
        self._guessing = False

    @property
    def waiting(self) -> int:
        """How many sentences that were ordered nobody has begun to make."""
        return len(self._orders)

    def order(self, job: _Job) -> None:
        """Make this next; a guess that was not begun is brought forward."""
        self._orders.append(job)
        self._workers.submit(self._work)

    def guess(self, job: _Job) -> None:
        """Make this when there is nothing better to do."""
        self._guesses.append(job)
        self._workers.submit(self._work)

    def _work(self) -> None:
        """In a worker thread: the next job there is. Whoever finishes a guess looks for more of them."""
        job, is_guess = self._next()
        while job is not None:
            try:
                job(self.voice)
            finally:
                if is_guess:
                    self._guessing = False
            job, is_guess = self._next()

    def _next(self) -> tuple[_Job | None, bool]:
        with self._lock:
            if self._orders:
                return self._orders.popleft(), False
            if self._guesses and not self._guessing:
                self._guessing = True
                return self._guesses.popleft(), True
            return None, False


class Voicing:
    """One call's supply of sound. All methods belong to the event loop."""

    def __init__(self, call_id: str, queue: VoiceQueue) -> None:
        self._call_id = call_id
        self._queue = queue
        self._loop = asyncio.get_running_loop()
        self._prepared: dict[tuple[str, int], Making] = {}

    def prepare(self, texts: Sequence[str], pace_percent: int = 100) -> None:
        """These may be said soon, at this pace. The oldest guesses give way."""
        for text in texts:
            making = self._prepared.pop((text, pace_percent), None)
            if making is None:
                making = Making(text, pace_percent)
                self._queue.guess(partial(self._work, making))
            self._prepared[text, pace_percent] = making  # the newest stands last
        for old in list(self._prepared)[:-_PREPARED_MAX]:
            self._prepared.pop(old).abandon()

    def close(self) -> None:
        """The call is over; what is being made need not be finished."""
        for making in self._prepared.values():
            making.abandon()
        self._prepared.clear()

    def take(self, text: str, pace_percent: int = 100) -> Making:
        """The sound of `text`, prepared or begun now; it is the taker's from here on."""
        making = self._prepared.pop((text, pace_percent), None) or Making(text, pace_percent)
        if not making.is_ready:
            self._queue.order(partial(self._work, making))
        return making

    def _work(self, making: Making, voice: Voice) -> None:
        """In a worker thread, perhaps in two: the one that comes first makes it."""
        if not making.begin():
            return
        try:
            for pcm in voice.speak(speakable(making.text), making.pace_percent):
                self._loop.call_soon_threadsafe(making.grow, pcm)
                if not making.is_wanted():
                    break
        except ApplianceError:
            _log.exception("voice failed", extra={"call_id": self._call_id})
        finally:
            self._loop.call_soon_threadsafe(making.grow, None)
