"""Listens to the recordings of calls once more, turn by turn, and keeps what is heard beside the first text.

What was blanked in a recording is silent here too; turns whose words may not be kept are passed over, and a card
number that only this recogniser hears right is not kept either.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import numpy as np
import soundfile

from appliance.clock import Clock
from appliance.conversation.card_numbers import without_cards
from appliance.conversation.summing_up import of_turns
from appliance.domain.call import CallRecord, Speaker, Summary, Turn
from appliance.domain.recording import NOT_KEPT, PRIVATE
from appliance.domain.sound import SAMPLE_RATE_HZ
from appliance.engines.ports import Transcriber
from appliance.secondpass.comparing import word_errors
from appliance.store.calls import Calls
from appliance.store.second_texts import SecondPass, SecondTexts

_log = logging.getLogger(__name__)
REACHES_BACK: Final = timedelta(days=7)
"""Older calls are left alone: whoever switches the second pass on does not want years of them."""
_MARGIN_MS: Final = 300
"""The live recogniser's ends of a turn are those of its speech, to some hundredths of a second."""


class SecondListener:
    """Listens again to what waits, the newest call first."""

    def __init__(
        self, calls: Calls, second: SecondTexts, model: Transcriber, clock: Clock, language: str
    ) -> None:
        self._calls = calls
        self._second = second
        self._model = model
        self._clock = clock
        self._language = language

    def listen(self) -> int:
        """All that waits; how many calls that were."""
        done = 0
        while waiting := self._second.waiting(self._clock.now() - REACHES_BACK):
            self.listen_to(waiting[0])
            done += 1
        return done

    def listen_to(self, call_id: str) -> SecondPass:
        """One call. What is kept of it already is not listened to again; a recording that is gone gives nothing."""
        call = self._calls.get(call_id)
        texts = self._second.texts(call_id)
        for turn, pcm in _sounds(call, passed_over=texts.keys()):
            texts[turn.number] = without_cards(self._model.transcribe(pcm), self._language)
            self._second.keep_text(call_id, turn.number, texts[turn.number])
        pairs = [(turn.text, texts[turn.number]) for turn in call.turns if turn.number in texts]
        words, errors = word_errors(pairs, self._language)
        now, summary = self._clock.now(), _summary(call, texts, self._language)
        done = SecondPass(call_id, now, self._model.name, words, errors, summary, texts)
        self._second.finish(done)
        return done


def may_be_heard_again(turn: Turn) -> bool:
    """Whether it is the caller's, and all of its words may be kept."""
    return turn.speaker is Speaker.CALLER and PRIVATE not in turn.text and NOT_KEPT not in turn.text


def _sounds(call: CallRecord, passed_over: Collection[int]) -> Iterator[tuple[Turn, bytes]]:
    """The caller's turns that may be listened to, each with its sound; none where the recording does not read."""
    turns = [one for one in call.turns if may_be_heard_again(one) and one.number not in passed_over]
    try:
        with soundfile.SoundFile(str(Path(call.recording or ""))) as sound:
            yield from ((turn, _left(sound, turn)) for turn in turns)
    except (OSError, soundfile.LibsndfileError) as error:
        _log.warning("recording does not read", extra={"call_id": call.call_id, "reason": str(error)})


def _left(sound: soundfile.SoundFile, turn: Turn) -> bytes:
    """The caller's side of a turn, 16 kHz int16, with a little before and behind it."""
    first, end = (
        min(max(at_ms, 0) * SAMPLE_RATE_HZ // 1000, sound.frames)
        for at_ms in (turn.started_ms - _MARGIN_MS, turn.ended_ms + _MARGIN_MS)
    )
    sound.seek(first)
    return np.ascontiguousarray(sound.read(end - first, dtype="int16", always_2d=True)[:, 0]).tobytes()


def _summary(call: CallRecord, texts: Mapping[int, str], language: str) -> Summary | None:
    """The wish by the second texts; what is to be done next followed from what was done, and stays."""
    if not any(texts.values()):
        return None
    turns = [replace(one, text=texts.get(one.number) or one.text) for one in call.turns]
    made = of_turns(turns, call.disposition, language)
    next_step = call.summary.next_step if call.summary else made.next_step
    return Summary(f"{made.wish} {next_step}", made.wish, next_step)
