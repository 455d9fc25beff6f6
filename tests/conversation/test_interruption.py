"""Who interrupts us and who only nods: plays in ticks, with a line's levels and a detector's probabilities."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from appliance.conversation.interruption import (
    SILENT_DBFS,
    EchoGuess,
    Interruption,
    Interrupts,
    Levels,
    MayInterrupt,
    NobodyInterrupts,
    Patience,
    is_nod,
    level_dbfs,
)
from appliance.domain.expectation import Expectation
from appliance.domain.sound import FRAME_BYTES, FRAME_SAMPLES, ticks

CALM = Levels(-75.0, -75.0, -20.0)
VOICE = Levels(-26.0, -26.0, -20.0)
WE_ARE_SILENT = SILENT_DBFS


@dataclass
class Line:
    """A call in which we speak all the time; what is decided is kept with its tick."""

    judge: Interruption = field(default_factory=Interruption)
    tick: int = 0
    decided: list[tuple[int, object]] = field(default_factory=list)

    def hears(self, levels: Levels, speech: float, *, for_ticks: int, we_speak: bool = True) -> Line:
        for _ in range(for_ticks):
            held = self.judge.is_holding or not we_speak
            now = Levels(
                levels.heard_dbfs, levels.cleaned_dbfs, WE_ARE_SILENT if held else levels.spoken_dbfs
            )
            self.judge.choose(now)
            verdict = self.judge.tick(speech, we_speak=we_speak)
            if verdict is not None:
                self.decided.append((self.tick, verdict))
            self.tick += 1
        return self

    def verdicts(self) -> list[type]:
        return [type(verdict) for _, verdict in self.decided]


@pytest.fixture
def line() -> Line:
    """Two seconds of calm are over; tick 0 is now."""
    line = Line().hears(CALM, 0.01, for_ticks=100)
    line.tick = 0
    return line


def test_we_fall_silent_within_three_ticks_of_a_voice_and_before_the_detector_is_sure(line):
    line.hears(VOICE, 0.1, for_ticks=3)
    assert line.verdicts() == [MayInterrupt]
    assert line.judge.is_holding


def test_speech_that_goes_on_interrupts(line):
    line.hears(VOICE, 0.1, for_ticks=5).hears(VOICE, 0.95, for_ticks=50)
    assert line.verdicts()[:2] == [MayInterrupt, Interrupts]


def test_a_word_that_says_something_interrupts_at_once(line):
    line.hears(VOICE, 0.1, for_ticks=3).hears(VOICE, 0.9, for_ticks=10)
    line.judge.words("wait")
    line.hears(VOICE, 0.9, for_ticks=1)
    assert line.decided[-1] == (13, Interrupts())


@pytest.mark.parametrize("said", ["uh huh", "okay", "mm hmm", "yeah right"])
def test_a_nod_does_not_stop_a_statement(line, said):
    line.hears(VOICE, 0.9, for_ticks=20)
    line.judge.words(said)
    line.hears(CALM, 0.05, for_ticks=30)
    assert line.verdicts() == [MayInterrupt, NobodyInterrupts]


def test_a_long_nod_is_still_a_nod(line):
    line.hears(VOICE, 0.9, for_ticks=10)
    line.judge.words("okay")
    line.hears(VOICE, 0.9, for_ticks=Patience().sure + 4).hears(CALM, 0.02, for_ticks=20)
    assert line.verdicts() == [MayInterrupt, NobodyInterrupts]


def test_the_same_word_after_a_question_is_an_answer(line):
    line.judge.expect(Expectation.YES_NO)
    line.hears(VOICE, 0.9, for_ticks=20)
    line.judge.words("okay")
    line.hears(CALM, 0.05, for_ticks=5)
    assert line.verdicts() == [MayInterrupt, Interrupts]


def test_a_cough_holds_us_for_less_than_a_fifth_of_a_second(line):
    line.hears(Levels(-18.0, -18.0, -20.0), 0.06, for_ticks=9).hears(CALM, 0.05, for_ticks=20)
    (held, _), (went_on, _) = line.decided
    assert line.verdicts() == [MayInterrupt, NobodyInterrupts]
    assert went_on - held <= ticks(180)


def test_a_first_short_word_holds_us_over_the_pause_that_follows_it(line):
    """ "Wait, I only have a question": going on between the first two words would stop us twice, and late."""
    line.hears(VOICE, 0.9, for_ticks=5).hears(CALM, 0.1, for_ticks=ticks(180)).hears(VOICE, 0.9, for_ticks=50)
    assert line.verdicts()[:2] == [MayInterrupt, Interrupts]


def test_a_sound_that_lasts_is_listened_to_longer_than_one_that_is_gone(line):
    line.hears(VOICE, 0.1, for_ticks=9).hears(VOICE, 0.95, for_ticks=50)
    assert line.verdicts()[:2] == [MayInterrupt, Interrupts]


def test_who_speaks_in_our_first_second_on_a_line_without_echo_is_heard_at_once():
    line = Line().hears(CALM, 0.01, for_ticks=ticks(700))
    line.tick = 0
    line.hears(VOICE, 0.9, for_ticks=3)
    assert line.verdicts() == [MayInterrupt]


def test_until_our_voice_could_have_come_back_a_sound_may_be_it():
    line = Line().hears(CALM, 0.01, for_ticks=ticks(280)).hears(VOICE, 0.9, for_ticks=5)
    assert line.verdicts() == []


def test_a_click_of_one_tick_is_not_even_noticed(line):
    line.hears(VOICE, 0.02, for_ticks=1).hears(CALM, 0.02, for_ticks=50)
    assert line.decided == []


def test_steady_music_holds_us_once(line):
    line.hears(Levels(-35.0, -35.0, -20.0), 0.15, for_ticks=60 * 50)
    assert line.verdicts() == [MayInterrupt, NobodyInterrupts]


def test_after_a_false_alarm_a_voice_still_stops_us(line):
    line.hears(VOICE, 0.05, for_ticks=10).hears(CALM, 0.02, for_ticks=20)
    line.decided.clear()
    line.tick = 0
    line.hears(VOICE, 0.05, for_ticks=3).hears(VOICE, 0.9, for_ticks=50)
    assert line.verdicts()[:2] == [MayInterrupt, Interrupts]
    assert line.decided[0][0] <= 5


def test_nothing_is_held_while_we_are_silent(line):
    line.hears(VOICE, 0.95, for_ticks=100, we_speak=False)
    assert line.decided == []


def test_a_hold_always_ends(line):
    line.hears(VOICE, 0.4, for_ticks=Patience().longest + 10)
    assert line.verdicts()[:2] == [MayInterrupt, NobodyInterrupts]


def our_voice(seconds: float) -> list[float]:
    """Levels of somebody talking: syllables of four a second between -18 and -45 dBFS."""
    chance = np.random.default_rng(5)
    ticks_ = np.arange(int(seconds * 50))
    return list(-31 + 13 * np.sin(ticks_ * 0.5) + chance.normal(0, 2, len(ticks_)))


@pytest.mark.parametrize("gain_db", [0.0, -10.0, -20.0])
@pytest.mark.parametrize("delay_ticks", [2, 8, 17])
@pytest.mark.parametrize("removed_db", [0.0, 25.0])
def test_our_own_echo_never_stops_us(gain_db, delay_ticks, removed_db):
    """Even when the canceller takes nothing out and the detector is sure that it hears a voice."""
    judge, verdicts = Interruption(), []
    spoken = our_voice(20)
    for tick, level in enumerate(spoken):
        echo = spoken[tick - delay_ticks] + gain_db if tick >= delay_ticks else -75.0
        judge.choose(Levels(echo, echo - removed_db, level))
        verdicts.append(judge.tick(0.95 if removed_db == 0.0 else 0.3, we_speak=True))
    assert [one for one in verdicts if one is not None] == []


def test_a_caller_louder_than_our_echo_stops_us():
    judge, verdicts = Interruption(), []
    for tick, level in enumerate(our_voice(10)):
        echo = level - 20
        heard = -20.0 if tick > 300 else echo
        judge.choose(Levels(heard, heard if tick > 300 else echo - 25, level))
        verdicts.append(judge.tick(0.9 if tick > 302 else 0.05, we_speak=True))
    first = next(tick for tick, one in enumerate(verdicts) if one is not None)
    assert 300 < first <= 304


def test_a_canceller_that_swallows_the_caller_does_not_make_them_our_echo(line):
    """AEC3 takes a caller for echo for some 300 ms even where there is none: the untouched frame is heard."""
    swallowed = Levels(-20.0, -80.0, -20.0)
    chosen = []
    for _ in range(15):
        chosen.append(line.judge.choose(swallowed))
        line.judge.tick(0.05, we_speak=True)
    assert all(chosen)


def test_the_guess_learns_gain_and_delay():
    guess, off_db = EchoGuess(), []
    spoken = our_voice(20)
    for tick, level in enumerate(spoken):
        echo = spoken[tick - 6] - 15 if tick >= 6 else -75.0
        expected = guess.hear(Levels(echo, echo - 20, level))
        off_db.append(abs(expected - echo))
    assert np.median(off_db[500:]) < 3


@pytest.mark.parametrize("text", ["uh huh", "mm hum", "and hum", "mhmm", "okay right"])
def test_what_a_recogniser_makes_of_a_hum_is_a_nod(text):
    assert is_nod(text)


@pytest.mark.parametrize("text", ["", "and", "and then", "wait", "no", "hum me a song", "yeah but wait"])
def test_words_are_no_nod(text):
    assert not is_nod(text)


def test_levels_are_in_dbfs():
    assert level_dbfs(bytes(FRAME_BYTES)) == SILENT_DBFS
    square = np.full(FRAME_SAMPLES, 3277, np.int16).tobytes()
    assert level_dbfs(square) == pytest.approx(-20, abs=0.01)
