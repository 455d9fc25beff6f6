"""The intent finder: order, bounds, and whether the example business's questions stand apart from others."""

from __future__ import annotations

import pytest

from appliance import business
from appliance.engines.intent_finder import LIKELY_MAX, NearestExamples
from tests.engines.models import minilm
from tests.fakes.vectors import FakeVectors

EXAMPLES = {
    "hours": ["when are you open", "what time do you open"],
    "address": ["where are you", "what is your address"],
    "empty": [],
}
KNOWN = {
    "what time do you open on saturday": "hours",
    "when do you close tonight": "hours",
    "are you guys open on sundays": "hours",
    "whats the address": "address",
    "where can i find you": "address",
    "can i pay with a card": "payment",
    "is cash okay": "payment",
    "what would an oil change cost me": "oil_change_price",
    "do i have to make an appointment": "walk_in",
}
UNKNOWN = [
    "do you work on hybrid cars",
    "what is your warranty",
    "do you have a shuttle",
    "who owns the shop",
    "tell me a joke",
    "what is the capital of france",
    "my name is john miller",
]


class TestFinding:
    @pytest.fixture
    def finder(self) -> NearestExamples:
        return NearestExamples(FakeVectors(), EXAMPLES)

    def test_the_best_comes_first(self, finder: NearestExamples) -> None:
        found = finder.likely("what time do you open tomorrow")
        assert [score.intent for score in found] == ["hours", "address"]
        assert found[0].score > found[1].score

    @pytest.mark.parametrize("text", ["", "  ", "open", "?", "what is your address", "x" * 5000])
    def test_scores_keep_their_bounds(self, finder: NearestExamples, text: str) -> None:
        assert all(0 <= one.score <= 1 for one in finder.likely(text))

    @pytest.mark.parametrize("text", ["", "   "])
    def test_nothing_said_means_nothing(self, finder: NearestExamples, text: str) -> None:
        assert finder.likely(text) == ()

    def test_no_examples_no_intents(self) -> None:
        assert NearestExamples(FakeVectors(), {}).likely("hello") == ()

    def test_only_the_best_few_are_named(self) -> None:
        many = {f"intent {number}": [f"sentence {number}"] for number in range(20)}
        assert len(NearestExamples(FakeVectors(), many).likely("sentence 3")) == LIKELY_MAX


@pytest.mark.real
class TestTheExampleBusiness:
    @pytest.fixture
    def finder(self) -> NearestExamples:
        shop = business.load("auto_repair")
        return NearestExamples(minilm(), {fact.id: fact.questions for fact in shop.facts})

    def test_its_questions_are_found_in_other_words(self, finder: NearestExamples) -> None:
        assert {text: finder.likely(text)[0].intent for text in KNOWN} == KNOWN

    def test_other_questions_stand_apart(self, finder: NearestExamples) -> None:
        known = min(finder.likely(text)[0].score for text in KNOWN)
        unknown = max(finder.likely(text)[0].score for text in UNKNOWN)
        assert known > unknown + 0.1
