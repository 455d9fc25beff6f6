"""What becomes of each call: decided here, from what the network, the agent and the time say. Pure.

    rings -> offered to the agent -> answered -> over
    no agent at the ring:   wait 3 s, then serve the caller by keys; if that was never prepared 480, so that the
                            phone system's own fallback takes the call
    no ACK to our 200:      hung up after 5 s, a line must not be held by nobody
    never answered, and no agent ever had it: rang in vain, which is on record too
    agent lost in a call:   "one moment"; offered again to the next agent; after 20 s served by keys, or
                            "call again" and hung up

Steps out are carried out by `CallLoop`. Time is handed in, in seconds that never go back.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import assert_never

from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.sip import words

AGENT_AT_RING_S = 3.0
ANSWER_LIMIT_S = 10.0
AGENT_IN_CALL_S = 20.0  # an agent that is started anew takes up to half of it on a busy box
ACK_LIMIT_S = 5.0
UNAVAILABLE = 480


# --- steps to be taken --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ring:
    """Send 180."""

    call_id: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Send 200."""

    call_id: str


@dataclass(frozen=True, slots=True)
class Reject:
    """Refuse with `status`."""

    call_id: str
    status: int


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Send BYE."""

    call_id: str


@dataclass(frozen=True, slots=True)
class Tell:
    """Send the agent an event."""

    event: ev.LineEvent


@dataclass(frozen=True, slots=True)
class PlayPrepared:
    """Drop what is queued and play a prepared sound instead."""

    call_id: str
    name: str


@dataclass(frozen=True, slots=True)
class ServeAlone:
    """Serve this caller by keys, from `tick` on; `resumed`: they were in a call already."""

    rang: words.Rang
    tick: int
    resumed: bool


@dataclass(frozen=True, slots=True)
class KeepUnserved:
    """This call is over and nobody served it; it rang from `rang_at_s` on."""

    rang: words.Rang
    status: int
    rang_at_s: float


Step = Ring | Answer | Reject | Disconnect | Tell | PlayPrepared | ServeAlone | KeepUnserved


# --- what is known ------------------------------------------------------------------------------


class Stage(Enum):
    """How far a call has come."""

    RINGING = auto()
    ANSWERED = auto()
    JOINED = auto()  # speaks with a colleague through us
    CLOSING = auto()  # hangs up as soon as everything queued has been played
    LEAVING = auto()  # refused or hung up by us; the end is still to be reported


_UP = frozenset({Stage.ANSWERED, Stage.CLOSING})


@dataclass(slots=True)
class _Call:
    rang: words.Rang
    since_s: float  # when it began to wait for whatever it waits for: an agent, an answer
    stage: Stage = Stage.RINGING
    tick: int = 0
    alone: bool = True  # no agent has it
    by_keys: bool = False  # the line serves it by itself
    answered_at_s: float = 0.0
    confirmed: bool = False
    rang_at_s: float = 0.0
    unserved: bool = True  # no agent ever had it, nor was it answered


@dataclass(slots=True)
class Switchboard:
    """Every call of the line. `serves_alone`: callers can be served without an agent."""

    agent_present: bool = False
    serves_alone: bool = False
    _calls: dict[str, _Call] = field(default_factory=dict)

    def __contains__(self, call_id: str) -> bool:
        return call_id in self._calls

    def __len__(self) -> int:
        return len(self._calls)

    def ticked(self, call_id: str, tick: int) -> None:
        """The call's sound has come to `tick`."""
        if call := self._calls.get(call_id):
            call.tick = tick

    def answered_since(self, moment_s: float) -> bool:
        """Whether a call has been up since `moment_s` or longer, so that its sound must be moving."""
        return any(
            one.stage in _UP and one.confirmed and one.answered_at_s <= moment_s
            for one in self._calls.values()
        )

    # --- the network ----------------------------------------------------------------------------

    def rang(self, rang: words.Rang, now_s: float) -> list[Step]:
        """Somebody calls."""
        call = self._calls[rang.call_id] = _Call(rang, now_s, rang_at_s=now_s)
        steps: list[Step] = [Ring(rang.call_id)]
        return steps + self._offer(call, now_s) if self.agent_present else steps

    def _offer(self, call: _Call, now_s: float) -> list[Step]:
        call.alone = call.by_keys = call.unserved = False
        call.since_s = now_s
        resumed = call.stage is not Stage.RINGING
        rang = call.rang
        return [Tell(ev.CallOffered(rang.call_id, rang.caller, rang.called, resumed, call.tick))]

    def confirmed(self, call_id: str) -> list[Step]:
        """The caller has acknowledged our answer."""
        if call := self._calls.get(call_id):
            call.confirmed = True
        return []

    def joined(self, call_id: str) -> None:
        """The caller speaks with a colleague: no agent is needed any more."""
        if (call := self._calls.get(call_id)) and call.stage is Stage.ANSWERED:
            call.stage = Stage.JOINED

    def digit(self, came: words.DigitCame) -> list[Step]:
        """A key was pressed."""
        call = self._calls.get(came.call_id)
        if call is None:
            return []
        return [Tell(ev.DigitPressed(came.call_id, came.digit, call.tick, came.method))]

    def ended(self, ended: words.Ended) -> list[Step]:
        """The call is over, whoever ended it."""
        call = self._calls.pop(ended.call_id, None)
        if call is None:
            return []
        if call.unserved:
            return [KeepUnserved(call.rang, ended.status, call.rang_at_s)]
        return [Tell(ev.CallerHungUp(ended.call_id, call.tick, ended.status, ended.quality))]

    # --- the agent ------------------------------------------------------------------------------

    def agent_came(self, now_s: float, *, staying: Collection[str] = ()) -> list[Step]:
        """An agent is there: offer it every call that is still to be served, but those that are `staying`."""
        self.agent_present = True
        steps: list[Step] = []
        for call_id, call in self._calls.items():
            if call.stage in {Stage.RINGING, Stage.ANSWERED} and call_id not in staying:
                steps += self._offer(call, now_s)
        return steps

    def agent_went(self, now_s: float) -> list[Step]:
        """The agent is gone: callers in a call are asked for a moment."""
        self.agent_present = False
        steps: list[Step] = []
        for call_id, call in self._calls.items():
            if not call.alone:
                call.alone = True
                call.since_s = now_s
                if call.stage is Stage.ANSWERED:
                    steps.append(PlayPrepared(call_id, "one_moment"))
        return steps

    def obey(self, command: do.AnswerCall | do.RejectCall | do.HangUp, now_s: float) -> list[Step]:
        """The agent decided; commands for calls that are over come too late and mean nothing."""
        call = self._calls.get(command.call_id)
        if call is None:
            return []
        match command:
            case do.AnswerCall():
                return self._answer(call, now_s)
            case do.RejectCall(status=status):
                return self._leave(call, status)
            case do.HangUp():
                return self._close(call)
            case _:
                assert_never(command)

    def _answer(self, call: _Call, now_s: float) -> list[Step]:
        if call.stage is not Stage.RINGING:
            return []
        call.stage = Stage.ANSWERED
        call.unserved = False
        call.answered_at_s = now_s
        return [Answer(call.rang.call_id)]

    def _leave(self, call: _Call, status: int) -> list[Step]:
        if call.stage is not Stage.RINGING:
            return self._close(call)
        call.stage = Stage.LEAVING
        return [Reject(call.rang.call_id, status)]

    def _close(self, call: _Call) -> list[Step]:
        if call.stage is Stage.RINGING:
            return self._leave(call, UNAVAILABLE)
        if call.stage is Stage.JOINED:
            call.stage = Stage.LEAVING
            return [Disconnect(call.rang.call_id)]
        if call.stage is Stage.ANSWERED:
            call.stage = Stage.CLOSING
        return []

    # --- sound and time -------------------------------------------------------------------------

    def silent(self, call_id: str) -> list[Step]:
        """Nothing is left to play in this call."""
        call = self._calls.get(call_id)
        if call is None or call.stage is not Stage.CLOSING:
            return []
        call.stage = Stage.LEAVING
        return [Disconnect(call_id)]

    def passed(self, now_s: float) -> list[Step]:
        """Time went by: nobody waits for ever."""
        return [step for call in self._calls.values() for step in self._waited(call, now_s)]

    def _waited(self, call: _Call, now_s: float) -> list[Step]:
        waited_s = now_s - call.since_s
        if self.serves_alone and (begun := self._alone(call, waited_s, now_s)):
            return begun
        if call.by_keys:
            return self._unconfirmed(call, now_s)
        if call.stage is Stage.RINGING and waited_s >= (AGENT_AT_RING_S if call.alone else ANSWER_LIMIT_S):
            return self._leave(call, UNAVAILABLE)
        if gone := self._unconfirmed(call, now_s):
            return gone
        if call.stage is Stage.ANSWERED and call.alone and waited_s >= AGENT_IN_CALL_S:
            call.stage = Stage.CLOSING
            return [PlayPrepared(call.rang.call_id, "call_again")]
        return []

    def _unconfirmed(self, call: _Call, now_s: float) -> list[Step]:
        if call.stage not in _UP or call.confirmed or now_s - call.answered_at_s < ACK_LIMIT_S:
            return []
        call.stage = Stage.LEAVING
        return [Disconnect(call.rang.call_id)]

    def _alone(self, call: _Call, waited_s: float, now_s: float) -> list[Step]:
        """Nobody else serves this caller: by keys, before they are sent away."""
        if not call.alone or call.by_keys:
            return []
        if call.stage is Stage.RINGING and waited_s >= AGENT_AT_RING_S:
            call.by_keys = True
            return [*self._answer(call, now_s), ServeAlone(call.rang, 0, False)]
        if call.stage is Stage.ANSWERED and waited_s >= AGENT_IN_CALL_S:
            call.by_keys = True
            return [ServeAlone(call.rang, call.tick, True)]
        return []
