"""How likely a passage answers a question, whether any does, and which of its sentences says it. Pure.

Two signs, either nearly independent of how many documents there are: how near the nearest text of the passage
is in meaning (cosine of the vectors), and what share of the question's words, weighted by their rarity, stands
in the passage. A logistic function of both is the likelihood; under LIKELIHOOD_MIN the documents do not say.
The weights were fitted on paragraphs, pairs of questions and answers, and the handbooks of three offices, each
kind weighing the same (docs/knowledge.md), then moved a little towards declining.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from appliance.knowledge.sentences import sentences_of, share_of, stems_of
from appliance.knowledge.words import Words

LIKELIHOOD_MIN: Final = 0.5
_ANSWER_WORDS_MAX: Final = 35
_SPOKEN_WORDS_MAX: Final = 60
"""A longer sentence is read, not listened to: the model may say it shorter."""
_SENTENCE_MIN: Final = 0.36
_AS_FIT: Final = 0.1
"""Two sentences that are about as fit are both said, if they are short."""
_QUESTION_MIN: Final = 0.58


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic function of nearness and share of words."""

    nearness: float
    share: float
    bias: float

    def likelihood(self, nearness: float, share: float) -> float:
        """0 to 1."""
        return 1.0 / (1.0 + math.exp(-(self.nearness * nearness + self.share * share + self.bias)))


BY_MEANING: Final = Weights(nearness=9.0, share=3.2, bias=-4.9)
BY_WORDS_ONLY: Final = Weights(nearness=0.0, share=9.0, bias=-5.4)
"""When no sentence vectors are installed."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a passage: how near it is to the question, and the share of its words it holds."""

    text: str
    nearness: float
    share: float


def rarity(stem_count: int, passages: int) -> float:
    """What a word weighs that stands in `stem_count` of `passages` (inverse document frequency as in BM25)."""
    return math.log(1.0 + (passages - stem_count + 0.5) / (stem_count + 0.5))


def answer_of(question: str, sentences: Sequence[Sentence], words: Words, *, asked_so: float = 0.0) -> str:
    """The sentence or two that answer, word for word; empty when none does by itself.

    `asked_so` is how near the question is to the one the passage was written to answer: if it is nearly that
    question, the passage is the answer, from its beginning.
    """
    if not sentences:
        return ""
    if asked_so >= _QUESTION_MIN:
        return _beginning(sentences)
    fitness = [_fitness(question, one, words) for one in sentences]
    best = max(range(len(sentences)), key=fitness.__getitem__)
    if fitness[best] < _SENTENCE_MIN:
        return ""
    chosen = {best, *(at for at, fit in enumerate(fitness) if fit >= fitness[best] - _AS_FIT)}
    chosen = chosen if _count(sentences, chosen) <= _ANSWER_WORDS_MAX else {best}
    led = chosen | {at - 1 for at in chosen if at and words.leans_back.match(sentences[at].text)}
    return _said(sentences, led if _count(sentences, led) <= _ANSWER_WORDS_MAX else chosen)


def _beginning(sentences: Sequence[Sentence]) -> str:
    """As many of the first sentences as can be listened to."""
    count = 1
    while count < len(sentences) and _count(sentences, range(count + 1)) <= _ANSWER_WORDS_MAX:
        count += 1
    return _said(sentences, range(count))


def _count(sentences: Sequence[Sentence], chosen: Iterable[int]) -> int:
    return sum(len(sentences[at].text.split()) for at in chosen)


def _said(sentences: Sequence[Sentence], chosen: Iterable[int]) -> str:
    """The chosen ones in the document's order; nothing when that is read rather than listened to."""
    at = sorted(chosen)
    return " ".join(sentences[one].text for one in at) if _count(sentences, at) <= _SPOKEN_WORDS_MAX else ""


def _fitness(question: str, sentence: Sentence, words: Words) -> float:
    """0 to about 1.1: meaning, words, and whether it holds the kind of thing that was asked for."""
    kind = 0.0
    for asks, holds in words.wanted:
        if asks.search(question):
            kind = 0.1 if holds.search(sentence.text) else -0.1
            break
    return 0.5 * sentence.nearness + 0.5 * sentence.share + kind


def sentences_with(
    text: str,
    question_stems: Sequence[str],
    weights: dict[str, float],
    nearness: Sequence[float],
    words: Words,
) -> list[Sentence]:
    """The sentences of a passage as `answer_of` wants them; `nearness` one value each."""
    return [
        Sentence(one, near, share_of(question_stems, frozenset(stems_of(one, words)), weights))
        for one, near in zip(sentences_of(text, words), nearness, strict=True)
    ]
