"""One wish to be put through, from the first ring to a word with somebody, or back to the caller. Pure.

    ringing -> answered -> told about the caller -> key 1 -> handed over (REFER with Replaces) -> connected
                 |              | key 2, no key,                 | refused by the phone system
                 |              | gone                           +-> joined through us
                 +- nobody takes it: the next round, and after the last one back to the caller

Several telephones may ring together; everybody who answers is told about the caller and the first key has it,
so that a mailbox which answers at once keeps the call from nobody. A line that is `blind`, and one for which we
have no free place, is handed over by a plain REFER.

`handle` takes every event of the legs; `silent`, `dropped` and `caller_gone` what happens on the caller's side.
Each returns a `Move`: what to say to the caller, what to order, and whether it is over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum, auto
from typing import Final, Protocol, assert_never

from appliance.conversation.dates import spoken_day
from appliance.conversation.ring_plan import RingPlan, Round, Target
from appliance.domain import events as ev
from appliance.domain.commands import (
    BriefColleague,
    ConnectCommand,
    DialColleague,
    HangUp,
    JoinCalls,
    PlayWaiting,
    Refer,
    ReferReplacing,
)

TAKE: Final = "1"
DECLINE: Final = "2"
KEY_WAIT_MS: Final = 5_000
"""A colleague who has been told everything and presses nothing for so long is told again."""
BRIEFINGS_MAX: Final = 3
_NO_LINE_OF_OURS: Final = 503
_BUSY: Final = frozenset({486, 600})
_NO_ANSWER: Final = frozenset({408, 480, 487})
_STILL_TRYING: Final = ("still_trying_1", "still_trying_2")


class Sayings(Protocol):
    """The product's sentences (conversation.phrases.Phrases)."""

    def say(self, name: str, /, **slots: str) -> str:
        """The sentence called `name`, its slots filled."""
        ...


class Ending(StrEnum):
    """How a wish to be put through ended."""

    CONNECTED = "connected"  # the phone system has them: hang up the caller's call
    JOINED = "joined"  # they speak through us: hold still until the caller hangs up
    NOBODY = "nobody"  # the caller is ours again and was told why
    DROPPED = "dropped"  # the caller did not want it any more


class Missed(StrEnum):
    """Why a telephone did not bring anybody; the values name phrases, the most telling first."""

    DECLINED = "declined"
    BUSY = "is_busy"
    NO_ANSWER = "no_answer"
    LEFT = "colleague_left"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Caller:
    """What a colleague is told of the caller; each may be empty."""

    name: str = ""
    matter: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """What to do now: `say` to the caller first, then `commands`; `ending` when nothing more will come."""

    say: str = ""
    commands: tuple[ConnectCommand, ...] = ()
    ending: Ending | None = None
    urgent: bool = False
    """About an emergency: nobody is asked for a message."""


class _Stage(Enum):
    RINGING = auto()
    TOLD = auto()  # about the caller; a key is awaited
    TAKING = auto()  # the caller is being handed over to them
    JOINING = auto()  # the phone system would not: they are joined here


_TAKEN: Final = frozenset({_Stage.TAKING, _Stage.JOINING})


@dataclass(slots=True)
class _Leg:
    target: Target
    stage: _Stage = _Stage.RINGING
    briefings: int = 0
    quiet_since_ms: int = 0


