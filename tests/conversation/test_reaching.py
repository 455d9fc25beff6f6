"""Plays of asking for somebody: the words, then who rings or what is asked."""

from __future__ import annotations

import copy
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from appliance import business
from appliance.business import Business, Connecting, Entry
from appliance.conversation.connecting import Caller, Ending, Move
from appliance.conversation.phrases import Phrases
from appliance.conversation.reaching import Reaching
from appliance.domain import commands as do
from appliance.domain import events as ev

CALL, LEG = "c", "c+1"
NOW = datetime(2026, 11, 19, 10, 0, tzinfo=ZoneInfo("America/Denver"))


def entry(entry_id: str, spoken: str, extension: str) -> Entry:
    return Entry(id=entry_id, spoken=spoken, extension=extension, around_the_clock=True)


def shop(**connecting: object) -> Business:
    people = (
        entry("maria", "Maria Ortega", "101"),
        entry("marian", "Maria Lopez", "102"),
        entry("desk", "the front desk", "100"),
    )
    table = Connecting.model_validate({"shows_ringing": False, **connecting})
    return business.load("auto_repair").model_copy(update={"directory": people, "connecting": table})


@pytest.fixture
def reaching() -> Reaching:
    return Reaching(CALL, shop(operator="desk", emergency="desk"), Phrases("en"))


def dialled(move: Move | None) -> list[str]:
    assert move is not None
    return [one.to for one in move.commands if isinstance(one, do.DialColleague)]


def test_a_plain_name_rings(reaching):
    assert dialled(reaching.wished("can i speak to maria ortega please", NOW)) == ["101"]
    assert reaching.is_trying


@pytest.mark.parametrize("said", ["i need an oil change", "can i speak to somebody", "maria was nice"])
def test_nobody_is_asked_for(reaching, said):
    assert reaching.wished(said, NOW) is None


def test_two_of_a_name_are_told_apart_by_asking(reaching):
    move = reaching.wished("is maria there", NOW)
    assert move == Move("Did you mean Maria Ortega or Maria Lopez?")
    assert dialled(reaching.answered("lopez", NOW)) == ["102"]


def test_a_name_nearly_heard_is_asked_about_once(reaching):
    move = reaching.wished("put me through to the fun desk", NOW)
    assert move == Move("Did you mean the front desk?")
    assert dialled(reaching.answered("yes please", NOW)) == ["100"]


def test_a_no_asks_whom_then(reaching):
    reaching.wished("is maria there", NOW)
    assert reaching.answered("no", NOW) == Move("Whom would you like to speak to?")
    assert reaching.answered("no", NOW) is None


def test_something_else_is_no_answer(reaching):
    reaching.wished("is maria there", NOW)
    assert reaching.answered("what time do you close", NOW) is None


def test_a_real_person_is_the_operator(reaching):
    assert dialled(reaching.operator(NOW)) == ["100"]
    assert Reaching(CALL, shop(), Phrases("en")).operator(NOW) is None


def test_danger_rings_the_emergency_line_and_drops_what_was_tried(reaching):
    reaching.wished("can i speak to maria ortega", NOW)
    move = reaching.emergency(NOW)
    assert move is not None
    assert move.say.startswith("If somebody is in danger")
    assert move.commands[0] == do.HangUp(LEG)
    assert dialled(move) == ["100"]
    assert Reaching(CALL, shop(), Phrases("en")).emergency(NOW) is None


def test_legs_are_numbered_on_over_attempts(reaching):
    reaching.wished("can i speak to maria ortega", NOW)
    gone = reaching.handle(ev.ColleagueGone(CALL, LEG, 486))
    assert gone.ending is Ending.NOBODY
    assert not reaching.is_trying
    again = reaching.operator(NOW)
    assert again is not None
    assert [one.leg_id for one in again.commands if isinstance(one, do.DialColleague)] == ["c+2"]


def test_colleagues_are_told_what_is_known_of_the_caller(reaching):
    reaching.caller = Caller("Ann Miller", "an oil light")
    reaching.wished("can i speak to maria ortega", NOW)
    move = reaching.handle(ev.ColleagueAnswered(CALL, LEG))
    (briefing,) = move.commands
    assert isinstance(briefing, do.BriefColleague)
    assert "Ann Miller" in briefing.text
    assert "oil light" in briefing.text


def test_what_was_tried_on_a_copy_happened_to_nobody(reaching):
    twin = copy.deepcopy(reaching)
    twin.wished("can i speak to maria ortega", NOW)
    assert not reaching.is_trying
    reaching.count_on_from(twin)
    move = reaching.operator(NOW)
    assert move is not None
    assert [one.leg_id for one in move.commands if isinstance(one, do.DialColleague)] == ["c+2"]


def test_a_call_that_was_handed_over_says_so(reaching):
    reaching.wished("can i speak to maria ortega", NOW)
    reaching.handle(ev.ColleagueAnswered(CALL, LEG))
    reaching.handle(ev.ColleaguePressed(CALL, LEG, "1"))
    reaching.caller_gone()
    assert reaching.was_connected


def test_late_events_mean_nothing(reaching):
    assert reaching.handle(ev.ColleagueAnswered(CALL, LEG)) == Move()
    assert reaching.silent() == Move()
    assert reaching.drop() == Move()
    reaching.caller_gone()
    assert not reaching.was_connected
