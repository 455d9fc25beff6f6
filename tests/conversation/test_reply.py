"""A reply while it is said: what counts as heard, when it is over, how its time is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.conversation.reply import CallerSpeech, Reply, Speech, question_share
from appliance.domain.call import TurnClass, Waterfall

TEXTS = st.lists(st.text("abcdefg", min_size=1, max_size=8), min_size=1, max_size=20).map(" ".join)


def reply(*texts: str, answers: CallerSpeech | None = None) -> Reply:
    one = Reply(1, TurnClass.FLOW, answers, decided_tick=70)
    one.speeches.update({number: Speech(text) for number, text in enumerate(texts, start=1)})
    return one


def test_it_is_over_when_each_sentence_is_and_no_more_comes():
    one = reply("First sentence.", "Second sentence.")
    one.began(1, 80)
    one.played(1, 130, 1.0, over=True)
    assert not one.is_over
    one.began(2, 130)
    one.played(2, 180, 1.0, over=True)
    assert one.is_over
    one.closed = False
    assert not one.is_over


def test_the_turn_tells_words_times_and_gap():
    one = reply("We are open.", answers=CallerSpeech(ended_tick=40, decided_tick=60, final_tick=65))
    one.voice_ready_tick = 72
    one.began(1, 75)
    one.played(1, 125, 1.0, over=True)
    turn = one.turn(4)
    assert turn is not None
    assert (turn.number, turn.text, turn.started_ms, turn.ended_ms) == (4, "We are open.", 1500, 2500)
    assert turn.response_gap_ms == (75 - 40) * 20
    assert turn.waterfall == Waterfall(800, 1200, 1300, 1400, 1440, 1500, 1500)


def test_interrupted_holds_only_what_was_heard_and_forgets_what_never_began():
    one = reply("one two three four", "five six")
    one.began(1, 10)
    one.interrupt()
    one.played(1, 60, 0.5, over=True)
    assert one.is_over
    turn = one.turn(1)
    assert turn is not None
    assert turn.interrupted
    assert turn.text == "one two"
    assert one.unplayed() == "three four five six"


def test_an_acknowledgement_is_a_sound_and_not_the_answer():
    one = reply("Let me see.", "We do.", answers=CallerSpeech(ended_tick=40, decided_tick=60, final_tick=65))
    one.speeches[1].acknowledges = True
    for number, began in ((1, 70), (2, 150)):
        one.began(number, began)
        one.played(number, began + 40, 1.0, over=True)
    turn = one.turn(1)
    assert turn is not None
    assert turn.waterfall is not None
    assert (turn.started_ms, turn.waterfall.first_sound_ms) == (1400, 1400)
    assert turn.response_gap_ms == (150 - 40) * 20


def test_nothing_heard_is_no_turn():
    one = reply("never said")
    one.interrupt()
    assert one.is_over
    assert one.turn(1) is None


@given(TEXTS, st.floats(0, 1))
def test_heard_and_unheard_words_are_the_sentence(text, share):
    one = reply(text)
    one.began(1, 0)
    one.played(1, 10, share, over=True)
    turn = one.turn(1)
    heard = turn.text if turn else ""
    assert f"{heard} {one.unplayed()}".split() == text.split()


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("Shall I book it?", ""),
        ("That's an oil change, Monday. Shall I book it?", "That'sanoilchange,Monday"),
        ("I have nine. Or ten. Which suits you?", "Ihavenine.Orten"),
        ("", ""),
    ],
)
def test_where_the_question_of_a_sentence_begins(text, before):
    letters = len(text.replace(" ", "")) or 1
    assert question_share(text) == len(before) / letters
