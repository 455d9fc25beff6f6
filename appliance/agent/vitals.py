"""What the engines tell of their health: each is wrapped so that a failure, or no end of it, is reported.

A wrapper passes everything on. While all is well it costs a note of when a piece of work began; nothing is
reported but failures, and successes of a part that failed before. Thread safe: engines work in many threads.
"""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from appliance.clock import Clock
from appliance.conversation.degradation import Failed, HealthEvent, Part, Worked
from appliance.domain.sound import SAMPLE_RATE_HZ
from appliance.engines.ports import Heard, Recogniser, RecogniserModel, Voice
from appliance.errors import ApplianceError, EngineFault

_log = logging.getLogger(__name__)
STUCK_AFTER_S: Final = 8.0
"""A piece of work takes some 30 ms, on a busy box half a second; the first of a long sentence two."""
_TRIED_WORD: Final = "one"


class Vitals:
    """Collects reports. `bind` says where they go; before that they wait.

    `on_took` is told how long a final text, and a sentence's first sound, were in the making, in seconds.
    """

    def __init__(
        self, clock: Clock, on_took: Callable[[Part, float], None] = lambda part, seconds: None
    ) -> None:
        self._clock = clock
        self._on_took = on_took
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        self._working: dict[int, tuple[Part, float]] = {}
        self._doubted: set[Part] = set()
        self._early: list[HealthEvent] = []
        self._tell: Callable[[HealthEvent], None] | None = None
        self._try_outs: dict[Part, Callable[[], None]] = {}

    def bind(self, tell: Callable[[HealthEvent], None]) -> None:
        """Reports go to `tell`, from any thread."""
        with self._lock:
            self._tell, early, self._early = tell, self._early, []
        for event in early:
            tell(event)

    def recogniser(self, model: RecogniserModel) -> RecogniserModel:
        """`model`, watched."""
        watched = _WatchedModel(model, self)
        self._try_outs[Part.RECOGNISER] = lambda: _listen_to_nothing(watched)
        return watched

    def voice(self, voice: Voice) -> Voice:
        """`voice`, watched; to be wrapped below any cache, which works without it."""
        watched = _WatchedVoice(voice, self)
        self._try_outs[Part.VOICE] = lambda: _say_something(watched)
        return watched

    def try_out(self, part: Part) -> None:
        """Have the part do a small piece of work, in this thread; how it went is reported."""
        attempt = self._try_outs.get(part)
        if attempt is None:
            return
        with self._lock:
            self._doubted.add(part)
        try:
            attempt()
        except ApplianceError:
            _log.info("part still fails", extra={"part": part})

    def stuck(self) -> list[HealthEvent]:
        """Whatever does not come to its end; each piece of work is reported once."""
        before_s = self._clock.monotonic_s() - STUCK_AFTER_S
        under_way = list(self._working.items())  # at once: the engines' threads come and go
        late = [(key, part) for key, (part, since_s) in under_way if since_s < before_s]
        for key, _ in late:
            self._working.pop(key, None)
        with self._lock:
            self._doubted.update(part for _, part in late)
        return [Failed(part, "stuck") for _, part in late]

    # --- reports --------------------------------------------------------------------------------

    @contextmanager
    def work(self, part: Part) -> Iterator[None]:
        """A piece of work; what a foreign library throws becomes an EngineFault."""
        key = next(self._numbers)
        self._working[key] = (part, self._clock.monotonic_s())
        try:
            yield
        except Exception as error:  # engines throw anything; all of it means that they did not do their work
            self._failed(part, error)
            if isinstance(error, ApplianceError):
                raise
            raise EngineFault(f"{part}: failed at its work.") from error
        finally:
            self._working.pop(key, None)

    @contextmanager
    def awaited(self, part: Part) -> Iterator[None]:
        """A piece of work, and somebody waits for what comes of it: told how long it took."""
        began_s = self._clock.monotonic_s()
        with self.work(part):
            yield
        self._on_took(part, self._clock.monotonic_s() - began_s)

    def worked(self, part: Part) -> None:
        """A whole piece of work was done; news only after a failure."""
        if part in self._doubted:
            with self._lock:
                self._doubted.discard(part)
            self._report(Worked(part))

    def _failed(self, part: Part, error: Exception) -> None:
        _log.error("part failed", extra={"part": part, "reason": type(error).__name__})
        with self._lock:
            self._doubted.add(part)
        self._report(Failed(part, type(error).__name__))

    def _report(self, event: HealthEvent) -> None:
        with self._lock:
            if self._tell is None:
                self._early.append(event)
                return
            tell = self._tell
        tell(event)


class _WatchedModel:
    def __init__(self, model: RecogniserModel, vitals: Vitals) -> None:
        self.name = model.name
        self._model = model
        self._vitals = vitals

    def open(self, words: Sequence[str] = ()) -> Recogniser:
        with self._vitals.work(Part.RECOGNISER):
            return _WatchedRecogniser(self._model.open(words), self._vitals)


class _WatchedRecogniser:
    def __init__(self, stream: Recogniser, vitals: Vitals) -> None:
        self._stream = stream
        self._vitals = vitals

    def feed(self, pcm: bytes) -> None:
        with self._vitals.work(Part.RECOGNISER):
            self._stream.feed(pcm)

    def partial(self) -> str:
        with self._vitals.work(Part.RECOGNISER):
            return self._stream.partial()

    def finish(self) -> Heard:
        with self._vitals.awaited(Part.RECOGNISER):
            heard = self._stream.finish()
        self._vitals.worked(Part.RECOGNISER)
        return heard


class _WatchedVoice:
    def __init__(self, voice: Voice, vitals: Vitals) -> None:
        self.name = voice.name
        self._voice = voice
        self._vitals = vitals

    def speak(self, text: str, pace_percent: int = 100) -> Iterator[bytes]:
        """Only the making of a piece is work: between two of them the listener may take their time."""
        with self._vitals.awaited(Part.VOICE):
            pieces = iter(self._voice.speak(text, pace_percent))
            piece = next(pieces, None)
        while piece is not None:
            yield piece
            with self._vitals.work(Part.VOICE):
                piece = next(pieces, None)
        self._vitals.worked(Part.VOICE)


def _listen_to_nothing(model: RecogniserModel) -> None:
    stream = model.open()
    stream.feed(bytes(SAMPLE_RATE_HZ))  # half a second
    stream.finish()


def _say_something(voice: Voice) -> None:
    if not b"".join(voice.speak(_TRIED_WORD)):
        raise EngineFault("voice: it says nothing.")
