"""Calling somebody back: the telephone on the desk rings first, then theirs, then the two are joined. Pure.

    telephone rings -> answered -> the caller is rung, with a ringing tone in the telephone -> answered -> joined
    the telephone is not answered: nobody else is rung
    the caller cannot be reached:  told in the telephone, which is hung up

Both are legs of the line (line/legs.py), so a call that was misheard disturbs nobody but whoever asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, assert_never

from appliance.desk.words import AgentLost, CallCommand, Callee, CallEvent, TellTelephone
from appliance.domain import commands as do
from appliance.domain import events as ev

TELEPHONE_MARK: Final = "+desk"
CALLER_MARK: Final = "+back"
TELEPHONE_RINGS_MS: Final = 30_000
CALLER_RINGS_MS: Final = 45_000
_BUSY: Final = frozenset({486, 600})


class Stage(Enum):
    """How far it has come."""

    TELEPHONE_RINGS = auto()
    CALLER_RINGS = auto()
    JOINED = auto()
    LEAVING = auto()  # hung up by us; the end is still to be reported
    OVER = auto()


@dataclass(frozen=True, slots=True)
class Wordings:
    """What is said of a call that came to nothing."""

    not_answered: str
    no_line: str
    busy: str
    not_reached: str


class CallBack:
    """One call back. `told` is what to say at the desk once it is over, empty where all went well."""

    def __init__(self, callee: Callee, *, telephone: str, region: str, wordings: Wordings) -> None:
        self._callee = callee
        self._to = telephone
        self._region = region
        self._wordings = wordings
        self._telephone_leg = callee.call_id + TELEPHONE_MARK
        self._caller_leg = callee.call_id + CALLER_MARK
        self.stage = Stage.TELEPHONE_RINGS
        self.told = ""

    def begin(self) -> list[CallCommand]:
        """Ring the telephone on the desk."""
        call_id = self._callee.call_id
        return [do.DialColleague(call_id, self._telephone_leg, self._to, TELEPHONE_RINGS_MS)]

    def give_up(self) -> list[CallCommand]:
        """Somebody said stop, before anybody spoke."""
        if self.stage not in {Stage.TELEPHONE_RINGS, Stage.CALLER_RINGS}:
            return []
        return self._leave()

    def handle(self, event: CallEvent) -> list[CallCommand]:
        """What became of a telephone."""
        match event:
            case ev.ColleagueRings():
                return []
            case ev.ColleagueAnswered(leg_id=leg_id):
                return self._answered(leg_id)
            case ev.CallsJoined():
                self.stage = Stage.JOINED
                return []
            case ev.ColleagueGone(leg_id=leg_id, status=status):
                return self._gone(leg_id, status)
            case AgentLost():
                self.told = "" if self.stage is Stage.JOINED else self._wordings.no_line
                self.stage = Stage.OVER
                return []
            case _:
                assert_never(event)

    def _answered(self, leg_id: str) -> list[CallCommand]:
        """The owner of the second leg is the first: a number is looked for where the telephone is registered."""
        mine, theirs = self._telephone_leg, self._caller_leg
        if leg_id == mine and self.stage is Stage.TELEPHONE_RINGS:
            self.stage = Stage.CALLER_RINGS
            return [
                do.PlayWaiting(mine, self._region),
                do.DialColleague(mine, theirs, self._callee.number, CALLER_RINGS_MS),
            ]
        if leg_id == theirs and self.stage is Stage.CALLER_RINGS:
            return [do.PlayWaiting(mine, ""), do.JoinCalls(mine, theirs)]
        return []

    def _gone(self, leg_id: str, status: int) -> list[CallCommand]:
        if leg_id == self._caller_leg:
            return self._caller_gone(status)
        if self.stage is Stage.TELEPHONE_RINGS:
            self.told = self._wordings.no_line if status == 503 else self._wordings.not_answered
        was, self.stage = self.stage, Stage.OVER
        return [do.HangUp(self._caller_leg)] if was is Stage.CALLER_RINGS else []

    def _caller_gone(self, status: int) -> list[CallCommand]:
        if self.stage is not Stage.CALLER_RINGS:
            return []  # the line parts the two by itself
        self.stage = Stage.LEAVING
        text = self._wordings.busy if status in _BUSY else self._wordings.not_reached
        mine = self._telephone_leg
        return [do.PlayWaiting(mine, ""), TellTelephone(mine, text), do.HangUp(mine)]

    def _leave(self) -> list[CallCommand]:
        rings_caller = self.stage is Stage.CALLER_RINGS
        self.stage = Stage.LEAVING
        legs = [self._caller_leg] if rings_caller else []
        return [do.HangUp(leg) for leg in (*legs, self._telephone_leg)]
