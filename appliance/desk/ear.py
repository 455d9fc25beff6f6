"""The desk's ear: frames of the microphone in, what was said out. Engines by their ports; one thread owns it.

Asleep, a frame costs the wake word's networks and nothing is kept but the last quarter of a second. Awake, voice
activity and the words so far tell when somebody is done, by the same rules as on the telephone (conversation/turns).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

from appliance.conversation.turns import MayBeOver, SpeechBegins, TurnOver, TurnTaker
from appliance.desk.words import Ear, RequestHeard, SpeechStarted, WakeWordHeard
from appliance.domain.sound import ticks
from appliance.engines.ports import Recogniser, RecogniserModel, SpeechDetector, WakeWord
from appliance.settings import Turns

EarEvent = WakeWordHeard | SpeechStarted | RequestHeard
BEFORE_TICKS: Final = ticks(240)
"""The word is found up to so long after its end, when the request may have begun."""
_CERTAIN_STEPS: Final = 2  # the model answers every 80 ms
_STEP_TICKS: Final = ticks(80)
_LONGEST_MS: Final = 12_000


class DeskEar:
    """`hear` each frame; `attend` says what for."""

    def __init__(
        self,
        wake_word: WakeWord,
        new_detector: Callable[[], SpeechDetector],
        recogniser: RecogniserModel,
        turns: Turns,
        *,
        wake_threshold: float,
    ) -> None:
        self._wake_word = wake_word
        self._new_detector = new_detector
        self._model = recogniser
        self._turns = turns.model_copy(update={"longest_utterance_ms": _LONGEST_MS})
        self._threshold = wake_threshold
        self._ear = Ear.ASLEEP
        self._before: deque[bytes] = deque(maxlen=BEFORE_TICKS)
        self._certain_ticks = 0
        self._tick = 0
        self._begin_request()

    def _begin_request(self) -> None:
        self._taker = TurnTaker(self._turns)
        self._detector = self._new_detector()
        self._stream: Recogniser | None = None

    def attend(self, ear: Ear) -> None:
        """Listen like this from now on; what was heard before is forgotten, but for the last frames when woken."""
        if ear is Ear.AWAKE:
            self._begin_request()
            self._stream = self._model.open()
            for frame in self._before:
                self._stream.feed(frame)
        else:
            self._stream = None
        self._ear = ear
        self._before.clear()
        self._certain_ticks = 0
        self._wake_word.forget()

    def hear(self, frame: bytes) -> list[EarEvent]:
        """One frame of the microphone (FRAME_BYTES)."""
        self._tick += 1
        match self._ear:
            case Ear.DEAF:
                return []
            case Ear.ASLEEP:
                return self._wait_for_word(frame)
            case Ear.AWAKE:
                return self._listen(frame)

    def _wait_for_word(self, frame: bytes) -> list[EarEvent]:
        self._before.append(frame)
        likely = self._wake_word.likelihood(frame) >= self._threshold
        self._certain_ticks = self._certain_ticks + 1 if likely else 0
        if self._certain_ticks < _CERTAIN_STEPS * _STEP_TICKS:
            return []
        self._certain_ticks = 0
        return [WakeWordHeard()]

    def _listen(self, frame: bytes) -> list[EarEvent]:
        stream = self._stream
        if stream is None:
            return []
        stream.feed(frame)
        speech = self._detector.speech_probability(frame) >= self._turns.speech_threshold
        heard: list[EarEvent] = []
        for signal in self._taker.tick(self._tick, speech=speech, we_speak=False):
            match signal:
                case SpeechBegins():
                    heard.append(SpeechStarted())
                case MayBeOver():
                    self._taker.words(stream.partial())
                case TurnOver():
                    heard.append(RequestHeard(stream.finish().text))
                case _:
                    pass
        return heard
