"""What has been said in one call, by both sides, and what is being said right now.

Keeps the replies under way until the caller has heard them or cut them off, and turns them into turns on
record; numbers speeches, replies and turns.
"""

from __future__ import annotations

from typing import Final

from appliance.conversation.reply import CallerSpeech, Reply, Speech
from appliance.domain import events as ev
from appliance.domain.call import Speaker, Turn, TurnClass
from appliance.domain.commands import Expect, SaveTurn, SessionCommand, Speak
from appliance.domain.expectation import Expectation
from appliance.domain.sound import ms

_RECENT_MAX = 6
USUAL_PERCENT: Final = 100
UNHURRIED_PERCENT: Final = 85
"""For who has lost the thread; slower still sounds drawn out, and costs the patience of who follows."""


class Talk:
    """The talk of one call. `first_turn` continues the numbering of a call that was resumed."""

    def __init__(self, call_id: str, first_turn: int) -> None:
        self._call_id = call_id
        self._next_turn = first_turn
        self._next_speech = 1
        self._next_reply = 1
        self._under_way: dict[int, Reply] = {}
        self._cut_off: Reply | None = None
        self._answering: CallerSpeech | None = None
        self._recent: list[tuple[str, str]] = []
        self.expectation = Expectation.ANYTHING
        self.last_said = ""
        self.pace_percent = USUAL_PERCENT
        """How fast we speak from now on."""

    @property
    def is_speaking(self) -> bool:
        """Whether something we said has not been heard to its end yet."""
        return bool(self._under_way)

    def count_on_from(self, later: Talk) -> None:
        """Speeches and replies that `later` has numbered keep their numbers for good."""
        self._next_speech, self._next_reply = later._next_speech, later._next_reply

    @property
    def is_about_to_speak(self) -> bool:
        """Whether we have something to say, or will have, and nothing of it sounds at the moment."""
        speeches = [one for reply in self._under_way.values() for one in reply.speeches.values()]
        return self.is_speaking and all(one.over or one.began_tick is None for one in speeches)

    @property
    def recent(self) -> list[tuple[str, str]]:
        """The last lines, (who, text), before the one that is being answered."""
        return self._recent[:-1]

    # --- the caller -----------------------------------------------------------------------------

    def listen(self, event: ev.UtteranceHeard) -> None:
        """What is said next answers this utterance: its times are measured from there."""
        self._answering = CallerSpeech(event.ended_tick, event.decided_tick, event.tick)

    def speak_unasked(self) -> None:
        """What is said next answers nobody: a reprompt has no response gap."""
        self._answering = None

    def heard(self, event: ev.UtteranceHeard) -> SaveTurn:
        """The caller's turn, for the record."""
        self._remember("caller", event.text)
        turn = Turn(
            number=self._turn_number(),
            speaker=Speaker.CALLER,
            text=event.text,
            started_ms=ms(event.started_tick),
            ended_ms=ms(event.ended_tick),
            confidence=round(event.confidence, 3),
        )
        return SaveTurn(self._call_id, turn)

    # --- us -------------------------------------------------------------------------------------

    def say(
        self,
        texts: list[str],
        turn_class: TurnClass,
        tick: int,
        *,
        expectation: Expectation = Expectation.ANYTHING,
        is_open: bool = False,
    ) -> tuple[Reply, list[SessionCommand]]:
        """Begin a reply, a speech for each text. An open one waits for `add` and is over only after `close`."""
        reply = Reply(self._next_reply, turn_class, self._answering, tick, closed=not is_open)
        self._answering = None
        self._cut_off = None
        self._next_reply += 1
        self._under_way[reply.number] = reply
        self.expectation = expectation
        spoken = [self.add(reply, text) for text in texts if text]
        if not is_open:
            self.last_said = reply.text
            self._remember("agent", reply.text)
        return reply, [Expect(self._call_id, expectation), *spoken]

    def add(self, reply: Reply, text: str, *, acknowledges: bool = False) -> Speak:
        """One more speech of a reply."""
        speech = self._next_speech
        self._next_speech += 1
        reply.speeches[speech] = Speech(text, acknowledges)
        return Speak(self._call_id, speech, reply.number, text, reply.turn_class, self.pace_percent)

    def close(self, reply: Reply) -> list[SessionCommand]:
        """Nothing more will be added to `reply`."""
        reply.closed = True
        composed = " ".join(speech.text for speech in reply.speeches.values() if not speech.acknowledges)
        if composed:
            self.last_said = composed
            self._remember("agent", composed)
        return self._saved_if_over(reply)

    def mouth(self, event: ev.SpeechBegan | ev.VoiceReady | ev.SpeechPlayed) -> list[SessionCommand]:
        """The mouth reports how far it is."""
        reply = next((one for one in self._under_way.values() if event.speech in one.speeches), None)
        if reply is None:
            return []
        match event:
            case ev.VoiceReady():
                if reply.voice_ready_tick is None:
                    reply.voice_ready_tick, reply.prepared = event.tick, event.prepared
            case ev.SpeechBegan():
                reply.began(event.speech, event.tick)
            case ev.SpeechPlayed():
                reply.played(event.speech, event.tick, event.share, over=event.over)
        return self._saved_if_over(reply)

    # --- cut off --------------------------------------------------------------------------------

    def interrupt(self) -> list[SessionCommand]:
        """The caller talks over us: of what we say, only what was begun is still waited for."""
        saved: list[SessionCommand] = []
        for reply in list(self._under_way.values()):
            reply.interrupt()
            self._cut_off = reply
            saved += self._saved_if_over(reply)
        return saved

    def take_up(self) -> Reply | None:
        """The reply that was cut off by nothing, with words left to say; once."""
        reply, self._cut_off = self._cut_off, None
        return reply if reply is not None and reply.unplayed() else None

    def end(self) -> list[SessionCommand]:
        """The call is over: what was being said is kept as far as it was heard."""
        saved: list[SessionCommand] = []
        for reply in list(self._under_way.values()):
            reply.interrupted = True
            saved += self._saved(reply)
        return saved

    def _saved_if_over(self, reply: Reply) -> list[SessionCommand]:
        return self._saved(reply) if reply.is_over else []

    def _saved(self, reply: Reply) -> list[SessionCommand]:
        """A reply that is over becomes a turn, once; None of it heard, no turn."""
        if self._under_way.pop(reply.number, None) is None:
            return []
        turn = reply.turn(self._next_turn)
        if turn is None:
            return []
        self._turn_number()
        return [SaveTurn(self._call_id, turn)]

    def _turn_number(self) -> int:
        number = self._next_turn
        self._next_turn += 1
        return number

    def _remember(self, who: str, text: str) -> None:
        self._recent = [*self._recent, (who, text)][-_RECENT_MAX:]
