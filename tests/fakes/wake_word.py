"""A wake word without a model: it hears the fake voice say it."""

from __future__ import annotations

from tests.fakes.voice import spell

WORD = "jarvis"


class FakeWakeWord:
    """Certain for four ticks once the word was said, as long as a step of the real one."""

    def __init__(self, word: str = WORD) -> None:
        self._word = word
        self._left_ticks = 0

    def likelihood(self, frame: bytes) -> float:
        """1 or 0."""
        self._left_ticks = 4 if spell(frame) == self._word else max(0, self._left_ticks - 1)
        return 1.0 if self._left_ticks else 0.0

    def forget(self) -> None:
        """Begin afresh."""
        self._left_ticks = 0
