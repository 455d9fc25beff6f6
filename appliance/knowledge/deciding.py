"""How likely a passage answers a question, whether any does, and which of its sentences says it. Pure.

Two signs, either nearly independent of how many documents there are: how near the nearest text of the passage
is in meaning (cosine of the vectors), and what share of the question's words, weighted by their rarity, stands
in the passage. A logistic function of both is the likelihood; under LIKELIHOOD_MIN the documents do not say.
The weights were fitted on paragraphs, pairs of questions and answers, and the handbooks of three offices, each
kind weighing the same (docs/knowledge.md); left out one by one, the handbooks come out as when they are in.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from appliance.knowledge.sentences import sentences_of, share_of, stems_of
from appliance.knowledge.words import Words

LIKELIHOOD_MIN: Final = 0.5
_ANSWER_WORDS_MAX: Final = 45
_SENTENCE_MIN: Final = 0.42
_QUESTION_MIN: Final = 0.6


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

    `asked_so` is how near the question is to the one the passage was written to answer: then its beginning
    is the answer.
    """
    if not sentences:
        return ""
    if asked_so >= _QUESTION_MIN and asked_so >= max(one.nearness for one in sentences):
        return _from(0, sentences)
    best = max(range(len(sentences)), key=lambda at: _fitness(question, sentences[at], words))
    if _fitness(question, sentences[best], words) < _SENTENCE_MIN:
        return ""
    start = best - 1 if best and words.leans_back.match(sentences[best].text) else best
    chosen = " ".join(one.text for one in sentences[start : best + 1])
    return chosen if len(chosen.split()) <= _ANSWER_WORDS_MAX else _if_short(sentences[best].text)


def _from(start: int, sentences: Sequence[Sentence]) -> str:
    """Sentences from `start` as long as they are short enough together to be listened to; two at the most."""
    chosen = _if_short(sentences[start].text)
    if chosen and start + 1 < len(sentences):
        longer = f"{chosen} {sentences[start + 1].text}"
        return longer if len(longer.split()) <= _ANSWER_WORDS_MAX // 2 else chosen
    return chosen


def _if_short(text: str) -> str:
    """A sentence of sixty words is read, not listened to: the model may say it shorter."""
    return text if len(text.split()) <= _ANSWER_WORDS_MAX + 15 else ""


def _fitness(question: str, sentence: Sentence, words: Words) -> float:
    """0 to about 1.2: meaning, words, and whether it holds the kind of thing that was asked for."""
    kind = 0.0
    for asks, holds in words.wanted:
        if asks.search(question):
            kind = 0.1 if holds.search(sentence.text) else -0.1
            break
    return 0.6 * sentence.nearness + 0.4 * sentence.share + kind


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
