"""When a caller begins, is done, or interrupts: counted in ticks of audio, never on a clock.

The detector of wyoming-style voice assistants is fed "this much audio, speech or not"; so is this one, and
it also knows what was asked. How long a silence must last to be an end is a function of how full the words
are (a yes is complete at once, a telephone number after its last digit, a sentence on "and" is not over) and
of the pace of this caller.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Final

from appliance.conversation.answers import (
    says_bye,
    sounds_like_a_question,
    wants_human,
    wants_message,
    wants_repeat,
    yes_or_no,
)
from appliance.conversation.dates import when_heard
from appliance.conversation.names import name_heard
from appliance.conversation.numbers import phone_heard
from appliance.conversation.numerals import SMALL
from appliance.conversation.pace import Pace
from appliance.domain.expectation import Expectation
from appliance.domain.sound import TICKS_PER_S, ms, ticks
from appliance.settings import Turns

_WANTS_MORE: Final = re.compile(
    r"\b(and|or|but|because|the|an?|my|your|our|u[hm]+|er|hmm|i'd|i'll|i'm|we're"
    r"|(it|that|there|here|what|where|who|he|she)'s"
    r"|(i'd|i would|you|we'd|we) like|(want|need|like|have|going|trying|wondering) (to|if)"
    r"|let me (see|think|check|look)|(one|just a|a) (second|sec|moment|minute)|hold on|hang on)$"
)
"""After these another word must come, whatever was said before them."""
_MAY_WANT_MORE: Final = frozenset(
    "so for of with at on in to is i like about around from by that if when then next this are do does"
    " want wanted need needed would could should will have has had was were wondering ask".split()
)
"""After these another word mostly comes, unless the sentence stands without: "can i just come by"."""
_STRANDED: Final = re.compile(
    r"\b(what|what's|who|who's|which|where|where's)\b.* (in|on|at|for|with|from|about|around|to|of|by|like)$"
)
"""A question may end on the word before what it asks for: "what kind of oil do you put in"."""
_PLAIN: Final = re.compile(
    r"\b(thanks|thank you)( very much| so much| a lot)?$|^(no |oh )?never ?mind( then)?$"
)
_SPELLED: Final = re.compile(r"\b[a-z]( [a-z])*$")
DICTATIONS: Final = frozenset({Expectation.PHONE, Expectation.MESSAGE})
_HOURS: Final = frozenset(SMALL[1:13])
_WHOLE_NAME_WORDS = 2
_ONSET_WINDOW_TICKS = 5
_ONSET_SPEECH_TICKS = 3
_WENT_ON_TICKS = 50
"""Who speaks again this soon after we held them to be done, and before we spoke, was not done."""
_QUESTION_WORDS_MIN: Final = 4
_SPELLING_FOLLOWS_MS: Final = 260  # who says a name may go on to spell it


@dataclass(frozen=True, slots=True)
class SpeechBegins:
    """The caller started to speak at `started_tick` (a few ticks before we were sure)."""

    started_tick: int


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


Signal = SpeechBegins | MayBeOver | TurnOver | BothSilent


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
            return says_bye(text)


def is_unfinished(text: str) -> bool:
    """Whether `text` stops in the middle: on a conjunction, an article, a filler, a preposition."""
    words = text.split()
    return bool(words) and (bool(_WANTS_MORE.search(text)) or words[-1] in _MAY_WANT_MORE)


class Fullness(Enum):
    """How much of what they want to say the caller has said, as far as the words tell."""

    COMPLETE = auto()  # what was asked for, and nothing can follow
    UNDERSTOOD = auto()  # makes sense as it stands; more may follow
    UNKNOWN = auto()
    DICTATED = auto()  # in the middle of a number, a spelling, a message
    UNFINISHED = auto()  # another word must come


def fullness(text: str, asked: Asked, *, is_understood: bool = False) -> Fullness:
    """How full `text` is as an answer to `asked`.

    `is_understood`: the words stand near to something callers are known to say.
    """
    if not text:  # a breath before the first digit is no answer
        return Fullness.DICTATED if asked.expectation in DICTATIONS else Fullness.UNKNOWN
    if _WANTS_MORE.search(text):
        return Fullness.UNFINISHED
    if asked.expectation is Expectation.NAME and _is_dictated(text, asked):  # "alice miller, m, i ..."
        return Fullness.DICTATED
    if is_complete(text, asked):
        return Fullness.UNDERSTOOD if _could_go_on(text, asked) else Fullness.COMPLETE
    if _is_dictated(text, asked, is_understood=is_understood):
        return Fullness.DICTATED
    makes_sense = is_understood or _answers(text, asked) or _speaks_for_itself(text)
    if text.rsplit(maxsplit=1)[-1] in _MAY_WANT_MORE:
        return Fullness.UNKNOWN if makes_sense or _STRANDED.search(text) else Fullness.UNFINISHED
    return Fullness.UNDERSTOOD if makes_sense else Fullness.UNKNOWN


def _could_go_on(text: str, asked: Asked) -> bool:
    """Whether what is complete may be the beginning of more of the same: "nine" of "nine thirty"."""
    match asked.expectation:
        case Expectation.PHONE:  # in some countries a valid number with a digit more is valid again
            longer = phone_heard(f"{text} five", asked.region)
            return longer is not None and longer.valid
        case Expectation.TIME:
            return text.rsplit(maxsplit=1)[-1] in _HOURS
        case Expectation.NAME:  # the recogniser makes two names of one
            return True
        case _:
            return False


def _is_dictated(text: str, asked: Asked, *, is_understood: bool = False) -> bool:
    match asked.expectation:
        case Expectation.MESSAGE:
            return True
        case Expectation.PHONE:
            heard = phone_heard(text, asked.region)
            if heard is None:  # "well i think": the number is still to come, unless they say something else
                return not is_understood and not _is_something_else(text)
            return not heard.complete and not _lacks_one_digit(text, asked)
        case Expectation.NAME:
            return bool(_SPELLED.search(text))
        case _:
            return False


def _lacks_one_digit(text: str, asked: Asked) -> bool:
    """Nobody pauses before the last digit: one was rather not heard than not said."""
    so_far, longer = phone_heard(text, asked.region), phone_heard(f"{text} five", asked.region)
    if so_far is None or longer is None:
        return False
    return longer.complete and len(longer.digits) == len(so_far.digits) + 1


def _answers(text: str, asked: Asked) -> bool:
    """Whether `text` answers in part: a day without an hour is something to go on with."""
    if asked.expectation is not Expectation.DAY or asked.now is None:
        return False
    when = when_heard(text, asked.now)
    return when is not None and (when.day is not None or when.part is not None)


def _speaks_for_itself(text: str) -> bool:
    """Wishes that are understood by rule, whatever was asked."""
    return bool(_PLAIN.search(text)) or wants_human(text) or wants_message(text) or wants_repeat(text)


def _is_something_else(text: str) -> bool:
    """Words that begin no number: a wish, a yes or no, a question."""
    return _speaks_for_itself(text) or yes_or_no(text) is not None or sounds_like_a_question(text)


def end_silence_ms(
    text: str, asked: Asked, limits: Turns, *, is_understood: bool = False, pace: Pace | None = None
) -> int:
    """How long a silence ends the turn, given the words so far, what was asked, and this caller's pauses."""
    pace = pace or Pace()
    match fullness(text, asked, is_understood=is_understood):
        case Fullness.COMPLETE:
            return limits.complete_silence_ms
        case Fullness.UNDERSTOOD if asked.expectation is Expectation.NAME:
            return pace.wait_ms(max(limits.understood_silence_ms, _SPELLING_FOLLOWS_MS))
        case Fullness.UNDERSTOOD:
            return pace.wait_ms(limits.understood_silence_ms)
        case Fullness.UNKNOWN if _is_a_whole_question(text):
            return pace.wait_ms(limits.question_silence_ms)
        case Fullness.UNKNOWN:
            return pace.wait_ms(limits.end_silence_ms)
        case Fullness.DICTATED:
            return pace.dictation_wait_ms(limits.dictation_silence_ms)
        case Fullness.UNFINISHED:
            return limits.dictation_silence_ms


