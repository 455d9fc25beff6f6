"""A caller who is misheard: says it again, puts a wrong read-back right, and knows when nothing is wrong."""

from __future__ import annotations

from datetime import datetime
from random import Random

import pytest

from appliance import business
from appliance.cli.agent_stage import stage
from appliance.conversation import patient_caller
from appliance.conversation.patient_caller import perform_misheard
from appliance.conversation.phrases import Phrases

PLAY = """
agent: Thank you for calling ...
caller: i need an oil change on monday at nine
agent: And what name should I put it under?
caller: nora blake
agent: And what number can we reach you at?
caller: three oh three five five five oh one two three
agent: {read_back}
caller: yes
agent: It's booked: an oil change, Monday at nine o'clock in the morning. Is there anything else I can help with?
expect booked: oil_change 2026-11-23 09:00 Nora Blake 3035550123
hang up:
expect disposition: booked
""".replace(
    "{read_back}",
    "That's an oil change, Monday at nine o'clock in the morning, for Nora Blake."
    " Your number is 3 0 3, 5 5 5, 0 1 2 3. Shall I book it?",
)


def held(monkeypatch, *mistakes: tuple[str, str], play: str = PLAY):
    """The play, with each of `mistakes` (said, heard) made once."""
    left = list(mistakes)

    def hear(text, chance, rate, language):
        for mistake in left:
            if mistake[0] == text:
                left.remove(mistake)
                return mistake[1]
        return text

    monkeypatch.setattr(patient_caller, "misheard", hear)
    with stage(business.load("auto_repair"), datetime(2026, 11, 19, 10, 0)) as rehearsal:  # noqa: DTZ001
        outcome = perform_misheard(play, rehearsal, Random(1), 0.1, Phrases())
        return outcome, [turn.text for turn in rehearsal.turns if turn.speaker == "caller"]


def test_a_play_without_mistakes_is_held_as_it_stands(monkeypatch):
    outcome, said = held(monkeypatch)
    assert outcome.reached
    assert len(said) == 4


@pytest.mark.parametrize(
    ("said", "heard", "then"),
    [
        ("yes", "yet", "yes"),
        ("nora blake", "nora plague", "no my name is nora blake"),
        ("nora blake", "nora blake brown", "no my name is nora blake"),
        (
            "three oh three five five five oh one two three",
            "three oh three five five five oh one two four",
            "no the number is three oh three five five five oh one two three",
        ),
        (
            "i need an oil change on monday at nine",
            "i need an oil change on sunday at nine",
            "i need an oil change on monday at nine",
        ),
        (
            "i need an oil change on monday at nine",
            "i need an oil change on friday at nine",
            "no monday at nine o'clock in the morning",
        ),
        (
            "i need an oil change on monday at nine",
            "i need an inspection on monday at nine",
            "no an oil change",
        ),
    ],
)
def test_what_is_misheard_is_said_again_or_put_right(said, heard, then, monkeypatch):
    outcome, turns = held(monkeypatch, (said, heard))
    assert outcome.reached, turns
    assert then in turns


def test_something_else_that_was_done_is_wrong(monkeypatch):
    outcome, _ = held(monkeypatch, play=PLAY.replace("expect booked: oil_change", "expect booked: brakes"))
    assert not outcome.reached
    assert outcome.wrong


def test_a_caller_who_is_never_understood_gives_up(monkeypatch):
    names = ("nora blake", "my name is nora blake", "no my name is nora blake")
    outcome, turns = held(monkeypatch, *[(name, "la la la") for name in names] * 20)
    assert not outcome.reached
    assert len(turns) < 30


def test_a_name_that_was_given_up_is_told_at_the_read_back(monkeypatch):
    outcome, turns = held(monkeypatch, ("nora blake", "la la la"), *[("my name is nora blake", "la la")] * 3)
    assert outcome.reached
    assert turns[-2] == "no my name is nora blake"


def test_a_good_bye_that_was_misheard_is_said_again_and_the_wish_is_not(monkeypatch):
    leave = "caller: no that's all goodbye\nagent: Thank you for calling. Goodbye."
    play = PLAY.replace("hang up:", leave)
    outcome, turns = held(monkeypatch, ("no that's all goodbye", "thank you"), play=play)
    assert outcome.reached, turns
    assert turns[-2:] == ["thank you", "no that's all goodbye"]
