"""What a caller may mean: the intents an utterance is likely to mean, of the whole and of each of its clauses."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from appliance.domain.events import IntentScore
from appliance.engines.intent_training import LIMIT, IntentTable
from appliance.engines.ports import SentenceVectors
from appliance.engines.sentence_letters import with_letters

LIKELY_MAX: Final = 5
_REMEMBERED: Final = 64

Scores = tuple[IntentScore, ...]


class TrainedIntents:
    """A taught table over sentence vectors; scores are probabilities. As thread safe as its vectors."""

    def __init__(
        self,
        vectors: SentenceVectors,
        table: IntentTable,
        clauses: Callable[[str], Sequence[str]] = lambda text: (text,),
        wish: Callable[[str], str] = lambda _: "",
    ) -> None:
        """`clauses` parts an utterance where another wish may begin; `wish` leaves the story before one out."""
        self._vectors = vectors
        self._table = table
        self._clauses = clauses
        self._wish = wish
        self._known: OrderedDict[str, Scores] = OrderedDict()

    def likely(self, text: str) -> Scores:
        """At most five of the whole, best first; then the best of each clause where it has several."""
        if not text.strip():
            return ()
        parts = self._clauses(text)
        whole = self._whole(text)
        if len(parts) < 2:
            return whole
        return (
            *whole,
            *(IntentScore(one.intent, one.score, part) for part in parts for one in self._scores(part)[:1]),
        )

    def _whole(self, text: str) -> Scores:
        """What is declined for the story it begins with is judged by the wish the story leads up to."""
        whole = self._scores(text)
        if _is_acted_on(whole) or not (wish := self._wish(text)):
            return whole
        wished = self._scores(wish)
        return wished if _is_acted_on(wished) else whole

    def _scores(self, text: str) -> Scores:
        """Asked for again and again while an utterance grows: 6 ms for the vector, so the last are kept."""
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = self._found(text)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return known

    def _found(self, text: str) -> Scores:
        said = with_letters([text], np.array(self._vectors.vectors([text]), np.float32))
        scores = map(IntentScore, self._table.intents, self._table.probabilities(said)[0].tolist())
        return tuple(sorted(scores, key=lambda found: -found.score)[:LIKELY_MAX])


def _is_acted_on(scores: Scores) -> bool:
    return sum(one.score for one in scores) >= LIMIT
