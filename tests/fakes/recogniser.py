"""A recogniser without a model: it hears what the fake voice says, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from appliance.domain.sound import FRAME_BYTES, ms
from appliance.engines.ports import Heard, WordHeard
from tests.fakes.voice import WORD_TICKS, spell

UNKNOWN = "[unk]"


class FakeRecogniser:
    """Reads the words out of whole ticks; believes a word `late_ticks` after it began, as real ones do.

    With `words` it says "[unk]" where it hears others.
    """

    def __init__(self, words: Sequence[str] = (), confidence: float = 1.0, late_ticks: int = 0) -> None:
        self._grammar = frozenset(word for phrase in words for word in phrase.split())
        self._confidence = confidence
        self._late_ticks = late_ticks
        self._rest = b""
        self._ticks = 0
        self._words: list[tuple[int, str]] = []

    def feed(self, pcm: bytes) -> None:
        """Take samples, any length."""
        self._rest += pcm
        while len(self._rest) >= FRAME_BYTES:
            frame, self._rest = self._rest[:FRAME_BYTES], self._rest[FRAME_BYTES:]
            if word := spell(frame):
                is_known = not self._grammar or word in self._grammar
                self._words.append((self._ticks, word if is_known else UNKNOWN))
            self._ticks += 1

    def partial(self) -> str:
        """The words so far."""
        return " ".join(word for at, word in self._words if self._ticks - at > self._late_ticks)

    def finish(self) -> Heard:
        """All words; begins afresh."""
        words = tuple(
            WordHeard(word, self._confidence, ms(at), ms(at + WORD_TICKS)) for at, word in self._words
        )
        self._words, self._rest, self._ticks = [], b"", 0
        text = " ".join(word.word for word in words)
        return Heard(text, self._confidence if text else 0.0, words)


class FakeRecogniserModel:
    """Opens fake streams; `confidence` is what each of them claims, `late_ticks` how far they lag."""

    def __init__(self, name: str = "fake", confidence: float = 1.0, late_ticks: int = 0) -> None:
        self.name = name
        self._confidence = confidence
        self._late_ticks = late_ticks

    def open(self, words: Sequence[str] = ()) -> FakeRecogniser:
        """A new stream."""
        return FakeRecogniser(words, self._confidence, self._late_ticks)
