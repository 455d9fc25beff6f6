"""Plays of asking for somebody: the words, then who rings or what is asked."""

from __future__ import annotations

import copy
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from appliance import business
from appliance.business import Business, Connecting, Entry
from appliance.conversation.connecting import Ending, Move
from appliance.conversation.phrases import Phrases
from appliance.conversation.reaching import Reaching
from appliance.domain import commands as do
from appliance.domain import events as ev

CALL, LEG = "c", "c+1"
NOW = datetime(2026, 11, 19, 10, 0, tzinfo=ZoneInfo("America/Denver"))


def entry(entry_id: str, spoken: str, extension: str, *, screened: bool = False) -> Entry:
    return Entry(id=entry_id, spoken=spoken, extension=extension, around_the_clock=True, screened=screened)


def shop(**connecting: object) -> Business:
    people = (
        entry("maria", "Maria Ortega", "101"),
        entry("marian", "Maria Lopez", "102"),
        entry("desk", "the front desk", "100"),
        entry("boss", "Doctor Weinstein", "103", screened=True),
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


ASKED = Move("Sure. May I say who's calling, and what it's about?")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("it's ann miller about my oil light", ["It's Ann Miller.", "It's about their oil light."]),
        ("this is ann miller", ["It's Ann Miller."]),
        ("it's about an invoice", ["It's about an invoice."]),
        ("no just put me through", []),
    ],
)
def test_who_is_screened_is_told_who_calls_and_why(reaching, answer, told):
    assert reaching.wished("can i speak to doctor weinstein", NOW) == ASKED
    assert dialled(reaching.answered(answer, NOW)) == ["103"]
    (briefing,) = reaching.handle(ev.ColleagueAnswered(CALL, LEG)).commands
    assert isinstance(briefing, do.BriefColleague)
    opening, keys = "with a call for Doctor Weinstein. ", " Press one"
    assert briefing.text.partition(opening)[2].partition(keys)[0] == " ".join(told) or not told


def test_the_caller_is_asked_once_in_a_call(reaching):
    reaching.wished("can i speak to doctor weinstein", NOW)
    reaching.answered("ann miller", NOW)
    reaching.handle(ev.ColleagueGone(CALL, LEG, 486))
    assert dialled(
        reaching.wished("try doctor weinstein once more can i speak to doctor weinstein", NOW)
    ) == ["103"]


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
