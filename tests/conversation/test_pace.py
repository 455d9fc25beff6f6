"""A caller's pace: pauses that were no ends make the waits longer or shorter, within bounds."""

from __future__ import annotations

import pytest

from appliance.conversation.pace import Pace

USUAL_MS = 500


def paced(*pauses_ms: int, dictating: bool = False) -> Pace:
    pace = Pace()
    for pause_ms in pauses_ms:
        pace.paused(pause_ms, dictating=dictating)
    return pace


def test_of_an_unknown_caller_the_usual_is_expected():
    assert paced().wait_ms(USUAL_MS) == paced().dictation_wait_ms(USUAL_MS) == USUAL_MS


@pytest.mark.parametrize(
    ("pauses_ms", "wait_ms"), [([250], 500), ([500], 660), ([500, 200], 660), ([5000], 800)]
)
def test_a_long_pause_makes_the_wait_longer_but_not_without_bound(pauses_ms, wait_ms):
    assert paced(*pauses_ms).wait_ms(USUAL_MS) == wait_ms


def test_what_is_understood_is_waited_for_a_little_longer_only():
    hesitant = paced(5000)
    assert hesitant.wait_ms(220) - 220 < (hesitant.wait_ms(500) - 500) / 2


def test_a_turn_without_hesitation_makes_up_for_an_earlier_one():
    pace = paced(700)
    pace.turn_over()  # the turn in which they hesitated
    assert pace.wait_ms(USUAL_MS) > USUAL_MS
    pace.turn_over()
    assert pace.wait_ms(USUAL_MS) == USUAL_MS


def test_fluent_turns_do_not_unlearn_that_a_caller_is_fluent():
    pace = paced(150, 180, 140)
    pace.turn_over()
    pace.turn_over()
    assert pace.wait_ms(USUAL_MS) < USUAL_MS


def test_who_never_pauses_long_is_waited_for_less():
    assert paced(150, 180).wait_ms(USUAL_MS) == USUAL_MS
    assert paced(150, 180, 140).wait_ms(USUAL_MS) < USUAL_MS


def test_the_closure_of_a_consonant_is_no_pause():
    assert paced(60, 80, 60, 100).wait_ms(USUAL_MS) == USUAL_MS


def test_an_old_pause_is_forgotten():
    assert paced(900, *[250] * 8).wait_ms(USUAL_MS) == USUAL_MS


@pytest.mark.parametrize(
    ("pauses_ms", "wait_ms"), [([600], 1200), ([300, 300], 960), ([700, 300], 1120), ([1100, 900], 1500)]
)
def test_in_dictation_the_longest_pause_tells_once_two_are_known(pauses_ms, wait_ms):
    assert paced(*pauses_ms, dictating=True).dictation_wait_ms(1200) == wait_ms


def test_pauses_in_a_number_say_nothing_of_those_in_sentences():
    assert paced(900, 900, dictating=True).wait_ms(USUAL_MS) == USUAL_MS
