"""The engine on a small flow of its own: branches, misses, gaps, corrections, and the way out."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from appliance import business, configfile
from appliance.business.flows import Ending, FlowTable, shipped_flows
from appliance.conversation.flows.engine import KINDS, RunningFlow
from appliance.conversation.flows.step import NeedMessage, NeedOpenings, Step
from appliance.conversation.phrases import Phrases
from appliance.domain.appointment import Opening
from appliance.domain.events import MessageTaken, OpeningsFound
from appliance.domain.expectation import Expectation

OFFICE = business.load("auto_repair")
NOW = datetime(2026, 11, 19, 10, 0, tzinfo=OFFICE.zone)
SURVEY = configfile.parse(
    """
name = "survey"
begins = "first"
[slots.happy]
kind = "yes_no"
ask = ["happy"]
[slots.how_many]
kind = "number"
ask = ["how_many", "how_many_again"]
gap = true
[slots.color]
kind = "choice"
ask = ["color"]
choices = { red = ["crimson"], dark_blue = ["navy"] }
[slots.why]
kind = "text"
ask = ["why"]
[slots.name]
kind = "name"
ask = ["ask_name", "ask_name_again"]
gap = true
remembered = true
[slots.phone]
kind = "phone"
ask = ["ask_phone"]
gap = true
[phrases]
happy = "Are you happy?"
how_many = "How many?"
how_many_again = "What number?"
color = "Which color?"
why = "Why?"
sure = "{how_many} of {color}, {name}. Right?"
sure_not_many = "Some of {color}, {name}. Right?"
wrong = "What is wrong?"
[states.first]
ask = "happy"
next = "count"
on = { no = "reason" }
[states.reason]
ask = "why"
next = "over"
[states.count]
ask = "how_many"
next = "paint"
[states.paint]
ask = "color"
next = "who"
on = { red = "reason" }
[states.who]
ask = "name"
next = "reach"
[states.reach]
ask = "phone"
next = "sure"
[states.sure]
confirm = ["sure", "sure_not_many"]
correct = ["name", "color"]
change = "wrong"
next = "why_not"
[states.why_not]
ask = "why"
next = "keep"
[states.keep]
do = "take_message"
next = "over"
on = { failed = "lost" }
[states.over]
end = "answered"
[states.lost]
say = ["message_lost"]
end = "dropped"
""",
    FlowTable,
    name="survey.toml",
)


def begun(**given) -> RunningFlow:
    flow = RunningFlow(SURVEY, OFFICE, Phrases(), **given)
    assert flow.begin(NOW).say == "Are you happy?"
    return flow


def said(flow: RunningFlow, *texts: str) -> str:
    """What is said after the last of `texts`."""
    for text in texts:
        step = flow.heard(text, NOW)
        assert step is not None, text
    return step.say


def test_every_kind_of_slot_has_its_class():
    from appliance.business.flows import SlotKind

    assert set(KINDS) == set(SlotKind)


def test_a_branch_leads_where_the_answer_says():
    assert said(begun(), "no not at all") == "Why?"
    assert said(begun(), "yes", "twelve", "navy please") == "And what name should I put it under?"
    assert said(begun(), "yes", "twelve", "crimson") == "Why?"


def test_words_that_fit_nothing_are_no_answer():
    flow = begun()
    assert flow.heard("the lamp", NOW) is None
    assert said(flow, "yes") == "How many?"
    assert flow.heard("no idea at all", NOW) is None


def test_asked_differently_then_given_up_with_a_gap():
    flow = begun()
    said(flow, "yes")
    assert [flow.missed().say, flow.missed().say] == ["What number?", "Which color?"]
    said(flow, "navy", "alice miller")
    assert said(flow, "three oh three five five five oh one seven two").startswith("Some of dark blue, Alice")


def test_a_question_without_another_wording_is_repeated_and_then_stuck():
    flow = begun()
    said(flow, "yes", "two")
    again, repeated, stuck = flow.missed(), flow.missed(), flow.missed()
    assert again.say.startswith("Sorry, I didn't catch that")
    assert repeated.say == "Which color?"
    assert stuck.stuck and not again.stuck and not repeated.stuck


def test_answers_that_lead_to_the_same_words_three_times_are_stuck_and_the_question_stands():
    flow, _ = booking("in five months")
    steps = []
    for text in ("in six months", "in seven months", "in eight months"):
        assert flow.heard(text, NOW).need is not None
        steps.append(flow.told(OpeningsFound("call", 1, ()), NOW))
    assert [one.say for one in steps] == ["I have nothing free then. Which other day would suit you?"] * 3
    assert [one.stuck for one in steps] == [False, False, True]
    assert flow.heard("tomorrow at ten", NOW).need is not None
    assert not flow.told(OpeningsFound("call", 1, ()), NOW).stuck  # the way out was offered: it counts anew


def test_keys_are_offered_where_they_help():
    flow = begun()
    flow.missed()
    offered = flow.missed()
    assert offered.say == "You can also press one for yes, or two for no."
    assert offered.expectation is Expectation.YES_NO


def test_a_doubtful_name_is_asked_for_once_more():
    flow = begun()
    said(flow, "yes", "two", "navy")
    again = flow.heard("alice miller", NOW, sure=False)
    assert again is not None and again.say == "Sorry, what was the name again?"
    taken = flow.heard("alice miller", NOW, sure=False)
    assert taken is not None and taken.say == "And what number can we reach you at?"


def test_what_is_put_right_is_read_back_and_the_rest_stands():
    flow = begun()
    said(flow, "yes", "two", "navy", "alice miller", "three oh three five five five oh one seven two")
    assert said(flow, "no my name is alice muller").endswith("Alice Muller. Right?")
    assert said(flow, "no") == "What is wrong?"
    assert said(flow, "the name") == "And what name should I put it under?"
    assert said(flow, "alice miller") == "2 of dark blue, Alice Miller. Right?"


@pytest.mark.parametrize(("kept", "outcome"), [(True, Ending.ANSWERED), (False, Ending.DROPPED)])
def test_what_the_message_book_says_decides_where_it_ends(kept, outcome):
    flow = begun(known={})
    said(flow, "yes", "two", "navy", "i'd rather not say", "i don't have one", "yes")
    step = flow.heard("because i can", NOW)
    assert step is not None and step.need == NeedMessage("", "", "because i can")
    assert flow.told(MessageTaken("call", 1, kept=kept), NOW).outcome is outcome


def test_what_was_said_earlier_in_the_call_is_not_asked_again():
    first = begun()
    said(first, "yes", "two", "navy", "alice miller")
    assert set(first.known) == {"name"}
    second = begun(known=first.known)
    assert said(second, "yes", "two", "navy") == "And what number can we reach you at?"


def booking(*texts: str) -> tuple[RunningFlow, Step | None]:
    flow = RunningFlow(shipped_flows()["booking"], OFFICE, Phrases(), service="oil_change")
    step: Step | None = flow.begin(NOW)
    for text in texts:
        step = flow.heard(text, NOW)
    return flow, step


def test_a_day_that_is_taken_back_at_the_next_question_is_looked_for_anew():
    nine = datetime(2026, 11, 23, 9, 0, tzinfo=OFFICE.zone)
    flow, step = booking("monday at nine")
    assert step is not None and isinstance(step.need, NeedOpenings)
    found = Opening("oil_change", nine, nine + timedelta(minutes=30))
    assert flow.told(OpeningsFound("call", 1, (found,)), NOW).say == "And what name should I put it under?"
    again = flow.heard("no wait make that tuesday at nine", NOW)
    assert again is not None and isinstance(again.need, NeedOpenings)
    assert again.need.after == nine + timedelta(days=1)


def test_a_day_in_a_question_takes_nothing_back():
    flow, _ = booking("monday at nine")
    nine = datetime(2026, 11, 23, 9, 0, tzinfo=OFFICE.zone)
    flow.told(OpeningsFound("call", 1, (Opening("oil_change", nine, nine + timedelta(minutes=30)),)), NOW)
    assert flow.heard("are you open on tuesday at nine", NOW) is None


def test_another_service_may_be_named_while_the_day_is_asked():
    _, step = booking("no wait i mean an inspection")
    assert step is not None and step.say == "Sure, an inspection. Which day would suit you?"


def test_the_yesterday_of_a_story_is_no_wish():
    wished = "yesterday i was driving and it squeaked so i need an oil change"
    flow = RunningFlow(shipped_flows()["booking"], OFFICE, Phrases(), wished=wished, service="oil_change")
    assert flow.begin(NOW).say == "Sure, an oil change. Which day would suit you?"


def test_an_addressee_nobody_asks_for_is_put_right_at_the_read_back():
    flow = RunningFlow(shipped_flows()["message"], OFFICE, Phrases(), wished="tell maria the car is ready")
    flow.begin(NOW)
    said(flow, "the car is ready", "alice miller", "three oh three five five five oh one seven two")
    assert "for Luis" in said(flow, "no it's for luis")
    assert "urgent" in said(flow, "and it's urgent")
    step = flow.heard("yes", NOW)
    assert step is not None and isinstance(step.need, NeedMessage)
    assert step.need.whom.startswith("Luis") and step.need.urgent


def test_a_telephone_number_is_no_time_of_day_however_it_is_heard():
    flow, _ = booking()
    assert flow.heard("no it's six four six fine five five no two five seven", NOW) is None
    step = flow.heard("as soon as possible my number is three oh three five five five oh one oh six", NOW)
    assert step is not None and isinstance(step.need, NeedOpenings)


def test_neither_of_two_offers_is_no_choice():
    nine = datetime(2026, 11, 23, 9, 0, tzinfo=OFFICE.zone)
    offered = tuple(
        Opening("oil_change", at, at + timedelta(minutes=30)) for at in (nine, nine + timedelta(hours=3))
    )
    flow, _ = booking("monday")
    flow.told(OpeningsFound("call", 1, offered), NOW)
    assert said(flow, "no that doesn't work either") == "Which day would suit you?"


def test_a_day_without_openings_is_not_kept_in_mind():
    nine = datetime(2026, 11, 23, 9, 0, tzinfo=OFFICE.zone)
    offered = tuple(
        Opening("oil_change", at, at + timedelta(minutes=30)) for at in (nine, nine + timedelta(hours=3))
    )
    flow, _ = booking("monday")
    flow.told(OpeningsFound("call", 1, offered), NOW)
    flow.heard("may thirteenth", NOW)
    flow.told(OpeningsFound("call", 1, ()), NOW)
    step = flow.heard("ten thirty is good", NOW)
    assert step is not None and isinstance(step.need, NeedOpenings)
    assert step.need.after == nine + timedelta(hours=1, minutes=30)
