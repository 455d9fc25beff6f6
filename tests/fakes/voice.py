"""A voice without a model: its samples carry the words, so that the fake recogniser can hear them again."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from appliance.domain.sound import FRAME_SAMPLES, SILENCE

WORD_TICKS = 8
MARK = 12_345
LOUD = 6_000
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"[\w'-]+")


class FakeVoice:
    """Says a word in WORD_TICKS ticks: the first holds its letters, the others only noise."""

    def __init__(self, name: str = "fake") -> None:
        self.name = name
        self.spoken: list[str] = []
        """Every text it was asked for."""

    def speak(self, text: str, pace_percent: int = 100) -> Iterator[bytes]:
        """A piece per sentence, each closed by one silent tick; a slower pace makes words longer, never shorter."""
        self.spoken.append(text)
        for sentence in _SENTENCE_END.split(text):
            words = _WORD.findall(sentence)
            if words:
                ticks = WORD_TICKS * 100 // min(pace_percent, 100)
                yield b"".join(_word(word, ticks) for word in words) + SILENCE


def spell(frame: bytes) -> str | None:
    """The word that begins in this tick, if one does."""
    samples = np.frombuffer(frame, dtype="<i2")
    if len(samples) < FRAME_SAMPLES or samples[0] != MARK:
        return None
    return bytes(samples[2 : 2 + int(samples[1])].astype(np.uint8)).decode()


def _word(word: str, ticks: int) -> bytes:
    letters = np.frombuffer(word.lower().encode(), dtype=np.uint8)
    samples = np.where(np.arange(FRAME_SAMPLES * ticks) % 2, LOUD, -LOUD).astype("<i2")
    samples[:2] = MARK, len(letters)
    samples[2 : 2 + len(letters)] = letters
    return samples.tobytes()
