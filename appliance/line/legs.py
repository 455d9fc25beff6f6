"""The calls we make for a caller: what the agent orders of them, what it is told, when they are given up. Pure.

    dialled -> rings -> answered -> (caller handed over | joined | hung up) -> gone
    nobody answers in time:      given up, told as 408
    the caller is gone:          dropped at once, or after a while when a transfer may need them still
    the agent is gone:           dropped, unless caller and colleague speak already
    no word on a transfer:       told as 408, so that the caller is taken up again

Steps out are carried out by `CallLoop`. Time is handed in, in seconds that never go back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.line.switchboard import Disconnect, Tell
from appliance.sip import words

RINGING: Final = frozenset({180, 183})
NO_ANSWER: Final = 408
REFER_LIMIT_S: Final = 8.0
"""For so long a REFER may go without any word."""
RINGING_ELSEWHERE_S: Final = 60.0
"""For so long a phone system that took a REFER may try; most ring for 15 to 40 s."""
AFTER_CALLER_S: Final = 5.0
"""A leg whose caller left during a transfer: the phone system may still be putting the two together."""

LegStep = Disconnect | Tell | do.DialColleague | do.Refer | do.ReferReplacing | do.JoinCalls


@dataclass(slots=True)
class _Leg:
    call_id: str
    give_up_at_s: float | None
    rings: bool = False
    answered: bool = False
    timed_out: bool = False
    closing: bool = False  # hangs up as soon as everything queued has been played


@dataclass(slots=True)
class Legs:
    """Every leg of the line, and the transfers under way."""

    _legs: dict[str, _Leg] = field(default_factory=dict)
    _referring_until_s: dict[str, float] = field(default_factory=dict)
    _joined: dict[str, str] = field(default_factory=dict)

    def __contains__(self, leg_id: str) -> bool:
        return leg_id in self._legs

    def __len__(self) -> int:
        return len(self._legs)

    def is_joined(self, call_id: str) -> bool:
        """Whether this call or leg hears another one, and not us."""
        return call_id in self._joined

    # --- the agent ------------------------------------------------------------------------------

    def obey(
        self, command: do.DialColleague | do.Refer | do.ReferReplacing | do.JoinCalls, now_s: float
    ) -> list[LegStep]:
        """The agent decided. A number is dialled once, however often it is ordered."""
        match command:
            case do.DialColleague(leg_id=leg_id):
                if leg_id in self._legs:
                    return []
                self._legs[leg_id] = _Leg(command.call_id, now_s + command.ring_ms / 1000)
            case do.Refer(call_id=call_id) | do.ReferReplacing(call_id=call_id):
                self._referring_until_s[call_id] = now_s + REFER_LIMIT_S
            case do.JoinCalls():
                pass
        return [command]

    def hang_up(self, leg_id: str) -> list[LegStep]:
        """CANCEL what rings; who has answered hears what is still to be said."""
        leg = self._legs.get(leg_id)
        if leg is None:
            return []
        leg.give_up_at_s = None
        leg.closing = leg.answered
        return [] if leg.answered else [Disconnect(leg_id)]

    def silent(self, leg_id: str) -> list[LegStep]:
        """Nothing is left to be played to this colleague."""
        leg = self._legs.get(leg_id)
        if leg is None or not leg.closing:
            return []
        leg.closing = False
        return [Disconnect(leg_id)]

    def agent_went(self) -> list[LegStep]:
        """Nobody is there to connect them."""
        return [Disconnect(leg_id) for leg_id, leg in self._legs.items() if not self._is_needed(leg_id, leg)]

    def _is_needed(self, leg_id: str, leg: _Leg) -> bool:
        return leg_id in self._joined or leg.call_id in self._referring_until_s

    # --- the network ----------------------------------------------------------------------------

    def progressed(self, leg_id: str, status: int) -> list[LegStep]:
        """A provisional answer; ringing is told once."""
        leg = self._legs.get(leg_id)
        if leg is None or leg.rings or status not in RINGING:
            return []
        leg.rings = True
        return [Tell(ev.ColleagueRings(leg.call_id, leg_id))]

    def confirmed(self, leg_id: str) -> list[LegStep]:
        """Somebody, or a machine, answers."""
        leg = self._legs.get(leg_id)
        if leg is None:
            return []
        leg.answered, leg.give_up_at_s = True, None
        return [Tell(ev.ColleagueAnswered(leg.call_id, leg_id))]

    def digit(self, came: words.DigitCame) -> list[LegStep]:
        """A colleague pressed a key."""
        leg = self._legs.get(came.call_id)
        return [Tell(ev.ColleaguePressed(leg.call_id, came.call_id, came.digit))] if leg else []

    def refer_answered(self, answer: words.ReferAnswered, now_s: float) -> list[LegStep]:
        """The phone system's word on a transfer; what comes after the last one means nothing."""
        if answer.call_id not in self._referring_until_s:
            return []
        if answer.final:
            del self._referring_until_s[answer.call_id]
        else:
            self._referring_until_s[answer.call_id] = now_s + RINGING_ELSEWHERE_S
        return [Tell(ev.ReferAnswered(answer.call_id, answer.status, answer.final))]

    def joined(self, joined: words.Joined) -> list[LegStep]:
        """Caller and colleague hear each other."""
        self._joined[joined.call_id] = joined.other_id
        self._joined[joined.other_id] = joined.call_id
        return [Tell(ev.CallsJoined(joined.call_id, joined.other_id))]

    def leg_ended(self, leg_id: str, status: int) -> list[LegStep]:
        """A leg is over, whoever ended it."""
        leg = self._legs.pop(leg_id, None)
        if leg is None:
            return []
        told = NO_ANSWER if leg.timed_out else status
        return [Tell(ev.ColleagueGone(leg.call_id, leg_id, told)), *self._part(leg_id)]

    def caller_ended(self, call_id: str, now_s: float) -> list[LegStep]:
        """A caller is gone. A transfer may be why: then the phone system takes the colleague over."""
        steps = self._part(call_id)
        referring = self._referring_until_s.pop(call_id, None) is not None
        for leg_id, leg in self._legs.items():
            if leg.call_id != call_id or Disconnect(leg_id) in steps:
                continue
            if referring and leg.answered:
                leg.give_up_at_s = now_s + AFTER_CALLER_S
            else:
                steps.append(Disconnect(leg_id))
        return steps

    def _part(self, call_id: str) -> list[LegStep]:
        other = self._joined.pop(call_id, None)
        if other is None:
            return []
        self._joined.pop(other, None)
        return [Disconnect(other)]

    # --- time -----------------------------------------------------------------------------------

    def passed(self, now_s: float) -> list[LegStep]:
        """Time went by."""
        return [*self._given_up(now_s), *self._unanswered_refers(now_s)]

    def _given_up(self, now_s: float) -> list[LegStep]:
        steps: list[LegStep] = []
        for leg_id, leg in self._legs.items():
            if leg.give_up_at_s is not None and now_s >= leg.give_up_at_s:
                leg.give_up_at_s = None
                leg.timed_out = not leg.answered
                steps.append(Disconnect(leg_id))
        return steps

    def _unanswered_refers(self, now_s: float) -> list[LegStep]:
        late = [call_id for call_id, until_s in self._referring_until_s.items() if now_s >= until_s]
        for call_id in late:
            del self._referring_until_s[call_id]
        return [Tell(ev.ReferAnswered(call_id, NO_ANSWER, True)) for call_id in late]
