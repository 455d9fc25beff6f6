"""Whose turn it is, in ticks: onset, end, dictation, interruption, silence."""

from __future__ import annotations

from datetime import datetime

import pytest

from appliance.conversation.turns import (
    Asked,
    BothSilent,
    Interrupts,
    MayBeOver,
    SpeechBegins,
    TurnOver,
    TurnTaker,
    end_silence_ms,
    is_unfinished,
)
from appliance.domain.expectation import Expectation
from appliance.domain.sound import TICKS_PER_S, ticks
from appliance.settings import Turns

LIMITS = Turns()
NOW = datetime.fromisoformat("2026-11-19T10:00")


def play(taker: TurnTaker, pattern: str, *, we_speak: bool = False, start: int = 0):
    """One character a tick: '#' speech, '.' none. Gives (tick, signal) pairs."""
    return [
        (start + at, signal)
        for at, mark in enumerate(pattern)
        for signal in taker.tick(start + at, speech=mark == "#", we_speak=we_speak)
    ]


def over(played):
    """What was played, without the moments that only prepare."""
    return [(tick, signal) for tick, signal in played if not isinstance(signal, MayBeOver)]


def test_a_turn_begins_where_the_speech_began_and_ends_after_the_silence():
    wait = ticks(LIMITS.end_silence_ms)
    signals = over(play(TurnTaker(LIMITS), "." * 10 + "#" * 40 + "." * (wait + 5)))
    assert signals == [
        (12, SpeechBegins(started_tick=10)),
        (49 + wait, TurnOver(started_tick=10, ended_tick=49)),
    ]


def test_a_click_is_not_a_turn():
    assert play(TurnTaker(LIMITS), "..#....#.....#....") == []


def test_a_pause_shorter_than_the_wait_does_not_cut_the_turn():
    wait = ticks(LIMITS.end_silence_ms)
    signals = over(play(TurnTaker(LIMITS), "#" * 20 + "." * (wait - 1) + "#" * 20 + "." * wait))
    ended = 20 + wait - 1 + 20 - 1
    assert [signal for _, signal in signals] == [SpeechBegins(0), TurnOver(0, ended)]


@pytest.mark.parametrize(
    ("text", "expectation", "wait_ms"),
    [
        ("what time do you open", Expectation.ANYTHING, LIMITS.end_silence_ms),
        ("yes please", Expectation.YES_NO, LIMITS.complete_silence_ms),
        ("my number is five five", Expectation.PHONE, LIMITS.dictation_silence_ms),
        ("three oh three five five five oh one seven two", Expectation.PHONE, LIMITS.complete_silence_ms),
        ("i'd like to come on monday and", Expectation.DAY, LIMITS.dictation_silence_ms),
        ("tuesday", Expectation.DAY, LIMITS.end_silence_ms),
        ("tuesday morning", Expectation.DAY, LIMITS.complete_silence_ms),
        ("alice", Expectation.NAME, LIMITS.end_silence_ms),
        ("my name is alice miller", Expectation.NAME, LIMITS.complete_silence_ms),
        ("half past nine", Expectation.TIME, LIMITS.complete_silence_ms),
        ("please tell them that", Expectation.MESSAGE, LIMITS.dictation_silence_ms),
        ("no that's all thank you goodbye", Expectation.ANYTHING, LIMITS.complete_silence_ms),
        ("", Expectation.ANYTHING, LIMITS.end_silence_ms),
    ],
)
def test_how_long_a_silence_ends_the_turn(text, expectation, wait_ms):
    assert end_silence_ms(text, Asked(expectation, now=NOW), LIMITS) == wait_ms


def test_words_that_make_sense_are_waited_for_less_unless_they_want_another():
    asked = Asked(Expectation.ANYTHING)
    assert (
        end_silence_ms("can i pay by card", asked, LIMITS, is_understood=True) == LIMITS.complete_silence_ms
    )
    assert end_silence_ms("can i pay by", asked, LIMITS, is_understood=True) == LIMITS.dictation_silence_ms


def test_words_that_arrive_during_the_turn_change_the_wait():
    taker = TurnTaker(LIMITS)
    taker.expect(Asked(Expectation.YES_NO))
    play(taker, "#" * 10)
    taker.words("yes")
    signals = play(taker, "." * ticks(LIMITS.complete_silence_ms), start=10)
    assert signals[-1] == (9 + ticks(LIMITS.complete_silence_ms), TurnOver(0, 9))


def test_talking_without_pause_is_cut_into_pieces():
    taker = TurnTaker(LIMITS)
    longest = ticks(LIMITS.longest_utterance_ms)
    signals = [signal for _, signal in play(taker, "#" * (2 * longest + 50))]
    assert sum(isinstance(signal, TurnOver) for signal in signals) == 2
    assert sum(isinstance(signal, SpeechBegins) for signal in signals) == 3


def test_speech_over_ours_interrupts_once():
    taker = TurnTaker(LIMITS)
    signals = [signal for _, signal in play(taker, "#" * 60, we_speak=True)]
    assert signals == [SpeechBegins(0), Interrupts()]


def test_a_backchannel_over_a_statement_does_not_interrupt():
    taker = TurnTaker(LIMITS)
    play(taker, "#" * 5, we_speak=True)
    taker.words("uh huh")
    assert play(taker, "#" * 30, we_speak=True, start=5) == []


def test_the_same_word_after_a_question_does():
    taker = TurnTaker(LIMITS)
    taker.expect(Asked(Expectation.YES_NO))
    play(taker, "#" * 5, we_speak=True)
    taker.words("uh huh")
    assert [signal for _, signal in play(taker, "#" * 30, we_speak=True, start=5)] == [Interrupts()]


def test_silence_of_both_is_told_every_second_and_starts_again_after_a_sound():
    taker = TurnTaker(LIMITS)
    signals = play(taker, "." * (2 * TICKS_PER_S))
    assert [signal for _, signal in signals] == [BothSilent(1000), BothSilent(2000)]
    play(taker, "." * 10, we_speak=True)
    assert play(taker, "." * (TICKS_PER_S - 1)) == []


@pytest.mark.parametrize("text", ["i want to come in on", "my number is", "uh", "tuesday or"])
def test_unfinished(text):
    assert is_unfinished(text)


@pytest.mark.parametrize("text", ["", "tuesday", "what time do you open"])
def test_finished(text):
    assert not is_unfinished(text)


def test_a_pause_tells_once_that_the_turn_may_be_over_and_again_when_the_words_change():
    taker = TurnTaker(LIMITS)
    pause = ticks(LIMITS.prepare_after_ms)
    said = [signal for _, signal in play(taker, "#" * 10 + "." * (pause + 3))]
    assert said == [SpeechBegins(0), MayBeOver(started_tick=0, last_speech_tick=9)]
    taker.words("one more word")
    assert [signal for _, signal in play(taker, "..", start=13 + pause)] == [MayBeOver(0, 9)]
    assert play(taker, "##", start=15 + pause) == []
    again = play(taker, "." * pause, start=17 + pause)
    assert again == [(16 + 2 * pause, MayBeOver(0, 16 + pause))]


def test_a_turn_of_its_own_may_be_over_again():
    taker = TurnTaker(LIMITS)
    pattern = "#" * 10 + "." * (ticks(LIMITS.end_silence_ms) + 1)
    signals = [signal for _, signal in play(taker, pattern * 2)]
    assert sum(isinstance(signal, MayBeOver) for signal in signals) == 2
