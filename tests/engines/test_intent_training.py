"""Teaching: the table knows what it was taught, the report says what is confused and what needs more sentences."""

from __future__ import annotations

import numpy as np

from appliance.conversation.lessons import Lesson
from appliance.engines.intent_training import ENOUGH_SENTENCES, train
from appliance.engines.sentence_letters import with_letters
from tests.fakes.vectors import FakeVectors

HOURS = [f"when do you open on {day}" for day in "monday tuesday wednesday thursday friday".split()]
PAYS = [
    f"can i pay with {means}" for means in "cash cards checks visa debit paypal coins gold apples".split()
]
WORLD = [f"tell me about {thing}" for thing in "france rain music birds books tea jazz art snow".split()]
LESSONS = [
    *(Lesson(text, "hours") for text in HOURS),
    *(Lesson(text, "payment") for text in PAYS),
    *(Lesson(text, None) for text in WORLD),
]


def found(text: str, lessons: list[Lesson]) -> tuple[str, float]:
    table, _ = train(lessons, FakeVectors())
    scores = table.probabilities(with_letters([text], np.array(FakeVectors().vectors([text]), np.float32)))[0]
    return table.intents[scores.argmax()], scores.sum()


def test_other_words_are_found_and_the_world_at_large_is_declined():
    intent, probability = found("when do you open on sunday", LESSONS)
    assert intent == "hours"
    assert probability >= 0.5
    assert found("tell me about the moon", LESSONS)[1] < 0.5


def test_the_report_counts_every_sentence_by_what_the_others_taught():
    _, report = train(LESSONS, FakeVectors())
    assert (report.sentences, report.foreign) == (len(HOURS) + len(PAYS), len(WORLD))
    assert report.accuracy == 1
    assert {one.intent: one.sentences for one in report.intents} == {
        "hours": len(HOURS),
        "payment": len(PAYS),
    }


def test_few_sentences_are_said_to_be_few():
    _, report = train(LESSONS, FakeVectors())
    assert len(HOURS) < ENOUGH_SENTENCES <= len(PAYS)
    assert {one.intent for one in report.intents if one.needs_more} == {"hours"}


def test_a_sentence_that_stands_among_those_of_another_intent_is_named():
    stray = "can i pay with cash when you open"
    _, report = train([*LESSONS, Lesson(stray, "hours")], FakeVectors())
    assert [(one.means, one.taken_for) for one in report.confusions if one.text == stray] != []
    assert all(one.means != one.taken_for for one in report.confusions)


def test_a_foreign_sentence_this_business_has_prepared_for_is_not_foreign():
    text, lessons = "can i pay with cash", [*LESSONS, Lesson("can i pay with cash cash", None)]
    assert train(lessons, FakeVectors())[1].foreign == len(WORLD)
    assert found(text, lessons)[0] == "payment"
