"""One call's ear: frames in, what the caller did out. A thread a call, because Vosk works outside the GIL.

The recogniser is fed only while the caller has the turn, with a third of a second from before it began, so
that the first sound of the first word is not lost.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable

from appliance.agent.recognition import Listener
from appliance.conversation.turns import (
    Asked,
    BothSilent,
    Interrupts,
    MayBeOver,
    Signal,
    SpeechBegins,
    TurnOver,
    TurnTaker,
    is_complete,
)
from appliance.domain import events as ev
from appliance.domain.sound import SILENCE, FrameHeard
from appliance.engines.ports import IntentFinder, RecogniserModel, SpeechDetector

_log = logging.getLogger(__name__)

_BEFORE_ONSET_TICKS = 16
_PARTIAL_EVERY_TICKS = 5
_FRAMES_WAITING_MAX = 500
_UNDERSTOOD_SCORE_MIN = 0.6

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


class Ear:
    """Detector, recogniser and turn-taking of one call, in the order of the audio. One thread owns it."""

    def __init__(
        self,
        call_id: str,
        detector: SpeechDetector,
        recogniser: RecogniserModel,
        turns: TurnTaker,
        finder: IntentFinder | None,
        *,
        speech_threshold: float,
        now_tick: Callable[[], int],
    ) -> None:
        self._call_id = call_id
        self._detector = detector
        self._listener = Listener(recogniser)
        self._turns = turns
        self._finder = finder
        self._threshold = speech_threshold
        self._now_tick = now_tick
        self._before: deque[bytes] = deque(maxlen=_BEFORE_ONSET_TICKS)
        self._asked = Asked()
        self._started_tick: int | None = None
        self._told_tick = 0
        self._words = ""
        self._told_words = ""
        self._announced_words = ""
        self._pondered: tuple[str, tuple[ev.IntentScore, ...]] = ("", ())

    def expect(self, asked: Asked) -> None:
        """What was asked, and so what may be meant."""
        self._asked = asked
        self._turns.expect(asked)
        self._listener.expect(asked.expectation)

    def hear(self, frame: FrameHeard) -> list[HeardEvent]:
        """Take one tick."""
        speech = self._detector.speech_probability(frame.cleaned) >= self._threshold
        events: list[HeardEvent] = []
        if self._turns.is_open:
            events += self._listen(frame, speech=speech)
        else:
            self._before.append(frame.cleaned)
        signals = self._turns.tick(frame.tick, speech=speech, we_speak=frame.spoken != SILENCE)
        return events + [event for signal in signals for event in self._explain(signal, frame.tick)]

    def _listen(self, frame: FrameHeard, *, speech: bool) -> list[HeardEvent]:
        """Take the words' side of a tick. While the caller speaks a look now and then is enough."""
        self._listener.feed(frame.cleaned)
        if speech and frame.tick % _PARTIAL_EVERY_TICKS:
            return []
        words = self._listener.believed()
        settled, self._words = words == self._words, words
        self._turns.words(words, is_understood=settled and self._makes_sense(words))
        return self._news(frame.tick) + self._foreseeable(frame.tick, settled=settled)

    def _makes_sense(self, text: str) -> bool:
        """Whether the words stand near to something callers are known to say."""
        best = self._likely(text)[:1]
        return bool(best) and best[0].score >= _UNDERSTOOD_SCORE_MIN

    def _likely(self, text: str) -> tuple[ev.IntentScore, ...]:
        """What the words may mean; 5 ms, so the last answer is kept."""
        if self._finder is None or not text:
            return ()
        if self._pondered[0] != text:
            self._pondered = (text, self._finder.likely(text))
        return self._pondered[1]

    def _news(self, tick: int) -> list[HeardEvent]:
        """The partial words, when they changed."""
        if self._words in {self._told_words, ""} or tick - self._told_tick < _PARTIAL_EVERY_TICKS:
            return []
        self._told_words, self._told_tick = self._words, tick
        return [ev.PartialHeard(self._call_id, tick, self._words)]

    def _foreseeable(self, tick: int, *, settled: bool) -> list[HeardEvent]:
        """Words that say something already are worth preparing for while the caller still speaks."""
        if not settled or self._words in {self._announced_words, ""} or self._started_tick is None:
            return []
        if not (is_complete(self._words, self._asked) or self._makes_sense(self._words)):
            return []
        return [self._may_be_done(MayBeOver(self._started_tick, tick), tick)]

    def _may_be_done(self, over: MayBeOver, tick: int) -> ev.CallerMayBeDone:
        self._announced_words = self._words
        likely = self._likely(self._words)
        return ev.CallerMayBeDone(
            self._call_id, self._words, over.started_tick, over.last_speech_tick, tick, likely
        )

    def _explain(self, signal: Signal, tick: int) -> list[HeardEvent]:
        match signal:
            case SpeechBegins(started_tick=started):
                self._listener.feed(b"".join(self._before))
                self._before.clear()
                self._words = self._told_words = self._announced_words = ""
                self._started_tick = started
                return [ev.SpeechStarted(self._call_id, started)]
            case Interrupts():
                return [ev.CallerInterrupted(self._call_id, tick)]
            case MayBeOver():
                is_news = self._words not in {self._announced_words, ""}
                return [self._may_be_done(signal, tick)] if is_news else []
            case BothSilent(silent_ms=silent_ms):
                return [ev.CallerSilent(self._call_id, tick, silent_ms)]
            case TurnOver():
                return [self._utterance(signal, tick)]

    def _utterance(self, over: TurnOver, decided_tick: int) -> ev.UtteranceHeard:
        heard = self._listener.finish()
        return ev.UtteranceHeard(
            self._call_id,
            heard.text,
            over.started_tick,
            over.ended_tick,
            decided_tick,
            max(decided_tick, self._now_tick()),
            heard.confidence,
            self._likely(heard.text),
        )


class EarThread:
    """Runs an ear beside the loop. Sound it cannot keep up with is dropped, oldest first, and counted."""

    def __init__(self, ear: Ear, tell: Callable[[HeardEvent], None], failed: Callable[[], None]) -> None:
        self._ear = ear
        self._tell = tell
        self._failed = failed
        self._frames: deque[FrameHeard | Asked | None] = deque()
        self._waiting = threading.Semaphore(0)
        self.dropped_frames = 0
        self._thread = threading.Thread(target=self._run, name="ear", daemon=True)
        self._thread.start()

    def hear(self, frame: FrameHeard) -> None:
        """Queue one tick; never blocks."""
        if len(self._frames) >= _FRAMES_WAITING_MAX and isinstance(self._frames[0], FrameHeard):
            self._frames.popleft()
            self._frames.append(frame)  # one out, one in: the count of what waits stays true
            self.dropped_frames += 1
            return
        self._put(frame)

    def expect(self, asked: Asked) -> None:
        """Queue what is expected from now on, in order with the sound."""
        self._put(asked)

    def close(self) -> None:
        """Stop after what is queued; does not wait."""
        self._put(None)

    def _put(self, item: FrameHeard | Asked | None) -> None:
        self._frames.append(item)
        self._waiting.release()

    def _run(self) -> None:
        try:
            while self._waiting.acquire() and (item := self._frames.popleft()) is not None:
                if isinstance(item, Asked):
                    self._ear.expect(item)
                    continue
                for event in self._ear.hear(item):
                    self._tell(event)
        except Exception:  # noqa: BLE001  the top of a thread: the call must hear of it, whatever it was
            _log.exception("ear failed")
            self._failed()
