"""A thread for each call's ear, because Vosk works outside the GIL."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from appliance.agent.hearing import Ear, HeardEvent
from appliance.conversation.turns import Asked
from appliance.domain.sound import FrameHeard

_log = logging.getLogger(__name__)
_FRAMES_WAITING_MAX = 500


class QuestionHeard:
    """What we ask has come through; sent in the place of the queue at which it did."""


@dataclass(frozen=True, slots=True)
class Understood:
    """These words would be understood, were they all."""

    text: str


class EarThread:
    """Runs an ear beside the loop. Sound it cannot keep up with is dropped, oldest first, and counted."""

    def __init__(self, ear: Ear, tell: Callable[[HeardEvent], None], failed: Callable[[], None]) -> None:
        self._ear = ear
        self._tell = tell
        self._failed = failed
        self._frames: deque[FrameHeard | Asked | QuestionHeard | Understood | None] = deque()
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

    def question_heard(self) -> None:
        """Queue that our question is being heard, in order with the sound."""
        self._put(QuestionHeard())

    def understood(self, text: str) -> None:
        """Tell the ear that these words would be understood."""
        self._put(Understood(text))

    def close(self) -> None:
        """Stop after what is queued; does not wait."""
        self._put(None)

    def _put(self, item: FrameHeard | Asked | QuestionHeard | Understood | None) -> None:
        self._frames.append(item)
        self._waiting.release()

    def _run(self) -> None:
        try:
            while self._waiting.acquire() and (item := self._frames.popleft()) is not None:
                match item:
                    case Asked():
                        self._ear.expect(item)
                    case QuestionHeard():
                        self._ear.question_heard()
                    case Understood(text=text):
                        self._ear.understood(text)
                    case FrameHeard():
                        for event in self._ear.hear(item):
                            self._tell(event)
        except Exception:  # noqa: BLE001  the top of a thread: the call must hear of it, whatever it was
            _log.exception("ear failed")
            self._failed()
