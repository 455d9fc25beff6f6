"""What a session would do is found without doing it: the same words later are answered as foreseen."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance import business
from appliance.conversation.foresight import Foresight, likely_answers
from appliance.conversation.phrases import Phrases
from appliance.conversation.rehearsal import Rehearsal
from appliance.conversation.session import Session
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.appointment import Opening
from appliance.domain.expectation import Expectation
from appliance.settings import Mind, Turns

OFFICE = business.load("auto_repair")
NOW = datetime(2026, 11, 19, 10, 0, tzinfo=OFFICE.zone)
OPENINGS = tuple(
    Opening(
        "oil_change", NOW.replace(day=20, hour=hour), NOW.replace(day=20, hour=hour) + timedelta(minutes=30)
    )
    for hour in (9, 10, 14)
)
WORDS = (
    "an oil change tomorrow at ten",
    "alice miller",
    "three oh three five five five oh one seven two",
    "yes",
)


def fetch(command):
    match command:
        case do.FindOpenings():
            return ev.OpeningsFound(command.call_id, command.query, OPENINGS)
        case do.Book():
            return ev.Booked(command.call_id, command.query, command.appointment)
        case _:
            return ev.MessageTaken(command.call_id, command.query, kept=True)


def answered() -> Rehearsal:
    session = Session("call", OFFICE, Phrases(), turns=Turns(), mind=Mind(), has_model=True)
    rehearsal = Rehearsal(session, fetch)
    rehearsal.answer(NOW)
    rehearsal.finish_speaking()
    return rehearsal


def maybe(text: str, tick: int) -> ev.CallerMayBeDone:
    return ev.CallerMayBeDone("call", text, tick - 10, tick, tick)


def foreseen_speeches(rehearsal: Rehearsal, text: str) -> list[str]:
    """What is foreseen for `text`, the diary looked into where that is needed."""
    foresight = Foresight(rehearsal.session)
    first = foresight.heard(maybe(text, rehearsal.tick))
    if first.lookup is None:
        return [*first.speeches]
    return [*first.speeches, *foresight.found(fetch(first.lookup), rehearsal.tick).speeches]


@pytest.mark.parametrize("count", range(1, len(WORDS) + 1))
def test_each_step_of_a_booking_is_said_as_it_was_foreseen(count):
    rehearsal = answered()
    for words in WORDS[: count - 1]:
        rehearsal.caller(words)
    foreseen = foreseen_speeches(rehearsal, WORDS[count - 1])
    before = len(rehearsal.said)
    rehearsal.caller(WORDS[count - 1])
    assert foreseen == rehearsal.said[before:] != []


def test_foresight_changes_nothing_however_often_it_looks():
    looked, plain = answered(), answered()
    for words in WORDS:
        for guess in ("yes", "no", "goodbye", "do you work on hybrid cars", words):
            Foresight(looked.session).heard(maybe(guess, looked.tick))
        looked.caller(words)
        plain.caller(words)
    assert looked.said == plain.said
    assert looked.done == plain.done


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from([*WORDS, "no", "never mind", "what time do you open", "uh", ""]), max_size=6))
def test_whatever_was_said_before_the_copy_is_not_the_session(said):
    rehearsal = answered()
    for words in said:
        Foresight(rehearsal.session).heard(maybe("an oil change please", rehearsal.tick))
        rehearsal.caller(words)
    foreseen = foreseen_speeches(rehearsal, "could you repeat that please")
    before = len(rehearsal.said)
    rehearsal.caller("could you repeat that please")
    assert foreseen == rehearsal.said[before:]


@pytest.mark.parametrize("words", ["i don't understand what you mean", "an oil change please"])
def test_the_pace_is_foreseen_with_the_words(words):
    rehearsal = answered()
    foreseen = Foresight(rehearsal.session).heard(maybe(words, rehearsal.tick))
    rehearsal.caller(words)
    assert foreseen.pace_percent == int(
        next(c for c in rehearsal.done[::-1] if hasattr(c, "pace_percent")).pace_percent
    )
    assert (foreseen.pace_percent < 100) == ("understand" in words)


def test_an_open_question_is_foreseen_word_for_word():
    rehearsal = answered()
    question = Foresight(rehearsal.session).heard(maybe("do you fix bicycles too", rehearsal.tick)).question
    rehearsal.caller("do you fix bicycles too")
    assert question is not None
    assert (question.system, question.prompt) == (rehearsal.asks[-1].system, rehearsal.asks[-1].prompt)


def test_a_yes_or_no_question_has_two_likely_answers_and_an_open_one_has_none():
    assert set(likely_answers(Expectation.YES_NO)) == {"yes", "no"}
    assert likely_answers(Expectation.ANYTHING) == ()


@pytest.mark.parametrize(
    ("said", "is_understood"),
    [
        ("an oil change please", True),
        ("hello there", True),
        ("do you fix bicycles too", False),
        ("the purple elephant", False),
    ],
)
def test_it_is_known_whether_the_words_would_be_understood(said, is_understood):
    rehearsal = answered()
    assert Foresight(rehearsal.session).heard(maybe(said, rehearsal.tick)).is_understood is is_understood


def test_a_choice_among_what_was_offered_is_understood_and_nonsense_is_not():
    rehearsal = answered()
    rehearsal.caller("an oil change tomorrow")
    assert Foresight(rehearsal.session).heard(maybe("the first one", rehearsal.tick)).is_understood
    assert not Foresight(rehearsal.session).heard(maybe("elephants", rehearsal.tick)).is_understood
