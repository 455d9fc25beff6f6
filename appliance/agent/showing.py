"""What onlookers are shown of one call, and the log keeps of it, as it happens.

Words that are nobody's business are not among it; in the log all words are personal fields (ops/logs.py).
"""

from __future__ import annotations

import logging
from dataclasses import asdict

from appliance.agent.watch import Watchers
from appliance.conversation.card_numbers import without_cards
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain import recording as rec
from appliance.domain.call import Speaker, Turn

_log = logging.getLogger(__name__)


class Showing:
    """One call, for whoever watches."""

    def __init__(self, call_id: str, watchers: Watchers, language: str) -> None:
        self._call_id = call_id
        self._watch = watchers
        self._language = language
        self._private = False

    def show(self, thing: object) -> None:
        """An event or a command; most are nothing to see."""
        match thing:
            case ev.PartialHeard(text=text):
                self._watch.tell("partial", call_id=self._call_id, text=self._words(text))
            case ev.UtteranceHeard(text=text):
                _log.info("heard", extra={"call_id": self._call_id, "pii_text": self._words(text)})
                self._watch.tell("heard", call_id=self._call_id, text=self._words(text))
            case do.Speak(text=text, turn_class=turn_class, speech=speech):
                self._watch.tell(
                    "speak",
                    call_id=self._call_id,
                    text=self._words(text),
                    turn_class=turn_class,
                    speech=speech,
                )
            case do.SaveTurn(turn=turn) if turn.speaker is Speaker.AGENT:
                self._log_said(turn)
                self._watch.tell(
                    "said",
                    call_id=self._call_id,
                    text=turn.text,
                    turn_class=turn.turn_class,
                    response_gap_ms=turn.response_gap_ms,
                    interrupted=turn.interrupted,
                    waterfall=turn.waterfall and asdict(turn.waterfall),
                )
            case do.Note(event=event):
                self._watch.tell("note", call_id=self._call_id, what=event.kind, detail=event.detail)
            case rec.PauseRecording(private=private):
                self._private = private
            case rec.GoOnRecording():
                self._private = False
            case _:
                pass

    def _log_said(self, turn: Turn) -> None:
        told = {"call_id": self._call_id, "class": turn.turn_class, "gap_ms": turn.response_gap_ms}
        _log.info("said", extra={**told, "interrupted": turn.interrupted, "pii_text": self._words(turn.text)})

    def _words(self, text: str) -> str:
        return rec.PRIVATE if self._private and text else without_cards(text, self._language)
