"""What a second hearing adds to the first, and when it is not asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance import business
from appliance.business.callers import callers
from appliance.conversation.lessons import Lesson, lessons
from appliance.conversation.second_hearing import both, opinion, sayings
from appliance.domain.events import IntentScore

_SCORES = st.lists(
    st.builds(IntentScore, st.sampled_from("abcdefgh"), st.floats(0, 0.2)),
    max_size=5,
    unique_by=lambda one: one.intent,
)


def test_the_recogniser_learns_every_lesson_and_every_name_of_a_service() -> None:
    office = business.load("auto_repair")
    learnt = sayings((Lesson("do you take walk ins", "fact:walk_in"),), office)
    assert "do you take walk ins" in learnt
    assert all(word.lower() in learnt for one in office.services for word in one.words)


def test_it_knows_what_is_no_concern_of_the_office_too() -> None:
    """Else it would force the words of a foreign sentence into those of the office."""
    office = business.load("dental_practice")
    taught = lessons(office, callers(office.language))
    foreign = {one.text for one in taught if one.means is None}
    assert foreign
    assert foreign <= set(sayings(taught, office))


@pytest.mark.parametrize(
    ("again", "heard", "says"),
    [
        ("do you take walk ins", "do you take watkins", "do you take walk ins"),
        ("do you take walk ins", "do you take walk ins", ""),
        ("do you [unk] walk ins", "do you like walk ins", ""),
        ("", "do you take watkins", ""),
    ],
)
def test_only_whole_sentences_that_differ_are_an_opinion(again: str, heard: str, says: str) -> None:
    assert opinion(again, heard) == says


def test_what_one_hearing_is_sure_of_and_the_other_does_not_know_is_just_acted_on() -> None:
    found = both((IntentScore("book", 0.02),), (IntentScore("fact:walk_in", 0.98),))
    assert found[0] == IntentScore("fact:walk_in", 0.49)
    assert sum(one.score for one in found) == pytest.approx(0.5)


def test_the_clauses_stay_those_of_the_first() -> None:
    clause = IntentScore("fact:hours", 0.9, "when are you open")
    found = both(
        (IntentScore("book", 0.6), clause), (IntentScore("book", 0.8), IntentScore("x", 1.0, "else"))
    )
    assert found == (IntentScore("book", pytest.approx(0.7)), clause)


@given(_SCORES, _SCORES)
def test_probabilities_stay_probabilities(heard: list[IntentScore], again: list[IntentScore]) -> None:
    found = both(heard, again)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert sum(one.score for one in found) <= (sum(one.score for one in (*heard, *again)) / 2) + 1e-9