def _is_a_whole_question(text: str) -> bool:
    return (
        sounds_like_a_question(text)
        and len(text.split()) >= _QUESTION_WORDS_MIN
        and not _STRANDED.search(text)
    )


class TurnTaker:
    """One call's sense of whose turn it is. Fed every tick; answers with what that tick made true."""

    def __init__(self, limits: Turns) -> None:
        self._limits = limits
        self._pace = Pace()
        self._asked = Asked()
        self._recent: deque[bool] = deque(maxlen=_ONSET_WINDOW_TICKS)
        self._tick = 0
        self._started_tick: int | None = None
        self._last_speech_tick = 0
        self._words_tick = 0  # when the words last changed
        self._we_spoke = True  # since the caller's last turn
        self._silent_ticks = 0
        self._prepared_text: str | None = None  # the words as of the last MayBeOver of this silence
        self._text = ""
        self._is_understood = False
        self._wait_ticks = ticks(limits.end_silence_ms)

    @property
    def is_open(self) -> bool:
        """Whether the caller is in the middle of a turn."""
        return self._started_tick is not None

    def ends_within(self, count: int) -> bool:
        """Whether the turn is over `count` ticks from now, if the caller stays silent and the words the same."""
        return self.is_open and self._last_speech_tick + self._wait_ticks - self._tick <= count

    def expect(self, asked: Asked) -> None:
        """From now on this is what was asked."""
        self._asked = asked
        self._rethink()

    def words(self, text: str, *, is_understood: bool = False) -> None:
        """The recogniser's belief about the turn under way, and whether it makes sense as it stands."""
        if (text, is_understood) != (self._text, self._is_understood):
            self._words_tick = self._words_tick if text == self._text else self._tick
            self._text, self._is_understood = text, is_understood
            self._rethink()

    def _rethink(self) -> None:
        wait_ms = end_silence_ms(
            self._text, self._asked, self._limits, is_understood=self._is_understood, pace=self._pace
        )
        self._wait_ticks = ticks(wait_ms)

    def tick(self, tick: int, *, speech: bool, we_speak: bool) -> list[Signal]:
        """One tick of audio: was there speech in it, and did we speak during it."""
        self._tick = tick
        self._we_spoke = self._we_spoke or we_speak
        self._recent.append(speech)
        if self.is_open:
            return self._within_turn(tick, speech)
        signals = self._count_silence(speech or we_speak)
        if sum(self._recent) >= _ONSET_SPEECH_TICKS:
            signals.append(self._begin(tick))
        return signals

    def _begin(self, tick: int) -> Signal:
        first = len(self._recent) - self._recent.index(True) - 1
        self._started_tick = max(0, tick - first)
        if not self._we_spoke and self._started_tick - self._last_speech_tick <= _WENT_ON_TICKS:
            self._learn_pause(self._started_tick)
        self._last_speech_tick = self._words_tick = tick
        self._prepared_text = None
        self._text = ""
        self._is_understood = False
        self._rethink()
        return SpeechBegins(self._started_tick)

    def _learn_pause(self, speech_tick: int) -> None:
        """The caller speaks again: the pause before was no end."""
        pause_ms = ms(speech_tick - self._last_speech_tick - 1)
        self._pace.paused(pause_ms, dictating=_is_dictated(self._text, self._asked))

    def _within_turn(self, tick: int, speech: bool) -> list[Signal]:
        assert self._started_tick is not None  # noqa: S101  is_open was asked
        signals: list[Signal] = []
        if speech:
            self._learn_pause(tick)
            self._last_speech_tick = tick
            self._prepared_text = None
        signals += self._may_be_over(tick)
        return signals + self._maybe_over(tick)

    def _maybe_over(self, tick: int) -> list[Signal]:
        """Enough silence; or words that stand still in a noise that the detector takes for speech."""
        assert self._started_tick is not None  # noqa: S101  only asked within a turn
        ended_tick = self._last_speech_tick
        if self._text and tick - self._words_tick >= self._wait_ticks + ticks(self._limits.standstill_ms):
            ended_tick = min(ended_tick, self._words_tick)
        elif tick - ended_tick < self._wait_ticks and tick - self._started_tick < ticks(
            self._limits.longest_utterance_ms
        ):
            return []
        signal = TurnOver(self._started_tick, ended_tick)
        self._pace.turn_over()
        self._started_tick = None
        self._recent.clear()
        self._silent_ticks = 0
        self._we_spoke = False
        return [signal]

    def _may_be_over(self, tick: int) -> list[Signal]:
        assert self._started_tick is not None  # noqa: S101  only asked within a turn
        paused = tick - self._last_speech_tick >= ticks(self._limits.prepare_after_ms)
        if not paused or self._text == self._prepared_text:
            return []
        self._prepared_text = self._text
        return [MayBeOver(self._started_tick, self._last_speech_tick)]

    def _count_silence(self, sound: bool) -> list[Signal]:
        self._silent_ticks = 0 if sound else self._silent_ticks + 1
        if self._silent_ticks and self._silent_ticks % TICKS_PER_S == 0:
            return [BothSilent(ms(self._silent_ticks))]
        return []
