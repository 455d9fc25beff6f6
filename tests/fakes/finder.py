"""An intent finder without teaching: what shares most words with an example, as a probability."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from appliance.domain.events import IntentScore
from appliance.engines.intent_finder import NearestExamples
from tests.fakes.vectors import FakeVectors

_AS_LIKELY_AS_NOT, _STEEPNESS = 0.6, 40.0


class FakeFinder:
    """A nearness of 0.6 is as likely as not, one of 0.75 nearly sure, as a taught table says of such words."""

    def __init__(self, examples: Mapping[str, Sequence[str]]) -> None:
        self._nearest = NearestExamples(FakeVectors(), examples)

    def likely(self, text: str) -> tuple[IntentScore, ...]:
        """The nearest intent and how probable it is; empty for empty text."""
        return tuple(replace(one, score=_probability(one.score)) for one in self._nearest.likely(text))


def _probability(nearness: float) -> float:
    return 1 / (1 + math.exp((_AS_LIKELY_AS_NOT - nearness) * _STEEPNESS))
