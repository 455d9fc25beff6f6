"""Intent finders without teaching: what shares most words with an example, as a nearness or as a probability."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from appliance.domain.events import IntentScore
from tests.fakes.vectors import FakeVectors

_NEAREST: Final = 2
"""How many of an intent's examples speak for it: two are steadier than one lucky hit."""
_AS_LIKELY_AS_NOT: Final = 0.6
_STEEPNESS: Final = 40.0


class NearestExamples:
    """The one intent whose examples stand nearest (cosine): needs no teaching, and knows no probabilities."""

    def __init__(self, vectors: FakeVectors, examples: Mapping[str, Sequence[str]]) -> None:
        """`examples` maps an intent to sentences that mean it; intents without examples are never found."""
        self._vectors = vectors
        self._examples = {
            intent: np.array(vectors.vectors(sentences), dtype=np.float32)
            for intent, sentences in examples.items()
            if sentences
        }

    def likely(self, text: str) -> tuple[IntentScore, ...]:
        """The nearest intent, score 0 to 1; empty for empty text."""
        if not text.strip() or not self._examples:
            return ()
        said = np.array(self._vectors.vectors([text])[0], dtype=np.float32)
        scores = [IntentScore(intent, _nearness(rows @ said)) for intent, rows in self._examples.items()]
        return (max(scores, key=lambda found: found.score),)


def _nearness(similarities: np.ndarray[tuple[int], np.dtype[np.float32]]) -> float:
    nearest = np.sort(similarities)[-_NEAREST:]
    return float(np.clip(nearest.mean(), 0.0, 1.0))


class FakeFinder:
    """A nearness of 0.6 is as likely as not, one of 0.75 nearly sure, as a taught table says of such words."""

    def __init__(self, examples: Mapping[str, Sequence[str]]) -> None:
        self._nearest = NearestExamples(FakeVectors(), examples)

    def likely(self, text: str) -> tuple[IntentScore, ...]:
        """The nearest intent and how probable it is; empty for empty text."""
        return tuple(replace(one, score=_probability(one.score)) for one in self._nearest.likely(text))


def _probability(nearness: float) -> float:
    return 1 / (1 + math.exp((_AS_LIKELY_AS_NOT - nearness) * _STEEPNESS))
