"""What callers say at a read-back beyond yes and no: changes, additions, questions."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from appliance import business
from appliance.business.flows import SlotKind, shipped_flows
from appliance.conversation.flows.frame import Filled, Frame
from appliance.conversation.flows.kinds import KINDS
from appliance.conversation.flows.read_back import (
    addition_in,
    asks_with_yes,
    correction_in,
    differing_in,
    named_anew_in,
    thought_again_in,
    volunteered_in,
)
from appliance.conversation.flows.step import Step
from appliance.conversation.phrases import Phrases
from appliance.domain.appointment import Opening
from appliance.domain.expectation import Expectation

OFFICE = business.load("auto_repair")
NOW = datetime(2026, 11, 19, 10, 0, tzinfo=OFFICE.zone)
AT_TEN = datetime(2026, 11, 20, 10, 0, tzinfo=OFFICE.zone)
TEN = Opening("oil_change", AT_TEN, AT_TEN + timedelta(minutes=30))


@pytest.fixture
def frame() -> Frame:
    frame = Frame(shipped_flows()["booking"], OFFICE, Phrases(), now=NOW)
    frame.filled = {
        "service": Filled("oil_change", "an oil change"),
        "moment": Filled(TEN, "tomorrow at ten"),
        "name": Filled("Kate Bell", "Kate Bell"),
        "phone": Filled("3035550173", "3 0 3, 5 5 5, 0 1 7 3"),
    }
    return frame


def slots_of(frame):
    return {name: KINDS[table.kind](name, table) for name, table in frame.table.slots.items()}


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("yes at eleven", "moment"),
        ("yes on tuesday please", "moment"),
        ("yes and my name is kate bull", "name"),
        ("yes my number is three oh three five five five oh one seven four", "phone"),
    ],
)
def test_a_yes_with_something_else_in_it_is_a_change(text, slot, frame):
    change = differing_in(text, slots_of(frame).values(), frame)
    assert change is not None
    assert change[0] == slot


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "yes at ten",
        "yes friday at ten is fine",
        "yes and my name is kate bell",
        "yes the oil change and the brakes",
        "yes call me tomorrow at nine to confirm",
        "yes before eleven is fine",
        "no at eleven",
    ],
)
def test_a_yes_that_says_it_again_changes_nothing(text, frame):
    assert differing_in(text, slots_of(frame).values(), frame) is None


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("yes but what does it cost", True),
        ("yes and where can i park", True),
        ("that's right and how long does it take", True),
        ("yes could you book that please", False),
        ("yes can you put me down for it", False),
        ("yes would you please", False),
        ("yes", False),
        ("yes but make it ten", False),
    ],
)
def test_a_question_that_comes_with_a_yes(text, asks, frame):
    assert asks_with_yes(text, frame) is asks


@pytest.mark.parametrize(
    ("text", "name"),
    [("it's for my daughter anna bell", "Anna Bell"), ("put it under anna bell", "Anna Bell")],
)
def test_it_is_put_under_another_name(text, name, frame):
    assert correction_in(text, slots_of(frame).values(), frame) == ("name", Filled(name, name))


def test_a_different_number_is_asked_for_as_the_first_was(frame):
    change = correction_in("use a different number", slots_of(frame).values(), frame)
    assert change is not None
    assert change[1] == Step(frame.say("ask_phone"), Expectation.PHONE)


@pytest.mark.parametrize("text", ["it's for a brake service", "it's for tuesday"])
def test_what_it_is_for_is_no_name(text, frame):
    change = correction_in(text, slots_of(frame).values(), frame)
    assert change is not None
    assert change[0] != "name"


def test_nothing_is_put_right_by_other_words(frame):
    assert correction_in("it is raining", slots_of(frame).values(), frame) is None


def test_what_nobody_asks_for_is_added():
    message = Frame(shipped_flows()["message"], OFFICE, Phrases(), now=NOW)
    added = addition_in("no it's for luis", slots_of(message), message)
    assert added is not None
    assert (added[0], added[1].value) == (message.table.of_kind(SlotKind.PERSON), "Luis Navarro")


def test_a_name_is_put_right_while_something_else_is_asked(frame):
    assert named_anew_in("my name is kate bull", slots_of(frame), frame) == (
        "name",
        Filled("Kate Bull", "Kate Bull"),
    )
    assert named_anew_in("my name is kate bell", slots_of(frame), frame) is None


def test_only_who_takes_something_back_thinks_again(frame):
    assert [name for name, _ in thought_again_in("no wait tuesday at nine", slots_of(frame), frame)] == [
        "moment"
    ]
    assert list(thought_again_in("tuesday at nine", slots_of(frame), frame)) == []


def test_what_is_volunteered_is_found_for_every_slot_that_waits(frame):
    found = volunteered_in("my name is ida olsen i need new brake pads", slots_of(frame).values(), frame)
    assert found["service"].value == "brakes"
    assert "moment" not in found
