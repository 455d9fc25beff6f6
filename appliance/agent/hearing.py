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
)
from appliance.domain import events as ev
from appliance.domain.sound import SILENCE, FrameHeard
from appliance.engines.ports import IntentFinder, RecogniserModel, SpeechDetector

_log = logging.getLogger(__name__)

_BEFORE_ONSET_TICKS = 16
_PARTIAL_EVERY_TICKS = 5
_FRAMES_WAITING_MAX = 500
_UNDERSTOOD_SCORE_MIN = 0.6

HeardEvent = ev.SpeechStarted | ev.PartialHeard | ev.UtteranceHeard | ev.CallerInterrupted | ev.CallerSilent


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
        self._partial = ""
        self._words = ""
        self._pondered = ""
        self._makes_sense: bool | None = None

    def expect(self, asked: Asked) -> None:
        """What was asked, and so what may be meant."""
        self._turns.expect(asked)
        self._listener.expect(asked.expectation)

    def hear(self, frame: FrameHeard) -> list[HeardEvent]:
        """Take one tick."""
        speech = self._detector.speech_probability(frame.cleaned) >= self._threshold
        was_open = self._turns.is_open
        if was_open:
            self._listen(frame)
        else:
            self._before.append(frame.cleaned)
        signals = self._turns.tick(frame.tick, speech=speech, we_speak=frame.spoken != SILENCE)
        return [event for signal in signals for event in self._explain(signal, frame.tick)] + self._news(
            frame
        )

    def _listen(self, frame: FrameHeard) -> None:
        self._listener.feed(frame.cleaned)
        if frame.tick % _PARTIAL_EVERY_TICKS == 0:
            self._words = self._listener.believed()
            self._turns.words(self._words, is_understood=self._is_understood(self._words))

    def _is_understood(self, text: str) -> bool:
        """Whether the words make sense as they stand. Asked once they have stopped changing: 5 ms each time."""
        if text != self._pondered:
            self._pondered, self._makes_sense = text, None
        elif self._makes_sense is None and self._finder is not None and text:
            best = self._finder.likely(text)[:1]
            self._makes_sense = bool(best) and best[0].score >= _UNDERSTOOD_SCORE_MIN
        return bool(self._makes_sense)

    def _news(self, frame: FrameHeard) -> list[HeardEvent]:
        """The partial words, when they changed."""
        if not self._turns.is_open or frame.tick % _PARTIAL_EVERY_TICKS:
            return []
        if self._words in {self._partial, ""}:
            return []
        self._partial = self._words
        return [ev.PartialHeard(self._call_id, frame.tick, self._words)]

    def _explain(self, signal: Signal, tick: int) -> list[HeardEvent]:
        match signal:
            case SpeechBegins(started_tick=started):
                self._listener.feed(b"".join(self._before))
                self._before.clear()
                self._partial = self._words = ""
                return [ev.SpeechStarted(self._call_id, started)]
            case Interrupts():
                return [ev.CallerInterrupted(self._call_id, tick)]
            case MayBeOver():
                return []
            case BothSilent(silent_ms=silent_ms):
                return [ev.CallerSilent(self._call_id, tick, silent_ms)]
            case TurnOver():
                return [self._utterance(signal, tick)]

    def _utterance(self, over: TurnOver, decided_tick: int) -> ev.UtteranceHeard:
        heard = self._listener.finish()
        likely = self._finder.likely(heard.text) if self._finder and heard.text else ()
        return ev.UtteranceHeard(
            self._call_id,
            heard.text,
            over.started_tick,
            over.ended_tick,
            decided_tick,
            max(decided_tick, self._now_tick()),
            heard.confidence,
            likely,
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