@dataclass
class Connecting:
    """The state of one attempt. `first_leg` numbers its legs; take `next_leg` for the call's next attempt."""

    call_id: str
    plan: RingPlan
    phrases: Sayings
    caller: Caller = field(default_factory=Caller)
    region: str = ""
    """Whose ringing tone the caller hears (ISO 3166); empty: none."""
    first_leg: int = 1
    language: str = "en"

    def __post_init__(self) -> None:
        self.next_leg = self.first_leg
        self._rounds: Iterator[Round] = iter(self.plan.rounds)
        self._round: Round | None = None
        self._legs: dict[str, _Leg] = {}
        self._missed: set[Missed] = set()
        self._blind: Target | None = None
        self._waited = 0
        self._over = False

    # --- the caller's side ----------------------------------------------------------------------

    def begin(self) -> Move:
        """Ring whoever comes first, or say that nobody is there."""
        if not self.plan.rounds:
            return self._end(Ending.NOBODY, self._why_nobody_is_there())
        first = self._next_round()
        trying = first.say or self._say("trying", who=self._who())
        say = self._say("emergency_trying") if self.plan.urgent else trying
        waiting = (PlayWaiting(self.call_id, self.region),) if self.region else ()
        return Move(say, (*waiting, *first.commands))

    def silent(self) -> Move:
        """The caller has heard nothing of us for a while."""
        if self._over or self._transferring:
            return Move()
        name = _STILL_TRYING[min(self._waited, len(_STILL_TRYING) - 1)]
        self._waited += 1
        return Move(self._say(name))

    def dropped(self) -> Move:
        """The caller wants something else; too late when the phone system is handing them over."""
        if self._over or self._transferring:
            return Move()
        return self._end(Ending.DROPPED, commands=self._leave("to_not_needed"))

    def caller_gone(self) -> Ending:
        """The caller's call is over: because they were handed over, or because they hung up."""
        was_connected = self._transferring  # some phone systems hang up before they say that it is done
        self._over = True
        return Ending.CONNECTED if was_connected else Ending.DROPPED

    @property
    def _transferring(self) -> bool:
        return self._blind is not None or any(leg.stage in _TAKEN for leg in self._legs.values())

    # --- the legs -------------------------------------------------------------------------------

    def handle(self, event: ev.ConnectEvent) -> Move:
        """What an event of a leg makes us do; events of what is over mean nothing."""
        if self._over:
            return Move()
        match event:
            case ev.ColleagueRings() | ev.ColleagueSilent(silent_ms=0):
                return Move()
            case ev.ColleagueAnswered(leg_id=leg_id):
                return self._answered(leg_id)
            case ev.ColleaguePressed(leg_id=leg_id, digit=digit):
                return self._key(leg_id, digit)
            case ev.ColleagueSilent(leg_id=leg_id, silent_ms=silent_ms):
                return self._no_key(leg_id, silent_ms)
            case ev.ColleagueGone(leg_id=leg_id, status=status):
                return self._gone(leg_id, status)
            case ev.ReferAnswered(status=status, final=final):
                return self._referred(status, final=final)
            case ev.CallsJoined():
                return self._end(Ending.JOINED)
            case _:
                assert_never(event)

    def _answered(self, leg_id: str) -> Move:
        leg = self._legs.get(leg_id)
        if leg is None or leg.stage is not _Stage.RINGING:
            return Move()
        if not leg.target.screened:
            return self._take(leg_id)
        leg.stage = _Stage.TOLD
        return Move(commands=(self._brief(leg_id, leg),))

    def _brief(self, leg_id: str, leg: _Leg) -> BriefColleague:
        leg.briefings += 1
        return BriefColleague(self.call_id, leg_id, " ".join(self._briefing(leg.target)))

    def _briefing(self, target: Target) -> Iterator[str]:
        yield self._say("to_call_for", who=target.spoken)
        if self.caller.name:
            yield self._say("to_from", name=self.caller.name)
        if self.caller.matter:
            yield self._say("to_about", matter=self.caller.matter)
        yield self._say("to_keys")

    def _key(self, leg_id: str, digit: str) -> Move:
        leg = self._legs.get(leg_id)
        if leg is None or leg.stage is not _Stage.TOLD:
            return Move()
        if digit == TAKE:
            return self._take(leg_id)
        return self._lose(leg_id, Missed.DECLINED, good_bye="to_declined") if digit == DECLINE else Move()

    def _no_key(self, leg_id: str, silent_ms: int) -> Move:
        """Told again now and then; who never presses a key is a mailbox."""
        leg = self._legs.get(leg_id)
        if leg is None or leg.stage is not _Stage.TOLD or silent_ms < KEY_WAIT_MS:
            return Move()
        if leg.briefings >= BRIEFINGS_MAX:
            return self._lose(leg_id, Missed.NO_ANSWER, good_bye="to_no_key")
        return Move(commands=(self._brief(leg_id, leg),))

    def _take(self, leg_id: str) -> Move:
        """This one has it; all others are let go."""
        taken = self._legs.pop(leg_id)
        others = self._leave("to_taken")
        taken.stage = _Stage.TAKING
        self._legs = {leg_id: taken}
        return Move(commands=(*others, ReferReplacing(self.call_id, leg_id)))

    def _lose(self, leg_id: str, missed: Missed, good_bye: str = "", *, is_gone: bool = False) -> Move:
        """This one will not take it; if it was the last of its round, go on."""
        leg = self._legs.pop(leg_id)
        self._missed.add(missed)
        left = () if is_gone else self._let_go(leg_id, leg, good_bye)
        if self._legs:
            return Move(commands=left)
        onward = self._next_round()
        return replace(onward, commands=(*left, *onward.commands))

    def _gone(self, leg_id: str, status: int) -> Move:
        leg = self._legs.get(leg_id)
        if leg is None:
            return Move()
        if (
            leg.stage is _Stage.TAKING
        ):  # the phone system has put them together, or says next that it could not
            del self._legs[leg_id]
            self._blind = leg.target
            return Move()
        if status == _NO_LINE_OF_OURS and len(self._legs) == 1:
            del self._legs[leg_id]
            return self._hand_over_blindly(leg.target)
        return self._lose(leg_id, _missed(status, leg.stage), is_gone=True)

    # --- handing over ---------------------------------------------------------------------------

    def _hand_over_blindly(self, target: Target) -> Move:
        self._blind = target
        return Move(self._say("handing_over", who=target.spoken), (Refer(self.call_id, target.to),))

    def _referred(self, status: int, *, final: bool) -> Move:
        if not final or not self._transferring:
            return Move()
        if status < 300:
            return self._end(Ending.CONNECTED, commands=self._leave())
        return self._not_handed_over(status)

    def _not_handed_over(self, status: int) -> Move:
        """The phone system would not, or could not. Whoever has answered is joined with the caller here."""
        for leg_id, leg in self._legs.items():
            leg.stage = _Stage.JOINING
            return Move(commands=(JoinCalls(self.call_id, leg_id),))
        self._missed.add(_missed(status, _Stage.RINGING))
        self._blind = None
        return self._next_round()

    # --- rounds ---------------------------------------------------------------------------------

    def _next_round(self) -> Move:
        is_first = self._round is None
        following = next(self._rounds, None)
        if following is None:
            return self._nobody()
        self._round = following
        why, self._missed = self._why_missed(), set()
        say = "" if is_first else self._say("trying_next", missed=why, who=self._who())
        if len(self._round.targets) == 1 and self._round.targets[0].blind:
            blindly = self._hand_over_blindly(self._round.targets[0])
            return Move(say or blindly.say, blindly.commands)
        return Move(say, tuple(self._dial(target, self._round.ring_ms) for target in self._round.targets))

    def _dial(self, target: Target, ring_ms: int) -> DialColleague:
        leg_id = f"{self.call_id}+{self.next_leg}"
        self.next_leg += 1
        self._legs[leg_id] = _Leg(target)
        return DialColleague(self.call_id, leg_id, target.to, ring_ms)

    def _who(self) -> str:
        """Who is being tried, as the caller is told: a name when one telephone rings, else what was asked for."""
        targets = self._round.targets if self._round else ()
        return targets[0].spoken if len(targets) == 1 else self.plan.wanted

    def _nobody(self) -> Move:
        if self.plan.urgent:
            return self._end(Ending.NOBODY, self._say("emergency_failed"))
        return self._end(Ending.NOBODY, self._say("nobody_free", missed=self._why_missed()))

    def _why_missed(self) -> str:
        """The most telling reason of this round."""
        return self._say(next((one for one in Missed if one in self._missed), Missed.UNREACHABLE))

    def _why_nobody_is_there(self) -> str:
        if self.plan.urgent:
            return self._say("emergency_failed")
        if self.plan.away_until is not None:
            day = spoken_day(self.plan.away_until, self.plan.today, self.language)
            return self._say("away_until", who=self.plan.wanted, day=day)
        return self._say("closed_now") if self.plan.closed else self._say("away_now", who=self.plan.wanted)

    # --- endings --------------------------------------------------------------------------------

    def _leave(self, good_bye: str = "") -> tuple[ConnectCommand, ...]:
        """Let every leg go."""
        legs, self._legs = self._legs, {}
        return tuple(
            command for leg_id, leg in legs.items() for command in self._let_go(leg_id, leg, good_bye)
        )

    def _let_go(self, leg_id: str, leg: _Leg, good_bye: str) -> tuple[ConnectCommand, ...]:
        """Who was told about the caller is told that it is over."""
        says = good_bye and leg.stage is _Stage.TOLD
        told = (BriefColleague(self.call_id, leg_id, self._say(good_bye)),) if says else ()
        return (*told, HangUp(leg_id))

    def _end(self, ending: Ending, say: str = "", commands: tuple[ConnectCommand, ...] = ()) -> Move:
        self._over = True
        quiet = () if ending is Ending.CONNECTED or not self.region else (PlayWaiting(self.call_id, ""),)
        return Move(say, (*quiet, *commands), ending, self.plan.urgent)

    def _say(self, name: str, /, **slots: str) -> str:
        return self.phrases.say(name, **slots)


_REASONS: Final[Mapping[int, Missed]] = {
    **dict.fromkeys(_BUSY, Missed.BUSY),
    **dict.fromkeys(_NO_ANSWER, Missed.NO_ANSWER),
    603: Missed.DECLINED,
}


def _missed(status: int, stage: _Stage) -> Missed:
    """Why a leg with this status brought nobody."""
    if status == 200 or stage is _Stage.TOLD:
        return Missed.LEFT
    return _REASONS.get(status, Missed.UNREACHABLE)
