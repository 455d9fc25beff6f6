"""A caller is put through: by name, by "a real person", in an emergency; what they hear and say meanwhile."""

from __future__ import annotations

from datetime import datetime

import pytest

from appliance import business
from appliance.business import Entry
from appliance.business.directory import Connecting
from appliance.conversation.phrases import Phrases
from appliance.conversation.rehearsal import Rehearsal
from appliance.conversation.session import Session
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.call import Disposition
from appliance.settings import Mind, Turns

OFFICE = business.load("auto_repair").model_copy(
    update={
        "directory": (
            Entry(id="maria", spoken="Maria Ortega", words=("the owner",), extension="101", screened=False),
            Entry(id="workshop", spoken="the workshop", words=("service",), extension="102", screened=False),
            Entry(id="danger", spoken="the emergency line", extension="911", around_the_clock=True),
        ),
        "connecting": Connecting(operator="workshop", emergency="danger"),
    }
)
NOW = datetime(2026, 11, 19, 10, 0, tzinfo=OFFICE.zone)
LEG = "call+1"


def answered(*, connects: bool = True) -> Rehearsal:
    session = Session(
        "call", OFFICE, Phrases(), turns=Turns(), mind=Mind(), has_model=False, connects=connects
    )
    rehearsal = Rehearsal(session, lambda command: ev.MessageTaken("call", command.query, kept=True), "call")
    rehearsal.answer(NOW)
    rehearsal.finish_speaking()
    return rehearsal


@pytest.fixture
def call():
    return answered()


def dialled(call: Rehearsal) -> list[str]:
    return [one.to for one in call.done if isinstance(one, do.DialColleague)]


def hand_over(call: Rehearsal) -> None:
    call.tell(ev.ColleagueAnswered("call", LEG))
    call.tell(ev.ReferAnswered("call", 200, final=True))


@pytest.mark.parametrize(
    ("words", "to"),
    [
        ("can i speak to maria ortega please", "101"),
        ("is maria there", "101"),
        ("put me through to the workshop", "102"),
        ("can i talk to a real person", "102"),
    ],
)
def test_whoever_is_asked_for_is_rung(call, words, to):
    call.caller(words)
    assert dialled(call) == [to]


def test_who_is_put_through_is_gone_and_the_record_says_so(call):
    call.caller("can i speak to maria ortega please")
    hand_over(call)
    assert call.disposition is Disposition.TRANSFERRED


def test_nobody_there_brings_the_caller_back_to_a_message(call):
    call.caller("can i speak to maria ortega please")
    call.tell(ev.ColleagueGone("call", LEG, 486))
    assert call.said[-1].startswith("The line is busy.")
    call.caller("yes please")
    assert call.said[-1] == "What should I pass on?"


def test_a_caller_who_waits_is_never_in_silence(call):
    call.caller("can i speak to maria ortega please")
    call.silence(6000)
    assert call.said[-1] == "I'm still trying."


def test_a_caller_who_would_rather_book_is_not_put_through(call):
    call.caller("can i speak to maria ortega please")
    call.caller("oh never mind i'd like to book an oil change")
    gone = [one.call_id for one in call.done if isinstance(one, do.HangUp)]
    assert gone == [LEG]


def test_an_emergency_goes_to_its_line_before_anything_else(call):
    call.caller("i need an oil change")
    call.caller("oh my god there's a fire in the garage")
    assert dialled(call) == ["911"]
    assert "hang up and dial nine one one" in call.said[-1]


def test_a_telephone_that_cannot_connect_offers_a_message():
    call = answered(connects=False)
    call.caller("can i speak to maria ortega please")
    assert dialled(call) == []
    assert call.said[-1].startswith("I can't put you through")


def test_legs_keep_their_numbers_when_the_session_goes_back(call):
    before = call.session.copied()
    call.caller("can i speak to maria ortega please")
    before.count_on_from(call.session)
    again = Rehearsal(before, call.fetch, "call", tick=call.tick)
    again.caller("can i speak to the workshop")
    assert [one.leg_id for one in again.done if isinstance(one, do.DialColleague)] == ["call+2"]
