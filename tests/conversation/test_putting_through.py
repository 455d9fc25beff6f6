"""The session's way to people: what is said, ordered and offered for each move."""

from __future__ import annotations

import pytest

from appliance import business
from appliance.business import Connecting, Entry
from appliance.conversation.desk import Desk
from appliance.conversation.phrases import Phrases
from appliance.conversation.putting_through import PuttingThrough
from appliance.conversation.understand import Intent, Understanding
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.call import Disposition
from appliance.domain.expectation import Expectation

CALL, LEG = "c", "c+1"
ANSWERED = ev.CallAnswered(CALL, "+13035550100", "2026-11-19T10:00:00-07:00")


def entry(entry_id: str, spoken: str, extension: str, *, screened: bool) -> Entry:
    return Entry(id=entry_id, spoken=spoken, extension=extension, screened=screened, around_the_clock=True)


@pytest.fixture
def desk() -> Desk:
    people = (
        entry("maria", "Maria Ortega", "101", screened=False),
        entry("boss", "Doctor Weinstein", "103", screened=True),
    )
    table = Connecting(operator="maria", emergency="maria", shows_ringing=False)
    office = business.load("auto_repair").model_copy(update={"directory": people, "connecting": table})
    desk = Desk(CALL, office, Phrases("en", office.phrases), 1)
    desk.answered(ANSWERED)
    return desk


@pytest.fixture
def people(desk: Desk) -> PuttingThrough:
    return PuttingThrough(desk)


def said(orders: list[do.SessionCommand | do.ConnectCommand] | None) -> str:
    return " ".join(one.text for one in orders or [] if isinstance(one, do.Speak))


def expected(orders: list[do.SessionCommand | do.ConnectCommand] | None) -> list[Expectation]:
    return [one.expectation for one in orders or [] if isinstance(one, do.Expect)]


def test_a_name_rings_and_the_caller_hears_so(people):
    orders = people.wished("can i speak to maria ortega")
    assert said(orders) == "I'll try Maria Ortega for you. One moment, please."
    assert do.DialColleague(CALL, LEG, "101", 20_000) in orders
    assert people.is_trying


def test_words_about_nobody_are_left_to_others(people):
    assert people.wished("what time do you close") is None
    assert people.answered("yes") is None


def test_who_is_screened_waits_for_the_callers_name(people):
    orders = people.wished("can i speak to doctor weinstein")
    assert expected(orders) == [Expectation.NAME]
    assert not people.is_trying
    assert do.DialColleague(CALL, LEG, "103", 20_000) in people.answered("ann miller")


def test_nobody_answers_and_a_message_is_offered(people, desk):
    people.person(None)
    orders = people.happened(ev.ColleagueGone(CALL, LEG, 486))
    assert said(orders).startswith("The line is busy. Shall I take a message")
    assert expected(orders) == [Expectation.YES_NO]
    assert desk.course.takes_or_offers("message")
    assert not people.is_trying


def test_the_hand_over_ends_our_part(people, desk):
    people.wished("can i speak to maria ortega")
    people.happened(ev.ColleagueAnswered(CALL, LEG))
    orders = people.happened(ev.ReferAnswered(CALL, 200, True))
    assert orders[-1] == do.HangUp(CALL)
    assert do.StopSpeaking(CALL) in orders
    people.caller_gone()
    assert people.is_over
    assert desk.course.result is Disposition.TRANSFERRED


def test_an_emergency_that_fails_offers_no_message(people, desk):
    people.emergency()
    orders = people.happened(ev.ColleagueGone(CALL, LEG, 408))
    assert "dial nine one one yourself" in said(orders)
    assert desk.flow is None


@pytest.mark.parametrize(
    ("intent", "is_open", "is_trying"),
    [
        (Intent.FACT, True, True),
        (Intent.QUESTION, False, True),
        (Intent.BOOK, True, False),
        (Intent.MESSAGE, True, False),
        (Intent.NEVER_MIND, False, False),
    ],
)
def test_a_caller_who_waits_may_ask_or_want_something_else(people, intent, is_open, is_trying):
    people.wished("can i speak to maria ortega")
    orders, open_after = people.while_it_rings(Understanding(intent))
    assert (open_after, people.is_trying) == (is_open, is_trying)
    assert (do.HangUp(LEG) in orders) is not is_trying


def test_a_business_without_people_reaches_nobody():
    office = business.load("auto_repair").model_copy(update={"directory": (), "connecting": Connecting()})
    desk = Desk(CALL, office, Phrases("en"), 1)
    desk.answered(ANSWERED)
    people = PuttingThrough(desk)
    assert people.wished("can i speak to maria") is None
    assert people.person(None) is None
    assert people.emergency() is None


def test_colleagues_are_told_what_a_flow_has_heard(people, desk):
    desk.begin("booking", "an oil change", "oil_change")
    desk.course.introduce("Ann Miller")
    people.wished("can i speak to doctor weinstein")
    (briefing,) = [
        one for one in people.happened(ev.ColleagueAnswered(CALL, LEG)) if isinstance(one, do.BriefColleague)
    ]
    assert "It's Ann Miller. It's about an oil change." in briefing.text


def test_who_said_their_name_to_be_put_through_is_known_to_flows(people, desk):
    people.wished("can i speak to doctor weinstein about my bill")
    people.answered("this is ann miller")
    assert desk.course.known_of("name") == "Ann Miller"


def test_a_stuck_flow_offers_somebody_if_somebody_is_there(people, desk):
    desk.people = people
    desk.begin("booking", "an oil change", "oil_change")
    orders = [order for _ in range(3) for order in desk.missed()]
    assert said(orders).endswith("Shall I put you through to somebody?")
    desk.heard("yes")
    assert people.is_trying


def test_a_stuck_flow_offers_a_message_if_nobody_can_be_had(desk):
    desk.begin("booking", "an oil change", "oil_change")
    orders = [order for _ in range(3) for order in desk.missed()]
    assert said(orders).endswith("Shall I take a message, so that somebody calls you back?")


def test_a_booking_that_was_interrupted_goes_on_when_nobody_can_be_had(people, desk):
    desk.begin("booking", "an oil change", "oil_change")
    people.wished("can i speak to maria ortega")
    assert desk.flow is None
    people.happened(ev.ColleagueGone(CALL, LEG, 486))
    assert said(desk.heard("no")) == "Which day would suit you?"
    assert desk.course.is_in("booking")


def test_a_booking_that_was_interrupted_goes_on_when_the_caller_will_not_wait(people, desk):
    desk.begin("booking", "an oil change", "oil_change")
    people.wished("can i speak to maria ortega")
    orders, goes_on = people.while_it_rings(Understanding(Intent.NEVER_MIND))
    assert (said(orders), goes_on) == ("Which day would suit you?", False)


def test_what_was_interrupted_does_not_come_back_after_another_wish(people, desk):
    desk.begin("booking", "an oil change", "oil_change")
    people.wished("can i speak to maria ortega")
    people.while_it_rings(Understanding(Intent.MESSAGE))
    people.wished("can i speak to maria ortega")
    people.happened(ev.ColleagueGone(CALL, "c+2", 486))
    assert said(desk.heard("no")).startswith("All right, I'll leave that.")
