"""Who has the word at the desk: decided here, from what ear, store and telephone tell. Pure.

    asleep -> wake word -> awake -> words -> looking up -> speaking -> a moment of deafness -> asleep
    awake without words:       a tone after 700 ms, asleep again after 5 s
    words not understood:      said so, and awake once more
    somebody to be called:     the telephone rings once it was announced; "stop" gives it up while it rings
    joined with a caller:      deaf until they hang up, because their words are none of ours

While it speaks, and until the room has stopped to echo, it is deaf: its own voice never wakes it. Time is ticks of the
microphone.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final, assert_never

from appliance.desk.calling_back import CallBack, Wordings
from appliance.desk.calling_back import Stage as CallStage
from appliance.desk.requests import understood
from appliance.desk.sayings import Sayings
from appliance.desk.words import (
    AgentLost,
    Answer,
    Answered,
    Attend,
    CallCommand,
    CallEvent,
    Command,
    Ear,
    Event,
    LookUp,
    PlayTone,
    Request,
    RequestHeard,
    Say,
    SpeechStarted,
    SpokenOver,
    Ticked,
    WakeWordHeard,
    Wish,
)
from appliance.domain import events as ev
from appliance.domain.sound import ticks

TONE_AFTER_TICKS: Final = ticks(700)
"""Who goes on speaking after the word needs no tone."""
GIVE_UP_TICKS: Final = ticks(5000)
ECHO_TICKS: Final = ticks(600)
"""For so long a sound card's buffers and a room may keep our voice after its end."""


SPOKEN_BY_ITSELF: Final = frozenset({Wish.STOP, Wish.AGAIN, Wish.HELP})
"""Wishes for which nothing has to be looked up."""


class Stage(Enum):
    """Who has the word."""

    ASLEEP = auto()
    AWAKE = auto()
    LOOKING_UP = auto()
    SPEAKING = auto()
    ECHOING = auto()
    JOINED = auto()


class Session:
    """The desk's conversation, from one wake word to the next. `telephone` rings first when somebody is called."""

    def __init__(self, sayings: Sayings, *, telephone: str, region: str) -> None:
        self._sayings = sayings
        self._telephone = telephone
        self._region = region
        self._stage = Stage.ASLEEP
        self._tick = 0
        self._since_tick = 0  # when this stage began
        self._speaks = False  # somebody does, awake
        self._toned = False
        self._asks_again = False  # not understood once: awake again after saying so
        self._last = ""
        self._answer = Answer("")
        self._call: CallBack | None = None

    @property
    def stage(self) -> Stage:
        """Who has the word now."""
        return self._stage

    def handle(self, event: Event) -> list[Command]:
        """What to do about it."""
        match event:
            case Ticked(tick=tick):
                self._tick = tick
                return self._passed()
            case WakeWordHeard():
                return self._wake() if self._stage is Stage.ASLEEP else []
            case SpeechStarted():
                self._speaks = True
                return []
            case RequestHeard(text=text):
                return self._heard(text) if self._stage is Stage.AWAKE else []
            case Answered(answer=answer):
                return self._tell(answer) if self._stage is Stage.LOOKING_UP else []
            case SpokenOver():
                return self._enter(Stage.ECHOING) if self._stage is Stage.SPEAKING else []
            case (
                ev.ColleagueRings()
                | ev.ColleagueAnswered()
                | ev.ColleagueGone()
                | ev.CallsJoined()
                | AgentLost()
            ):
                return self._of_call(event)
            case _:
                assert_never(event)

    def _enter(self, stage: Stage) -> list[Command]:
        self._stage, self._since_tick = stage, self._tick
        return []

    # --- time -----------------------------------------------------------------------------------

    def _passed(self) -> list[Command]:
        waited = self._tick - self._since_tick
        if self._stage is Stage.ECHOING and waited >= ECHO_TICKS:
            return self._said()
        if self._stage is not Stage.AWAKE or self._speaks:
            return []
        if waited >= GIVE_UP_TICKS:
            return self._sleep()
        if waited >= TONE_AFTER_TICKS and not self._toned:
            self._toned = True
            return [PlayTone()]
        return []

    def _sleep(self) -> list[Command]:
        self._asks_again = False
        return [*self._enter(Stage.ASLEEP), Attend(Ear.ASLEEP)]

    def _wake(self, *, toned: bool = False) -> list[Command]:
        self._speaks, self._toned = False, toned
        return [*self._enter(Stage.AWAKE), Attend(Ear.AWAKE)]

    # --- words ----------------------------------------------------------------------------------

    def _heard(self, text: str) -> list[Command]:
        request = understood(text, self._sayings)
        if request is None:
            return self._not_understood(text)
        match request.wish:
            case Wish.STOP:
                return [*(self._call.give_up() if self._call else []), *self._sleep()]
            case Wish.AGAIN if self._last:
                return self._tell(Answer(self._last))
            case Wish.HELP | Wish.AGAIN:
                return self._say("help")
            case Wish.CALL_BACK if self._call is not None:
                return self._say("calling_already")
            case Wish.CALL_BACK if not self._telephone:
                return self._say("no_telephone")
            case _:
                return self._look_up(request)

    def _not_understood(self, text: str) -> list[Command]:
        """No words at all were the end of the wake word, or a noise: they may still come."""
        if not self._sayings.without_wake_word(text):
            self._speaks = False
            return []
        if self._asks_again:
            self._asks_again = False
            return self._say("help")
        self._asks_again = True
        return self._say("not_understood")

    def _look_up(self, request: Request) -> list[Command]:
        self._asks_again = False
        return [*self._enter(Stage.LOOKING_UP), Attend(Ear.DEAF), LookUp(request)]

    # --- speaking -------------------------------------------------------------------------------

    def _say(self, name: str) -> list[Command]:
        return self._speak(Answer(self._sayings.phrases[name]))

    def _tell(self, answer: Answer) -> list[Command]:
        self._last = answer.text
        return self._speak(answer)

    def _speak(self, answer: Answer) -> list[Command]:
        self._answer = answer
        return [*self._enter(Stage.SPEAKING), Attend(Ear.DEAF), Say(answer.text)]

    def _said(self) -> list[Command]:
        callee = self._answer.callee
        self._answer = Answer("")
        if self._asks_again:
            return self._wake(toned=True)
        if callee is None:
            return self._sleep()
        wordings = Wordings(**{name: self._sayings.phrases[name] for name in Wordings.__slots__})
        self._call = CallBack(callee, telephone=self._telephone, region=self._region, wordings=wordings)
        return [*self._call.begin(), *self._sleep()]

    # --- the call that is placed ----------------------------------------------------------------

    def _of_call(self, event: CallEvent) -> list[Command]:
        call = self._call
        if call is None:
            return []
        done: list[CallCommand] = call.handle(event)
        if call.stage is CallStage.JOINED:
            return [*done, *self._enter(Stage.JOINED), Attend(Ear.DEAF)]
        if call.stage is CallStage.OVER:
            return [*done, *self._after(call)]
        return list(done)

    def _after(self, call: CallBack) -> list[Command]:
        self._call = None
        if self._stage is Stage.ASLEEP and call.told:
            return self._speak(Answer(call.told))
        return self._sleep() if self._stage is Stage.JOINED else []
