"""The intent finder: order, bounds, and whether the example business's questions stand apart from others."""

from __future__ import annotations

import pytest

from appliance import business
from appliance.business.callers import callers
from appliance.conversation.clauses import clauses
from appliance.conversation.lessons import lessons
from appliance.engines.intent_finder import LIKELY_MAX, TrainedIntents
from appliance.engines.intent_training import train
from tests.engines.models import minilm
from tests.fakes.finder import NearestExamples
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
    "do i need an appointment": "walk_in",
}
UNKNOWN = [
    "do you work on hybrid cars",
    "what is your warranty",
    "do you have a shuttle",
    "who owns the shop",
    "what kind of oil do you put in",
    "tell me a joke",
    "what is the capital of france",
    "my name is john miller",
]


class TestFinding:
    @pytest.fixture
    def finder(self) -> NearestExamples:
        return NearestExamples(FakeVectors(), EXAMPLES)

    def test_the_nearest_is_found(self, finder: NearestExamples) -> None:
        found = finder.likely("what time do you open tomorrow")
        assert [score.intent for score in found] == ["hours"]

    @pytest.mark.parametrize("text", ["", "  ", "open", "?", "what is your address", "x" * 5000])
    def test_scores_keep_their_bounds(self, finder: NearestExamples, text: str) -> None:
        assert all(0 <= one.score <= 1 for one in finder.likely(text))

    @pytest.mark.parametrize("text", ["", "   "])
    def test_nothing_said_means_nothing(self, finder: NearestExamples, text: str) -> None:
        assert finder.likely(text) == ()

    def test_no_examples_no_intents(self) -> None:
        assert NearestExamples(FakeVectors(), {}).likely("hello") == ()


STORY = "zebras ate purple violins while seven elephants danced turtles sang loudly golden frogs jumped twice"


class TestTrained:
    @pytest.fixture(scope="class")
    @classmethod
    def finder(cls) -> TrainedIntents:
        shop = business.load("auto_repair")
        return TrainedIntents(FakeVectors(), train(lessons(shop, callers("en")), FakeVectors())[0], clauses)

    def test_the_best_comes_first_and_scores_are_shares_of_one(self, finder: TrainedIntents) -> None:
        found = finder.likely("what time do you open on saturdays")
        assert found[0].intent == "fact:hours"
        assert len(found) == LIKELY_MAX
        assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
        assert 0 <= sum(one.score for one in found) <= 1

    def test_each_clause_says_what_it_is_about(self, finder: TrainedIntents) -> None:
        found = finder.likely("where is your office and do you take credit cards")
        assert [(one.part, one.intent) for one in found if one.part] == [
            ("where is your office", "fact:address"),
            ("do you take credit cards", "fact:payment"),
        ]

    @pytest.mark.parametrize(
        ("text", "wish", "counts"),
        [
            (f"{STORY} what time do you open", "what time do you open", True),
            (f"{STORY} and slept", "and slept", False),
            ("what time do you close", STORY, False),
        ],
    )
    def test_a_story_is_left_out_where_only_the_wish_is_understood(
        self, finder: TrainedIntents, text: str, wish: str, counts: bool
    ) -> None:
        told = TrainedIntents(finder._vectors, finder._table, wish=lambda _: wish)
        assert told.likely(text) == finder.likely(wish if counts else text)

    @pytest.mark.parametrize("text", ["", "   "])
    def test_nothing_said_means_nothing(self, finder: TrainedIntents, text: str) -> None:
        assert finder.likely(text) == ()

    def test_words_that_come_back_cost_nothing(self, finder: TrainedIntents) -> None:
        assert finder.likely("are you open today") is finder.likely("are you open today")


@pytest.mark.real
class TestTheExampleBusiness:
    @pytest.fixture(scope="class")
    @classmethod
    def finder(cls) -> TrainedIntents:
        shop = business.load("auto_repair")
        return TrainedIntents(minilm(), train(lessons(shop, callers("en")), minilm())[0], clauses)

    def test_its_questions_are_found_in_other_words(self, finder: TrainedIntents) -> None:
        assert {text: finder.likely(text)[0].intent for text in KNOWN} == {
            text: f"fact:{means}" for text, means in KNOWN.items()
        }

    def test_other_questions_are_declined(self, finder: TrainedIntents) -> None:
        assert [text for text in UNKNOWN if sum(one.score for one in finder.likely(text)) >= 0.5] == []
