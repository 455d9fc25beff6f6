"""Engines that remember: what the detector and the recogniser made of a recording, tick by tick.

Hearing a recording takes seconds, deciding when its turn is over takes milliseconds. So each recording is heard
once and kept; then any number of policies are tried on what was heard, through the product's own ear.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from appliance.domain.sound import FRAME_BYTES
from appliance.engines.ports import Heard, Recogniser, RecogniserModel, SpeechDetector

SPEECH_MIN = 0.5
_BEFORE_ONSET_TICKS = 16


@dataclass(frozen=True, slots=True)
class Track:
    """One recording as the engines hear it: a value a tick. `narrow_words` is empty where nothing was narrowed."""

    chances: Sequence[float]
    words: Sequence[str]
    narrow_words: Sequence[str] = ()


def hear(
    frames: Sequence[bytes], detector: SpeechDetector, model: RecogniserModel, narrow: Sequence[str]
) -> Track:
    """Let the engines hear `frames`, the recognisers as an ear feeds them: from shortly before the first speech."""
    chances = [round(detector.speech_probability(frame), 3) for frame in frames]
    first = next((at for at, chance in enumerate(chances) if chance >= SPEECH_MIN), len(frames))
    from_tick = max(0, first - _BEFORE_ONSET_TICKS)
    return Track(
        chances,
        _words(frames, from_tick, model.open()),
        _words(frames, from_tick, model.open(narrow)) if narrow else (),
    )


def _words(frames: Sequence[bytes], from_tick: int, recogniser: Recogniser) -> list[str]:
    words = [""] * from_tick
    for frame in frames[from_tick:]:
        recogniser.feed(frame)
        words.append(recogniser.partial())
    return words


class Library:
    """Tracks on disk, found again by what was heard and by whom."""

    def __init__(
        self, folder: Path, model: RecogniserModel, new_detector: Callable[[], SpeechDetector]
    ) -> None:
        self._folder = folder
        self._model = model
        self._new_detector = new_detector
        folder.mkdir(parents=True, exist_ok=True)

    def track(self, frames: Sequence[bytes], narrow: Sequence[str]) -> Track:
        """What the engines make of `frames`; heard now, unless it was heard before."""
        key = hashlib.sha256(b"".join(frames) + repr((self._model.name, tuple(narrow))).encode()).hexdigest()
        file = self._folder / f"{key[:32]}.json.gz"
        if file.exists():
            return Track(**json.loads(gzip.decompress(file.read_bytes())))
        track = hear(frames, self._new_detector(), self._model, narrow)
        file.write_bytes(gzip.compress(json.dumps(asdict(track)).encode()))
        return track


class Rerun:
    """A recording heard again: a detector and a recogniser model that say what the engines said then.

    `tick` is where we are; whoever plays the recording moves it on.
    """

    name = "rerun"

    def __init__(self, track: Track) -> None:
        self._track = track
        self.tick = 0

    def speech_probability(self, frame: bytes) -> float:
        """What the detector said at this tick."""
        assert len(frame) == FRAME_BYTES  # noqa: S101  the one who plays cuts whole ticks
        return self._track.chances[self.tick]

    def open(self, words: Sequence[str] = ()) -> _Again:
        """A stream of the words as they were believed then."""
        return _Again(self, self._track.narrow_words if words else self._track.words)


class _Again:
    """A recogniser's partials as they came. After a `finish` only the words that followed."""

    def __init__(self, rerun: Rerun, words: Sequence[str]) -> None:
        self._rerun = rerun
        self._words = words
        self._finished_words = 0

    def feed(self, pcm: bytes) -> None:
        """It was all heard before."""

    def partial(self) -> str:
        """The words believed at this tick."""
        return " ".join(self._believed()[self._finished_words :])

    def finish(self) -> Heard:
        """The words so far; what comes later is another turn."""
        text = self.partial()
        self._finished_words = len(self._believed())
        return Heard(text)

    def _believed(self) -> list[str]:
        return self._words[self._rerun.tick].split() if self._words else []
