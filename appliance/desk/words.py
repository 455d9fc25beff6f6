"""What happens at the desk and what is to be done about it: events and commands of `session`, and what they carry.

Placing a call speaks the house's own words: `DialColleague` and the others, `ColleagueAnswered` and the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from appliance.domain import commands as do
from appliance.domain import events as ev


class Wish(StrEnum):
    """What somebody wants of the box."""

    MESSAGES = "messages"
    URGENT = "urgent"  # messages, but only the urgent ones
    CALLS = "calls"
    DIARY = "diary"
    NEXT = "next"  # the next appointment
    CALL_BACK = "call_back"
    AGAIN = "again"  # the last answer once more
    HELP = "help"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Request:
    """A wish, and the words it was said in: they may name a day, a time, a person."""

    wish: Wish
    text: str


@dataclass(frozen=True, slots=True)
class Callee:
    """Who is to be called back. `call_id` names the call that is placed, `number` is as it is dialled."""

    call_id: str
    number: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say, and whom to call once it is said."""

    text: str
    callee: Callee | None = None


# --- events -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ticked:
    """20 ms of the microphone have passed, `tick` of them since the box began to listen."""

    tick: int


@dataclass(frozen=True, slots=True)
class WakeWordHeard:
    """Somebody said the word."""


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Somebody speaks, after the word."""


@dataclass(frozen=True, slots=True)
class RequestHeard:
    """They are done; empty when it were no words."""

    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to `LookUp`."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class SpokenOver:
    """All that was to be said has left the loudspeaker."""


@dataclass(frozen=True, slots=True)
class AgentLost:
    """The agent, and with it the telephone, cannot be reached (any more)."""


CallEvent = ev.ColleagueRings | ev.ColleagueAnswered | ev.ColleagueGone | ev.CallsJoined | AgentLost
Event = Ticked | WakeWordHeard | SpeechStarted | RequestHeard | Answered | SpokenOver | CallEvent


# --- commands -----------------------------------------------------------------------------------


class Ear(Enum):
    """What the microphone is for."""

    DEAF = auto()  # nothing of it is looked at
    ASLEEP = auto()  # only the wake word is looked for
    AWAKE = auto()  # words are listened to


@dataclass(frozen=True, slots=True)
class Attend:
    """Listen like this from now on."""

    ear: Ear


@dataclass(frozen=True, slots=True)
class PlayTone:
    """Let them know that the word was heard and that it is their turn."""


@dataclass(frozen=True, slots=True)
class Say:
    """Say this, told as `SpokenOver` when it is over."""

    text: str


@dataclass(frozen=True, slots=True)
class LookUp:
    """Find out what to answer, told as `Answered`."""

    request: Request


@dataclass(frozen=True, slots=True)
class TellTelephone:
    """Say this to the telephone of `leg_id`, on the desk."""

    leg_id: str
    text: str


CallCommand = do.DialColleague | do.PlayWaiting | do.JoinCalls | do.HangUp | TellTelephone
Command = Attend | PlayTone | Say | LookUp | CallCommand
