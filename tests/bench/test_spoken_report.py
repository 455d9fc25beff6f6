"""Spoken plays in words: counted by what came of them, and the lines that were misheard with how often."""

from __future__ import annotations

from appliance.bench.spoken_caller import Spoken
from appliance.bench.spoken_plays import SpokenPlay
from appliance.bench.spoken_report import is_misheard, summary, told_of
from appliance.conversation.playing_along import Outcome

GOOD = SpokenPlay("a.call", Outcome(True), spoken=(Spoken("yes please", "yeah please"), Spoken("bye", "bye")))
WRONG = SpokenPlay(
    "b.call",
    Outcome(False, wrong=True, complaint="booked: wanted 'none', found 'oil_change'"),
    spoken=(Spoken("yes please", "yes please"),),
    turns=("agent: Hello.", "caller: yes please"),
)
ALONE = SpokenPlay("c.call", Outcome(False), skipped="telephones of colleagues")


def test_other_signs_and_capitals_are_no_other_words():
    assert not is_misheard(Spoken("yes, please", "Yes please"))
    assert is_misheard(Spoken("yes please", ""))


def test_a_play_that_came_to_something_else_is_told_with_what_was_said():
    assert told_of(GOOD) == "a.call: as it should; 2 lines said, 1 misheard"
    first, *turns = told_of(WRONG).splitlines()
    assert first == "b.call: booked: wanted 'none', found 'oil_change'; 1 lines said, 0 misheard"
    assert [turn.strip() for turn in turns] == ["agent: Hello.", "caller: yes please"]
    assert told_of(ALONE) == "c.call: not spoken, it needs telephones of colleagues"


def test_the_sum_counts_what_was_spoken_and_says_what_was_misheard_how_often():
    assert summary([GOOD, WRONG, ALONE]).splitlines() == [
        "2 plays over real calls: 1 reach their outcome, in 1 something else was done; 1 not spoken",
        "3 lines said, 33 % not heard word for word",
        '  1 of 2: "yes please" heard as "yeah please"',
    ]
