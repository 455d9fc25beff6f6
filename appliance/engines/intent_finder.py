"""What a caller may mean: the intents whose examples stand nearest to what they said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from appliance.domain.events import IntentScore
from appliance.engines.ports import SentenceVectors

LIKELY_MAX: Final = 5
NEAREST: Final = 2
"""How many of an intent's examples speak for it: two are steadier than one lucky hit."""


class NearestExamples:
    """Cosine similarity to examples, computed once when it is made. As thread safe as its vectors."""

    def __init__(self, vectors: SentenceVectors, examples: Mapping[str, Sequence[str]]) -> None:
        """`examples` maps an intent to sentences that mean it; intents without examples are never found."""
        self._vectors = vectors
        self._examples = {
            intent: np.array(vectors.vectors(sentences), dtype=np.float32)
            for intent, sentences in examples.items()
            if sentences
        }

    def likely(self, text: str) -> tuple[IntentScore, ...]:
        """At most five intents, scores 0 to 1, best first; empty for empty text."""
        if not text.strip() or not self._examples:
            return ()
        said = np.array(self._vectors.vectors([text])[0], dtype=np.float32)
        scores = [IntentScore(intent, _nearness(rows @ said)) for intent, rows in self._examples.items()]
        return tuple(sorted(scores, key=lambda found: -found.score)[:LIKELY_MAX])


def _nearness(similarities: np.ndarray[tuple[int], np.dtype[np.float32]]) -> float:
    nearest = np.sort(similarities)[-NEAREST:]
    return float(np.clip(nearest.mean(), 0.0, 1.0))
