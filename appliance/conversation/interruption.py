"""Does somebody mean to interrupt us? Fed every tick while we speak; decides in two stages.

Nobody can tell "uh-huh" from "wait" in the time in which a person falls silent (some 150 ms), so the first
stage only says that this may be a voice, and the line is held. The second hears what becomes of it, while we
are silent: words that say something, or speech that goes on, interrupt; a listener's "mm-hmm", a cough, a
click or music do not, and we go on from the word.

A detector of voices needs five ticks (median) for the first word, and ten now and then: too late. So on a
line that was calm any sound holds us that stands out of the noise for two ticks and is louder than the echo
of ours that must be expected. If it shows no voice within a few ticks we go on, and for a while we are wary:
then only a voice holds us, by a sequential test on the detector's probabilities (CUSUM, Page 1954).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from appliance.conversation.answers import is_backchannel
from appliance.domain.expectation import Expectation
from appliance.domain.sound import ticks

SILENT_DBFS: Final = -90.0


@dataclass(frozen=True, slots=True)
class Levels:
    """How loud one tick was, RMS in dBFS, SILENT_DBFS at least."""

    heard_dbfs: float
    cleaned_dbfs: float
    spoken_dbfs: float


@dataclass(frozen=True, slots=True)
class MayInterrupt:
    """There seems to be a voice over ours: fall silent, keep the place."""


@dataclass(frozen=True, slots=True)
class Interrupts:
    """The caller means it: what we were saying is over."""


@dataclass(frozen=True, slots=True)
class NobodyInterrupts:
    """It was nothing: go on from the word."""


Verdict = MayInterrupt | Interrupts | NobodyInterrupts

_HUMS: Final = frozenset("mm mmm mh mhm mhmm hm hmm hum huh uh um ah aha oh and".split())
"""What a recogniser of words makes of a hum: "mm-hmm" comes out as "and hum"."""


def is_nod(text: str) -> bool:
    """Whether `text`, said over us, only means "I am listening"; empty text means nothing."""
    words = text.split()
    return bool(words) and (is_backchannel(text) or (set(words) <= _HUMS and words != ["and"]))


def level_dbfs(frame: bytes) -> float:
    """RMS of int16 samples in dB below full scale, SILENT_DBFS for silence."""
    samples = np.frombuffer(frame, np.int16).astype(np.float64)
    power = float(np.dot(samples, samples)) / max(len(samples), 1) / 32768**2
    return 10 * math.log10(power) if power > 1e-9 else SILENT_DBFS


# --- our own echo -------------------------------------------------------------------------------

_ECHO_TICKS: Final = ticks(560)  # delays up to 300 ms, jitter buffers and the room's tail after them
_STEP: Final = 0.3
_STEP_DOUBTFUL: Final = 0.01  # louder than expected: the path has changed, or it is the caller
_FADE: Final = 0.05
_FADE_UNANSWERED: Final = 0.3
_LOUD_DBFS: Final = -40.0
_LONGEST_WAY_TICKS: Final = ticks(360)  # a delay of 300 ms and the network's own
_LOUDER_THAN_ECHO_DB: Final = 6.0
_NOTHING_DBFS: Final = -60.0
_REMOVED_UP: Final = 0.1
_REMOVED_DOWN: Final = 0.02  # double talk looks like a canceller that has stopped to work


class EchoGuess:
    """How loud our own voice must be expected to return: a filter on powers, a tap a tick of delay.

    Normalised LMS (Widrow and Hoff 1960) with weights that cannot be negative, as powers only add. At first
    the loudest we played lately counts as echo at 0 dB; that belief fades while we speak, and fast once
    nothing has come back for longer than any way back takes.
    """

    def __init__(self) -> None:
        self._played: npt.NDArray[np.float64] = np.zeros(_ECHO_TICKS)
        self._weights: npt.NDArray[np.float64] = np.zeros(_ECHO_TICKS)
        self._ignorance = 1.0
        self._unanswered_ticks = 0
        self._expected_dbfs = SILENT_DBFS
        self._removed_db = 0.0

    @property
    def left_dbfs(self) -> float:
        """What of the expected echo the canceller must be expected to leave."""
        return self._expected_dbfs - self._removed_db

    def hear(self, levels: Levels) -> float:
        """The echo to expect in this tick, dBFS; learns from what came when that was nobody but us."""
        self._played[1:] = self._played[:-1]
        self._played[0] = _power(levels.spoken_dbfs)
        learnt = float(self._weights @ self._played)
        self._expected_dbfs = _dbfs(learnt + self._ignorance * float(self._played.max()))
        only_us = levels.heard_dbfs < max(self._expected_dbfs + _LOUDER_THAN_ECHO_DB, _NOTHING_DBFS)
        returned = min(
            _power(levels.heard_dbfs), 2 * float(self._played.max())
        )  # no echo is louder than that
        self._learn(returned - learnt, _STEP if only_us else _STEP_DOUBTFUL)
        if only_us:
            self._grow_sure(levels)
            self._judge_canceller(levels)
        return self._expected_dbfs

    def _grow_sure(self, levels: Levels) -> None:
        """A line on which our loud voice stays without an answer has no echo: its first caller is heard at once."""
        self._ignorance *= 1 - _FADE if levels.spoken_dbfs > SILENT_DBFS else 1
        was_loud = float(self._played.max()) > _power(_LOUD_DBFS)
        is_unanswered = was_loud and levels.heard_dbfs < _NOTHING_DBFS
        self._unanswered_ticks = self._unanswered_ticks + 1 if is_unanswered else 0
        if self._unanswered_ticks >= _LONGEST_WAY_TICKS:
            self._ignorance *= 1 - _FADE_UNANSWERED

    def _judge_canceller(self, levels: Levels) -> None:
        if levels.heard_dbfs < _NOTHING_DBFS:
            return
        gap_db = levels.heard_dbfs - levels.cleaned_dbfs - self._removed_db
        self._removed_db += gap_db * (_REMOVED_UP if gap_db > 0 else _REMOVED_DOWN)

    def _learn(self, error: float, step: float) -> None:
        """What the canceller makes of it is no guide: at first it swallows a caller as if they were us."""
        energy = float(self._played @ self._played)
        if energy <= 0:
            return
        self._weights = np.maximum(0.0, self._weights + step * error * self._played / energy)


def _power(dbfs: float) -> float:
    return 10 ** (dbfs / 10) if dbfs > SILENT_DBFS else 0.0


def _dbfs(power: float) -> float:
    return 10 * math.log10(power) if power > 1e-9 else SILENT_DBFS


# --- the decision -------------------------------------------------------------------------------

_PRIOR: Final = 0.22  # a probability of this speaks neither for a voice nor against one
_VOICE: Final = 0.45  # so much evidence (a tick at 0.67, two at 0.45) is a voice
_FORGET: Final = 0.7
_SOUND_TICKS: Final = 2  # a sound out of nowhere that lasts: long before the detector is sure
_OVER_FLOOR_DB: Final = 10.0
_OVER_RESIDUE_DB: Final = 8.0
_QUIETEST_DBFS: Final = -50.0  # softer than this is not said into a telephone
_FLOOR_UP_DB: Final = 0.25  # a tick: 12 dB a second
_FLOOR_DOWN: Final = 0.2
_IS_SPEECH: Final = 0.5
_IS_SILENCE: Final = 0.35
_PERHAPS: Final = 0.3
_WARY_TICKS_MIN: Final = ticks(3000)
_WARY_TICKS_MAX: Final = ticks(16000)
_WARY_DB: Final = 3.0  # over what was found to be nothing


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a hold lasts before it is known what it was, in ticks.

    Without a voice within `look` (`look_again` when there may be one, or the sound lasts) it was nothing.
    `sure` of speech is an interruption, `sure_backchannel` when all words so far were a listener's. A sound
    that ended before `syllable` is nothing once `quiet` has passed, which must outlast the pause in "Wait, I
    only ..."; a longer one waits `words` for its words.
    """

    look: int = ticks(140)
    look_again: int = ticks(260)
    syllable: int = ticks(160)
    quiet: int = ticks(200)
    words: int = ticks(260)
    sure: int = ticks(760)
    sure_backchannel: int = ticks(1200)
    longest: int = ticks(1800)


