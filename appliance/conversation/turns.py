"""When a caller begins, is done, or interrupts: counted in ticks of audio, never on a clock.

The detector of wyoming-style voice assistants is fed "this much audio, speech or not"; so is this one, and
it also knows what was asked: a yes is complete at once, a telephone number after its last digit, and a
sentence that ends on "and" is not over.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from appliance.conversation.answers import is_backchannel, is_goodbye, yes_or_no
from appliance.conversation.dates import when_heard
from appliance.conversation.names import name_heard
from appliance.conversation.numbers import phone_heard
from appliance.domain.expectation import Expectation
from appliance.domain.sound import TICKS_PER_S, ms, ticks
from appliance.settings import Turns

_UNFINISHED = frozenset(
    (
        "and or but so because the a an to for of with at on in my is it's i i'd um uh er hmm like "
        "about around from by that if when then next this"
    ).split()
)
_WHOLE_NAME_WORDS = 2
_ONSET_WINDOW_TICKS = 5
_ONSET_SPEECH_TICKS = 3


@dataclass(frozen=True, slots=True)
class SpeechBegins:
    """The caller started to speak at `started_tick` (a few ticks before we were sure)."""

    started_tick: int


@dataclass(frozen=True, slots=True)
class Interrupts:
    """The caller has spoken over us for long enough to mean it."""


@dataclass(frozen=True, slots=True)
class MayBeOver:
    """The caller has paused and may be done: an answer can be prepared. The turn goes on; nothing may be done.

    Once a silence, and again when the words change during it. `started_tick` as in `SpeechBegins`.
    """

    started_tick: int
    last_speech_tick: int


@dataclass(frozen=True, slots=True)
class TurnOver:
    """The caller is done: speech from `started_tick` to `ended_tick`, both included."""

    started_tick: int
    ended_tick: int


@dataclass(frozen=True, slots=True)
class BothSilent:
    """Neither side has made a sound for `silent_ms`, a whole number of seconds."""

    silent_ms: int


Signal = SpeechBegins | Interrupts | MayBeOver | TurnOver | BothSilent


@dataclass(frozen=True, slots=True)
class Asked:
    """What the last thing we said asks for, and what is needed to know whether an answer is whole."""

    expectation: Expectation = Expectation.ANYTHING
    region: str = "US"
    now: datetime | None = None


def is_complete(text: str, asked: Asked) -> bool:
    """Whether `text` already says all that was asked for, so that there is little to wait for."""
    match asked.expectation:
        case Expectation.YES_NO:
            return yes_or_no(text) is not None
        case Expectation.PHONE:
            heard = phone_heard(text, asked.region)
            return heard is not None and heard.valid
        case Expectation.TIME:
            when = when_heard(text, asked.now) if asked.now else None
            return when is not None and when.at is not None
        case Expectation.DAY:
            when = when_heard(text, asked.now) if asked.now else None
            return when is not None and (when.soonest or bool(when.day and (when.at or when.part)))
        case Expectation.NAME:
            return len((name_heard(text) or "").split()) >= _WHOLE_NAME_WORDS
        case _:
            return is_goodbye(text)


def is_unfinished(text: str) -> bool:
    """Whether `text` stops in the middle: on a conjunction, an article, a filler."""
    words = text.split()
    return bool(words) and words[-1] in _UNFINISHED


def end_silence_ms(text: str, asked: Asked, limits: Turns, *, is_understood: bool = False) -> int:
    """How long a silence ends the turn, given the words so far, what was asked, and whether they make sense.

    `is_understood`: the words stand near to something callers are known to say. That is worth waiting less
    for, unless they stop on a word that wants another.
    """
    if is_complete(text, asked):
        return limits.complete_silence_ms
    dictated = asked.expectation in {Expectation.PHONE, Expectation.MESSAGE}
    if dictated or is_unfinished(text):
        return limits.dictation_silence_ms
    return limits.complete_silence_ms if is_understood else limits.end_silence_ms


class TurnTaker:
    """One call's sense of whose turn it is. Fed every tick; answers with what that tick made true."""

    def __init__(self, limits: Turns) -> None:
        self._limits = limits
        self._asked = Asked()
        self._recent: deque[bool] = deque(maxlen=_ONSET_WINDOW_TICKS)
        self._started_tick: int | None = None
        self._last_speech_tick = 0
        self._speech_over_us_ticks = 0
        self._has_interrupted = False
        self._silent_ticks = 0
        self._prepared_text: str | None = None  # the words as of the last MayBeOver of this silence
        self._text = ""
        self._is_understood = False
        self._wait_ticks = ticks(limits.end_silence_ms)

    @property
    def is_open(self) -> bool:
        """Whether the caller is in the middle of a turn."""
        return self._started_tick is not None

    def expect(self, asked: Asked) -> None:
        """From now on this is what was asked."""
        self._asked = asked
        self._rethink()

    def words(self, text: str, *, is_understood: bool = False) -> None:
        """The recogniser's belief about the turn under way, and whether it makes sense as it stands."""
        if (text, is_understood) != (self._text, self._is_understood):
            self._text, self._is_understood = text, is_understood
            self._rethink()

    def _rethink(self) -> None:
        wait_ms = end_silence_ms(self._text, self._asked, self._limits, is_understood=self._is_understood)
        self._wait_ticks = ticks(wait_ms)

    def tick(self, tick: int, *, speech: bool, we_speak: bool) -> list[Signal]:
        """One tick of audio: was there speech in it, and did we speak during it."""
        self._recent.append(speech)
        if self.is_open:
            return self._within_turn(tick, speech, we_speak)
        signals = self._count_silence(speech or we_speak)
        if sum(self._recent) >= _ONSET_SPEECH_TICKS:
            signals.append(self._begin(tick))
        return signals

    def _begin(self, tick: int) -> Signal:
        first = len(self._recent) - self._recent.index(True) - 1
        self._started_tick = max(0, tick - first)
        self._last_speech_tick = tick
        self._speech_over_us_ticks = sum(self._recent)
        self._has_interrupted = False
        self._prepared_text = None
        self._text = ""
        self._is_understood = False
        self._rethink()
        return SpeechBegins(self._started_tick)

    def _within_turn(self, tick: int, speech: bool, we_speak: bool) -> list[Signal]:
        assert self._started_tick is not None  # noqa: S101  is_open was asked
        signals: list[Signal] = []
        if speech:
            self._last_speech_tick = tick
            self._prepared_text = None
            signals += self._maybe_interrupts(we_speak)
        signals += self._may_be_over(tick)
        waited = tick - self._last_speech_tick >= self._wait_ticks
        too_long = tick - self._started_tick >= ticks(self._limits.longest_utterance_ms)
        if waited or too_long:
            signals.append(TurnOver(self._started_tick, self._last_speech_tick))
            self._started_tick = None
            self._recent.clear()
            self._silent_ticks = 0
        return signals

    def _may_be_over(self, tick: int) -> list[Signal]:
        assert self._started_tick is not None  # noqa: S101  only asked within a turn
        paused = tick - self._last_speech_tick >= ticks(self._limits.prepare_after_ms)
        if not paused or self._text == self._prepared_text:
            return []
        self._prepared_text = self._text
        return [MayBeOver(self._started_tick, self._last_speech_tick)]

    def _maybe_interrupts(self, we_speak: bool) -> list[Signal]:
        if not we_speak or self._has_interrupted:
            return []
        self._speech_over_us_ticks += 1
        if self._speech_over_us_ticks < ticks(self._limits.barge_in_speech_ms):
            return []
        if is_backchannel(self._text) and self._asked.expectation is Expectation.ANYTHING:
            return []
        self._has_interrupted = True
        return [Interrupts()]

    def _count_silence(self, sound: bool) -> list[Signal]:
        self._silent_ticks = 0 if sound else self._silent_ticks + 1
        if self._silent_ticks and self._silent_ticks % TICKS_PER_S == 0:
            return [BothSilent(ms(self._silent_ticks))]
        return []
