"""One call's ear: frames in, what the caller did out.

Each tick is judged in this order: which sound to listen to, whether a voice is in it, whether it interrupts
us, what the words are, whose turn it is. The decisions are made in `conversation`; here they meet the engines.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from appliance.agent.turn_words import TurnWords
from appliance.conversation import interruption as over
from appliance.conversation.turns import (
    Asked,
    BothSilent,
    MayBeOver,
    Signal,
    SpeechBegins,
    TurnOver,
    TurnTaker,
)
from appliance.domain import events as ev
from appliance.domain.expectation import Expectation
from appliance.domain.sound import SILENCE, FrameHeard
from appliance.engines.ports import Heard, SpeechDetector

_LOOK_EVERY_TICKS = 5
_CONCLUDE_AFTER_TICKS = 3
_CONCLUDE_AHEAD_TICKS = 2
"""The recogniser takes some 40 ms for its last word: it is asked for it so long before the turn is over."""
_DOUBTFUL_WORDS = 2
_SURE_CONFIDENCE = 0.8

HeardEvent = (
    ev.SpeechStarted
    | ev.PartialHeard
    | ev.CallerMayBeDone
    | ev.UtteranceHeard
    | ev.CallerMayInterrupt
    | ev.NobodyInterrupted
    | ev.CallerInterrupted
    | ev.CallerSilent
)


@dataclass(slots=True)
class _Sound:
    """One tick, judged: the sound to listen to, whether it is speech, whether we speak over it."""

    tick: int
    pcm: bytes
    probability: float
    is_speech: bool
    we_speak: bool


class Ear:
    """Detector, recogniser and turn-taking of one call, in the order of the audio. One thread owns it."""

    def __init__(
        self,
        call_id: str,
        detector: SpeechDetector,
        words: TurnWords,
        turns: TurnTaker,
        interruption: over.Interruption,
        *,
        speech_threshold: float,
        now_tick: Callable[[], int],
    ) -> None:
        self._call_id = call_id
        self._detector = detector
        self._words = words
        self._turns = turns
        self._interruption = interruption
        self._threshold = speech_threshold
        self._now_tick = now_tick
        self._asked = Asked()
        self._question_heard = False
        self._was_nothing = False  # what the turn under way was found to be, when it began over our voice
        self._is_meant = False
        self._pause_ticks = 0
        self._has_concluded = False  # the words of this pause

    def expect(self, asked: Asked) -> None:
        """What is going to be asked, and so what may be meant."""
        self._asked = asked
        self._turns.expect(asked)
        self._words.expect(asked)
        self._question_heard = False
        self._interruption.expect(Expectation.ANYTHING)

    def question_heard(self) -> None:
        """Our question has come so far that "okay" answers it; before that it was a nod at what we stated."""
        self._question_heard = self._asked.expectation is not Expectation.ANYTHING
        self._interruption.expect(self._asked.expectation)

    def understood(self, text: str) -> None:
        """The session would know what to do with these words: they need not be waited for so long."""
        self._words.understood(text)

    def hear(self, frame: FrameHeard) -> list[HeardEvent]:
        """Take one tick."""
        sound = self._judge(frame)
        events: list[HeardEvent] = []
        if self._turns.is_open:
            events += self._listen(sound)
        else:
            self._words.wait(sound.pcm)
        events += self._over_us(sound)
        for signal in self._turns.tick(sound.tick, speech=self._counts(sound), we_speak=sound.we_speak):
            events += self._explain(signal, sound.tick)
        return events

    def _judge(self, frame: FrameHeard) -> _Sound:
        levels = over.Levels(*map(over.level_dbfs, (frame.heard, frame.cleaned, frame.spoken)))
        pcm = frame.heard if self._interruption.choose(levels) else frame.cleaned
        probability = self._detector.speech_probability(pcm)
        we_speak = frame.spoken != SILENCE or self._interruption.is_holding
        return _Sound(frame.tick, pcm, probability, probability >= self._threshold, we_speak)

    def _counts(self, sound: _Sound) -> bool:
        """Whether the tick is the caller's speech. While we speak only what may interrupt us is."""
        has_turn = self._turns.is_open and not self._was_nothing
        return sound.is_speech and (not sound.we_speak or self._interruption.is_holding or has_turn)

    def _listen(self, sound: _Sound) -> list[HeardEvent]:
        """Take the words' side of a tick. While the caller speaks a look now and then is enough."""
        self._words.feed(sound.pcm)
        self._pause_ticks = 0 if sound.is_speech else self._pause_ticks + 1
        self._has_concluded = self._has_concluded and not sound.is_speech
        if sound.is_speech and sound.tick % _LOOK_EVERY_TICKS:
            return []
        if self._must_conclude():
            self._words.conclude()
            self._has_concluded = True
        else:
            self._words.look()
        self._turns.words(self._words.text, is_understood=self._words.make_sense)
        self._interruption.words(self._words.text)
        return [*self._words.news(sound.tick)]

    def _must_conclude(self) -> bool:
        """Whether to have the last word now, once a pause: their turn is about to be over, or they wait for us."""
        if self._has_concluded or not self._pause_ticks:
            return False
        if self._interruption.is_holding:  # whether it was a nod must be known
            return self._pause_ticks == _CONCLUDE_AFTER_TICKS
        return self._turns.ends_within(_CONCLUDE_AHEAD_TICKS + 1)  # this tick is still to be counted

    def _over_us(self, sound: _Sound) -> list[HeardEvent]:
        """Whether somebody interrupts us; once, what is still played of ours is already stopped."""
        verdict = self._interruption.tick(sound.probability, we_speak=sound.we_speak and not self._is_meant)
        match verdict:
            case over.MayInterrupt():
                self._was_nothing = False
                return [ev.CallerMayInterrupt(self._call_id, sound.tick)]
            case over.Interrupts():
                self._is_meant = True
                return [ev.CallerInterrupted(self._call_id, sound.tick)]
            case over.NobodyInterrupts():
                self._was_nothing = self._turns.is_open
                return [ev.NobodyInterrupted(self._call_id, sound.tick)]
            case None:
                return []

    def _explain(self, signal: Signal, tick: int) -> list[HeardEvent]:
        match signal:
            case SpeechBegins(started_tick=started):
                self._was_nothing = False
                self._words.begin(started)
                return [ev.SpeechStarted(self._call_id, started)]
            case MayBeOver(last_speech_tick=last):
                return [*self._words.may_be_all(last, tick)]
            case BothSilent(silent_ms=silent_ms):
                return [ev.CallerSilent(self._call_id, tick, silent_ms)]
            case TurnOver():
                return self._turn_over(signal, tick)

    def _turn_over(self, turn: TurnOver, tick: int) -> list[HeardEvent]:
        """The final words may say more than those that were judged: then it was an interruption after all."""
        self._is_meant = False
        heard = self._words.finish()
        utterance = ev.UtteranceHeard(
            self._call_id,
            heard.text,
            turn.started_tick,
            turn.ended_tick,
            tick,
            max(tick, self._now_tick()),
            heard.confidence,
            self._words.meant(heard.text),
            self._words.together(heard.text, turn.started_tick),
        )
        self._words.over(utterance)
        if not self._was_nothing and not self._interruption.is_holding:
            return [utterance]
        was_nothing, self._was_nothing = self._was_nothing, False
        if self._is_nod(heard) or (was_nothing and _is_doubtful(heard)):
            return []
        self._interruption.settle()
        return [ev.CallerInterrupted(self._call_id, tick), utterance]

    def _is_nod(self, heard: Heard) -> bool:
        return not heard.text or (over.is_nod(heard.text) and not self._question_heard)


def _is_doubtful(heard: Heard) -> bool:
    """A hum is easily taken for a word or two."""
    return len(heard.text.split()) <= _DOUBTFUL_WORDS and heard.confidence < _SURE_CONFIDENCE