@dataclass(slots=True)
class _Hold:
    """What has been heard since we fell silent."""

    loudest_dbfs: float
    likeliest: float = 0.0
    lasted: int = 0
    spoken: int = 0
    quiet: int = 0


class Interruption:
    """One call's ear for interruptions. Each tick of the call, in order: `choose`, then `tick`."""

    def __init__(self, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        self._echo = EchoGuess()
        self._expectation = Expectation.ANYTHING
        self._text = ""
        self._level_dbfs = SILENT_DBFS
        self._stands_out = False
        self._floor_dbfs = -60.0
        self._evidence = 0.0
        self._sound_ticks = 0
        self._hold: _Hold | None = None
        self._nothing_dbfs = SILENT_DBFS
        self._wary = 0
        self._wariness = 0

    @property
    def is_holding(self) -> bool:
        """Whether we are silent in doubt."""
        return self._hold is not None

    def expect(self, expectation: Expectation) -> None:
        """What we are asking for: after a question "yeah" is an answer, in a statement it is a nod."""
        self._expectation = expectation

    def words(self, text: str) -> None:
        """What the recogniser believes was said over us so far; may change."""
        self._text = text

    def settle(self) -> None:
        """What was in doubt has been decided elsewhere: their turn is over and says it."""
        self._hold = None
        self._evidence = 0.0
        self._sound_ticks = 0

    def choose(self, levels: Levels) -> bool:
        """Whether the untouched frame is the one to listen to in this tick, rather than the cleaned one.

        The canceller takes three ticks to let a voice through even where there is no echo at all.
        """
        expected_dbfs = self._echo.hear(levels)
        is_caller = levels.heard_dbfs > expected_dbfs + _LOUDER_THAN_ECHO_DB
        self._level_dbfs = levels.heard_dbfs if is_caller else levels.cleaned_dbfs
        over_floor = self._level_dbfs > max(self._floor_dbfs + _OVER_FLOOR_DB, _QUIETEST_DBFS)
        self._stands_out = over_floor and (
            is_caller or levels.cleaned_dbfs > self._echo.left_dbfs + _OVER_RESIDUE_DB
        )
        return is_caller

    def tick(self, speech: float, *, we_speak: bool) -> Verdict | None:
        """One tick: the detector's probability (0 to 1) that there is speech in the frame `choose` chose.

        `we_speak`: our sound is played, or would be if we did not hold it.
        """
        self._learn_floor(speech)
        if self._hold is not None:
            return self._hear_out(self._hold, speech)
        self._forgive()
        if not we_speak:
            self._evidence = 0.0
            self._sound_ticks = 0
            return None
        return self._suspect(speech)

    def _learn_floor(self, speech: float) -> None:
        """Down at once, up slowly, and not for a voice."""
        gap_db = self._level_dbfs - self._floor_dbfs
        if gap_db < 0:
            self._floor_dbfs += _FLOOR_DOWN * max(gap_db, -20.0)
        elif speech < _IS_SPEECH:
            self._floor_dbfs += min(gap_db, _FLOOR_UP_DB)

    # --- first stage ----------------------------------------------------------------------------

    def _forgive(self) -> None:
        if self._wary:
            self._wary -= 1
            self._wariness = self._wariness // 2 if not self._wary else self._wariness

    def _suspect(self, speech: float) -> Verdict | None:
        """A sound out of nowhere will do, unless there was one lately that was nothing: then a voice."""
        out = self._stands_out and (
            not self._wary or self._level_dbfs > self._nothing_dbfs + _WARY_DB or speech > _IS_SPEECH
        )
        self._sound_ticks = self._sound_ticks + 1 if out else 0
        self._evidence = max(0.0, self._evidence + speech - _PRIOR) if out else self._evidence * _FORGET
        is_sound = self._sound_ticks >= _SOUND_TICKS and not self._wary
        if not is_sound and self._evidence < _VOICE:
            return None
        self._evidence = 0.0
        self._sound_ticks = 0
        self._text = ""
        self._hold = _Hold(self._level_dbfs)
        return MayInterrupt()

    # --- second stage ---------------------------------------------------------------------------

    def _hear_out(self, hold: _Hold, speech: float) -> Verdict | None:
        hold.lasted += 1
        hold.loudest_dbfs = max(hold.loudest_dbfs, self._level_dbfs)
        hold.likeliest = max(hold.likeliest, speech)
        if self._stands_out and speech >= _IS_SPEECH:
            hold.spoken += 1
            hold.quiet = 0
        elif not self._stands_out or speech < _IS_SILENCE:
            hold.quiet += 1
        if self._is_meant(hold):
            self._hold = None
            self._wary = self._wariness = 0
            return Interrupts()
        if self._is_nothing(hold):
            self._hold = None
            self._beware(hold)
            return NobodyInterrupts()
        return None

    def _beware(self, hold: _Hold) -> None:
        """A false alarm: the more there were, the longer sounds alone do not count. A nod is no alarm."""
        if hold.spoken >= self._patience.syllable:
            return
        self._wariness = min(max(2 * self._wariness, _WARY_TICKS_MIN), _WARY_TICKS_MAX)
        self._wary, self._nothing_dbfs = self._wariness, hold.loudest_dbfs

    def _is_meant(self, hold: _Hold) -> bool:
        if self._text and (self._expectation is not Expectation.ANYTHING or not is_nod(self._text)):
            return True
        sure = self._patience.sure_backchannel if self._text else self._patience.sure
        return hold.spoken >= sure

    def _is_nothing(self, hold: _Hold) -> bool:
        patience = self._patience
        may_be_voice = hold.likeliest >= _PERHAPS or self._stands_out
        look = patience.look_again if may_be_voice else patience.look
        no_voice = hold.lasted >= look and hold.spoken == 0
        wait = patience.words if hold.spoken >= patience.syllable and not self._text else patience.quiet
        faded = hold.spoken > 0 and hold.quiet >= wait
        return no_voice or faded or hold.lasted >= patience.longest
