"""The colleagues of a rehearsal: what a play lets the telephones of the office do while a caller is put through.

colleague: answers | presses 1 | says nothing 6000 | is busy | does not answer | declines | is unreachable | hangs up
colleague 2: answers            (the second telephone that was rung in this call; without a number the last)
transfer: done | refused        (the phone system's word on handing the caller over)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from appliance.domain import commands as do
from appliance.domain import events as ev

_ENDS: Final[Mapping[str, int]] = {
    "is busy": 486,
    "does not answer": 408,
    "declines": 603,
    "is unreachable": 480,
    "is unknown": 404,
    "hangs up": 200,
}
_TRANSFERS: Final[Mapping[str, int]] = {"done": 200, "refused": 501}


def rung(done: Sequence[do.SessionCommand]) -> list[do.DialColleague]:
    """The telephones that were rung, in order."""
    return [one for one in done if isinstance(one, do.DialColleague)]


def briefed(done: Sequence[do.SessionCommand]) -> str:
    """What a colleague was told last; empty when nobody was told anything."""
    told = [one.text for one in done if isinstance(one, do.BriefColleague)]
    return told[-1] if told else ""


def of_colleague(word: str, does: str, done: Sequence[do.SessionCommand]) -> ev.ConnectEvent | None:
    """What happens when a colleague does something; None when no such telephone rings, or nobody can do that."""
    legs, (_, _, number) = rung(done), word.partition(" ")
    at = int(number) - 1 if number.isdigit() else len(legs) - 1
    if not 0 <= at < len(legs):
        return None
    call_id, leg_id = legs[at].call_id, legs[at].leg_id
    if does in _ENDS:
        return ev.ColleagueGone(call_id, leg_id, _ENDS[does])
    match does.rsplit(" ", 1):
        case ["rings"]:
            return ev.ColleagueRings(call_id, leg_id)
        case ["answers"]:
            return ev.ColleagueAnswered(call_id, leg_id)
        case ["presses", digit]:
            return ev.ColleaguePressed(call_id, leg_id, digit)
        case ["says nothing", silent_ms] if silent_ms.isdigit():
            return ev.ColleagueSilent(call_id, leg_id, int(silent_ms))
        case _:
            return None


def of_transfer(call_id: str, outcome: str) -> ev.ReferAnswered | None:
    """The phone system's word on handing the caller over; None for a word that it does not know."""
    status = _TRANSFERS.get(outcome)
    return None if status is None else ev.ReferAnswered(call_id, status, final=True)
