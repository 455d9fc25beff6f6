"""A recogniser without a model: it hears what the fake voice says, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from appliance.domain.sound import FRAME_BYTES
from appliance.engines.ports import Heard
from tests.fakes.voice import spell


class FakeRecogniser:
    """Reads the words out of whole ticks."""

    def __init__(self, words: Sequence[str] = (), confidence: float = 1.0) -> None:
        self._grammar = frozenset(word for phrase in words for word in phrase.split())
        self._confidence = confidence
        self._rest = b""
        self._words: list[str] = []

    def feed(self, pcm: bytes) -> None:
        """Take samples, any length."""
        self._rest += pcm
        while len(self._rest) >= FRAME_BYTES:
            frame, self._rest = self._rest[:FRAME_BYTES], self._rest[FRAME_BYTES:]
            word = spell(frame)
            if word and (not self._grammar or word in self._grammar):
                self._words.append(word)

    def partial(self) -> str:
        """The words so far."""
        return " ".join(self._words)

    def finish(self) -> Heard:
        """All words; begins afresh."""
        text = self.partial()
        self._words, self._rest = [], b""
        return Heard(text, self._confidence if text else 0.0)


class FakeRecogniserModel:
    """Opens fake streams; `confidence` is what each of them claims."""

    def __init__(self, name: str = "fake", confidence: float = 1.0) -> None:
        self.name = name
        self._confidence = confidence

    def open(self, words: Sequence[str] = ()) -> FakeRecogniser:
        """A new stream."""
        return FakeRecogniser(words, self._confidence)
