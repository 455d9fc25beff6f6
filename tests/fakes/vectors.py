"""Sentence vectors without a model: sentences that share words are near."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np

DIMENSIONS = 256


class FakeVectors:
    """One direction a word (hashed), and a little of one that all sentences share."""

    def __init__(self, name: str = "fake") -> None:
        self.name = name

    def vectors(self, sentences: Sequence[str]) -> list[list[float]]:
        """One unit-length vector a sentence."""
        return [_vector(sentence) for sentence in sentences]


def _vector(sentence: str) -> list[float]:
    counts = np.zeros(DIMENSIONS)
    counts[0] = 0.1
    for word in re.findall(r"[\w']+", sentence.lower()):
        counts[1 + zlib.crc32(word.encode()) % (DIMENSIONS - 1)] += 1
    unit: list[float] = (counts / np.linalg.norm(counts)).tolist()
    return unit
