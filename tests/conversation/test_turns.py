"""Whose turn it is, in ticks: onset, end, dictation, interruption, silence."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.conversation.pace import Pace
from appliance.conversation.turns import (
    Asked,
    BothSilent,
    Fullness,
    MayBeOver,
    SpeechBegins,
    TurnOver,
    TurnTaker,
    end_silence_ms,
    fullness,
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
    ("text", "expectation", "is_understood", "full"),
    [
        ("", Expectation.ANYTHING, False, Fullness.UNKNOWN),
        ("", Expectation.PHONE, False, Fullness.DICTATED),
        ("i was there yesterday", Expectation.ANYTHING, False, Fullness.UNKNOWN),
        ("what time do you open", Expectation.ANYTHING, True, Fullness.UNDERSTOOD),
        ("can i pay by", Expectation.ANYTHING, False, Fullness.UNFINISHED),
        ("can i just come by", Expectation.ANYTHING, True, Fullness.UNKNOWN),
        ("what time do you open and", Expectation.ANYTHING, True, Fullness.UNFINISHED),
        ("i would like to speak to somebody", Expectation.ANYTHING, False, Fullness.UNDERSTOOD),
        ("thank you very much", Expectation.ANYTHING, False, Fullness.UNDERSTOOD),
        ("no that's all thank you goodbye", Expectation.ANYTHING, False, Fullness.COMPLETE),
        ("yes", Expectation.YES_NO, False, Fullness.COMPLETE),
        ("yes please", Expectation.YES_NO, False, Fullness.COMPLETE),
        ("yes it is", Expectation.YES_NO, False, Fullness.COMPLETE),
        ("yes i think so", Expectation.YES_NO, False, Fullness.COMPLETE),
        ("yes but", Expectation.YES_NO, False, Fullness.UNFINISHED),
        ("no the", Expectation.YES_NO, False, Fullness.UNFINISHED),
        ("well", Expectation.YES_NO, False, Fullness.UNKNOWN),
        ("my number is", Expectation.PHONE, False, Fullness.DICTATED),
        ("my number is five five", Expectation.PHONE, False, Fullness.DICTATED),
        ("it's three oh three five five five", Expectation.PHONE, False, Fullness.DICTATED),
        ("three oh three five five five uh", Expectation.PHONE, False, Fullness.UNFINISHED),
        ("three oh three five five five oh one seven two", Expectation.PHONE, False, Fullness.COMPLETE),
        ("one two three four five six seven eight nine oh", Expectation.PHONE, False, Fullness.UNKNOWN),
        ("let me see", Expectation.PHONE, False, Fullness.UNFINISHED),
        ("well i think", Expectation.PHONE, False, Fullness.DICTATED),
        ("three oh three five five five oh one seven", Expectation.PHONE, False, Fullness.UNKNOWN),
        ("why do you need my number", Expectation.PHONE, True, Fullness.UNDERSTOOD),
        ("i was wondering", Expectation.ANYTHING, False, Fullness.UNFINISHED),
        ("never mind", Expectation.ANYTHING, False, Fullness.UNDERSTOOD),
        ("i'd like to come on monday and", Expectation.DAY, False, Fullness.UNFINISHED),
        ("tuesday", Expectation.DAY, False, Fullness.UNDERSTOOD),
        ("tuesday or", Expectation.DAY, False, Fullness.UNFINISHED),
        ("tuesday in the", Expectation.DAY, False, Fullness.UNFINISHED),
        ("tuesday morning", Expectation.DAY, False, Fullness.COMPLETE),
        ("as soon as possible", Expectation.DAY, False, Fullness.COMPLETE),
        ("half past nine", Expectation.TIME, False, Fullness.UNDERSTOOD),
        ("nine thirty please", Expectation.TIME, False, Fullness.COMPLETE),
        ("nine", Expectation.TIME, False, Fullness.UNDERSTOOD),
        ("alice", Expectation.NAME, False, Fullness.UNKNOWN),
        ("my name is alice miller", Expectation.NAME, False, Fullness.UNDERSTOOD),
        ("it's miller m i l", Expectation.NAME, False, Fullness.DICTATED),
        ("please tell them the part arrived", Expectation.MESSAGE, False, Fullness.DICTATED),
    ],
)
def test_how_full_the_words_are(text, expectation, is_understood, full):
    assert fullness(text, Asked(expectation, now=NOW), is_understood=is_understood) is full


def test_where_numbers_have_no_fixed_length_a_valid_one_may_go_on():
    german = Asked(Expectation.PHONE, region="DE")
    assert fullness("oh three oh two three one two five oh oh", german) is Fullness.UNDERSTOOD


def test_the_fuller_the_words_the_shorter_the_wait():
    sayings = [
        ("yes please", Asked(Expectation.YES_NO)),
        ("could somebody call me back", Asked()),
        ("i was there yesterday", Asked()),
        ("my number is five five", Asked(Expectation.PHONE)),
    ]
    waits = [end_silence_ms(text, asked, LIMITS) for text, asked in sayings]
    assert waits == sorted(set(waits))
    assert waits[0] == LIMITS.complete_silence_ms


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


def test_silence_of_both_is_told_every_second_and_starts_again_after_a_sound():
    taker = TurnTaker(LIMITS)
    signals = play(taker, "." * (2 * TICKS_PER_S))
    assert [signal for _, signal in signals] == [BothSilent(1000), BothSilent(2000)]
    play(taker, "." * 10, we_speak=True)
    assert play(taker, "." * (TICKS_PER_S - 1)) == []


@pytest.mark.parametrize("text", ["i want to come in on", "my number is", "uh", "tuesday or", "let me think"])
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


# --- plays: how people really answer ------------------------------------------------------------


def say(taker: TurnTaker, *said: tuple[str, str], asked: Asked | None = None) -> list[tuple[int, int]]:
    """Play pieces of (ticks, words by the end of their speech); gives (decided tick, silence waited) of each end."""
    if asked is not None:
        taker.expect(asked)
    ends, tick = [], 0
    for pattern, words in said:
        for mark in pattern:
            if mark == "." and words:
                taker.words(words)
            for signal in taker.tick(tick, speech=mark == "#", we_speak=False):
                if isinstance(signal, TurnOver):
                    ends.append((tick, tick - signal.ended_tick))
            tick += 1
    return ends


def pause(ms: int) -> str:
    return "." * ticks(ms)


def test_a_fast_yes_is_answered_fast():
    ends = say(TurnTaker(LIMITS), ("#" * 15 + pause(1500), "yes"), asked=Asked(Expectation.YES_NO))
    assert [waited for _, waited in ends] == [ticks(LIMITS.complete_silence_ms)]


def test_a_number_dictated_in_groups_is_one_turn_and_over_soon_after_its_last_digit():
    ends = say(
        TurnTaker(LIMITS),
        ("#" * 60 + pause(800), "my number is three oh three"),
        ("#" * 40 + pause(700), "my number is three oh three five five five"),
        ("#" * 50 + pause(1500), "my number is three oh three five five five oh one seven two"),
        asked=Asked(Expectation.PHONE),
    )
    assert [waited for _, waited in ends] == [ticks(LIMITS.complete_silence_ms)]


def test_thinking_aloud_is_waited_for():
    ends = say(
        TurnTaker(LIMITS),
        ("#" * 30 + pause(1000), "my number is"),
        ("#" * 20 + pause(1000), "my number is uh"),
        ("#" * 60 + pause(1500), "my number is uh three oh three five five five oh one seven two"),
        asked=Asked(Expectation.PHONE),
    )
    assert len(ends) == 1


def test_a_trailing_and_is_waited_for():
    ends = say(
        TurnTaker(LIMITS),
        ("#" * 60 + pause(1000), "my car won't start and"),
        ("#" * 60 + pause(1500), "my car won't start and it smells of petrol"),
    )
    assert len(ends) == 1


def test_who_spells_is_waited_for():
    ends = say(
        TurnTaker(LIMITS),
        ("#" * 40 + pause(900), "miller m i l"),
        ("#" * 40 + pause(1800), "miller m i l l e r"),
        asked=Asked(Expectation.NAME),
    )
    assert len(ends) == 1


def test_who_went_on_once_is_waited_for_longer_the_next_time():
    def waited(pause_ms):
        return say(
            TurnTaker(LIMITS),
            ("#" * 50 + pause(pause_ms), "i was there"),
            ("#" * 50 + pause(2000), "i was there yesterday morning"),
        )

    calm, slow = waited(100), waited(460)
    assert [silent for _, silent in calm] == [ticks(LIMITS.end_silence_ms)]
    assert len(slow) == 1
    assert slow[0][1] > calm[0][1]


def test_who_was_cut_is_waited_for_longer_the_next_time():
    taker = TurnTaker(LIMITS)
    gap_ms = LIMITS.end_silence_ms + 200
    ends = say(
        taker, ("#" * 50 + pause(gap_ms), ""), ("#" * 50 + pause(2000), ""), ("#" * 50 + pause(2000), "")
    )
    assert ends[0][1] < ends[-1][1]


def test_words_that_stand_still_in_noise_end_the_turn():
    taker = TurnTaker(LIMITS)
    taker.expect(Asked(Expectation.YES_NO))
    play(taker, "#" * 20)
    taker.words("yes please")
    ends = [
        (tick, signal) for tick, signal in play(taker, "#" * 200, start=20) if isinstance(signal, TurnOver)
    ]
    wait = ticks(LIMITS.complete_silence_ms) + ticks(LIMITS.standstill_ms)
    assert ends[0] == (19 + wait, TurnOver(0, 19))


def test_words_that_go_on_in_noise_do_not_end_the_turn():
    taker = TurnTaker(LIMITS)
    ends = []
    for second in range(10):
        ends += play(taker, "#" * TICKS_PER_S, start=second * TICKS_PER_S)
        taker.words(" ".join(["and so on"] * (second + 1)))
    assert not [signal for _, signal in ends if isinstance(signal, TurnOver)]


# --- laws ---------------------------------------------------------------------------------------

SAYINGS = st.sampled_from(
    [
        "",
        "yes",
        "my number is",
        "three oh three",
        "three oh three five five five oh one seven two",
        "and",
        "tuesday",
    ]
)
ASKED = st.sampled_from(list(Expectation)).map(lambda kind: Asked(kind, now=NOW))
PATTERNS = st.lists(st.tuples(st.sampled_from("#."), st.integers(1, 80)), max_size=12).map(
    lambda runs: "".join(mark * count for mark, count in runs)
)
LONGEST_WAIT_MS = round(LIMITS.dictation_silence_ms * 1.25)


@given(SAYINGS, ASKED, st.booleans(), st.lists(st.tuples(st.integers(0, 3000), st.booleans()), max_size=12))
def test_a_wait_is_never_shorter_than_for_a_complete_answer_nor_longer_than_the_cap(
    text, asked, sense, pauses
):
    pace = Pace()
    for pause_ms, dictating in pauses:
        pace.paused(pause_ms, dictating=dictating)
    wait_ms = end_silence_ms(text, asked, LIMITS, is_understood=sense, pace=pace)
    assert LIMITS.complete_silence_ms <= wait_ms <= LONGEST_WAIT_MS


@given(SAYINGS, ASKED, PATTERNS)
def test_every_turn_that_begins_ends_once_in_its_order_and_not_before_its_silence(text, asked, pattern):
    taker = TurnTaker(LIMITS)
    taker.expect(asked)
    least = ticks(LIMITS.complete_silence_ms)
    is_open = False
    for tick, mark in enumerate(pattern + "." * ticks(LONGEST_WAIT_MS)):
        taker.words(text)
        for signal in taker.tick(tick, speech=mark == "#", we_speak=False):
            match signal:
                case SpeechBegins():
                    assert not is_open
                    is_open = True
                case TurnOver(started_tick=started, ended_tick=ended):
                    assert is_open
                    assert started <= ended <= tick - least
                    is_open = False
    assert not is_open
    assert not taker.is_open


def test_no_that_s_all_is_mostly_followed_by_a_good_bye():
    """ "No, that's all. [240 ms] Goodbye." is one turn; the recogniser is a word late at the pause."""
    assert fullness("no that's", Asked(), is_understood=True) is Fullness.UNFINISHED
    assert fullness("no that's all", Asked()) is Fullness.UNKNOWN
    assert fullness("no that's all goodbye", Asked()) is Fullness.COMPLETE


def test_a_question_may_end_on_a_preposition():
    """Waited for a little, but not like a sentence that must go on."""
    assert fullness("what kind of oil do you put in", Asked()) is Fullness.UNKNOWN
    assert end_silence_ms("what kind of oil do you put in", Asked(), LIMITS) == LIMITS.end_silence_ms
    assert fullness("i'd like to come in", Asked()) is Fullness.UNFINISHED


def test_how_near_the_end_is_can_be_asked():
    taker = TurnTaker(LIMITS)
    assert not taker.ends_within(1000)
    play(taker, "#" * 5)
    wait = ticks(LIMITS.end_silence_ms)
    play(taker, "." * (wait - 3), start=5)
    assert taker.ends_within(3)
    assert not taker.ends_within(2)


def test_asked_for_a_number_who_says_something_else_is_not_waited_for_like_a_number():
    asked = Asked(Expectation.PHONE)
    assert fullness("well i think", asked) is Fullness.DICTATED
    assert fullness("what do you need that for", asked) is Fullness.UNKNOWN
    assert fullness("yes that's right", asked) is Fullness.UNKNOWN
