"""Who is calling and how to reach them: numbers in pieces and put right, names told unasked, e-mail."""

from __future__ import annotations

from datetime import datetime

import pytest

from appliance import business
from appliance.business.flows import SlotKind, SlotTable, shipped_flows
from appliance.conversation.flows.contact import EmailSlot, NameSlot, PhoneSlot
from appliance.conversation.flows.frame import Filled, Frame
from appliance.conversation.flows.step import Step
from appliance.conversation.phrases import Phrases

OFFICE = business.load("auto_repair")
NOW = datetime(2026, 11, 19, 10, 0, tzinfo=OFFICE.zone)


def frame(calling_from: str = "") -> Frame:
    return Frame(shipped_flows()["booking"], OFFICE, Phrases(), calling_from, now=NOW)


def phone() -> PhoneSlot:
    return PhoneSlot("phone", SlotTable(kind=SlotKind.PHONE, ask=("ask_phone",)))


def value(answer: object) -> object:
    return answer.value if isinstance(answer, Filled) else answer


def test_a_number_in_two_pieces():
    slot, here = phone(), frame()
    rest = slot.heard("three oh three five five five", here)
    assert isinstance(rest, Step) and rest.say.startswith("I have 3, 0, 3, 5, 5, 5 so far.")
    assert value(slot.heard("oh one seven two", here)) == "3035550172"


@pytest.mark.parametrize("text", ["i don't have one", "monday at ten", "hello"])
def test_a_few_digits_are_no_number(text):
    assert phone().heard(text, frame()) is None


def test_the_own_number_is_offered_once():
    slot, here = phone(), frame("+13035550172")
    offered = slot.begin(here)
    assert isinstance(offered, Step) and offered.say.startswith("Can we reach you at the number")
    declined = slot.heard("no", here)
    assert isinstance(declined, Step) and declined.say == "And what number can we reach you at?"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("no it's three oh three five five five oh one four four", "3035550144"),
        ("no the last four digits are oh one seven three", "3035550173"),
    ],
)
def test_a_number_is_put_right_at_the_readback(text, number):
    here = frame()
    here.filled["phone"] = Filled("3035550172", "")
    assert value(phone().corrected(text, here)) == number


@pytest.mark.parametrize("text", ["no friday at eleven", "no make it ten thirty", "the last one at eleven"])
def test_a_time_puts_no_number_right(text):
    here = frame()
    here.filled["phone"] = Filled("3035550172", "")
    assert phone().corrected(text, here) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("my name is priya raman and i'd like a cleaning", "Priya Raman"),
        ("this is about my car", None),
        ("i'd like an oil change", None),
    ],
)
def test_a_name_is_told_unasked_only_in_so_many_words(text, name):
    slot = NameSlot("name", SlotTable(kind=SlotKind.NAME, ask=("ask_name",)))
    found = slot.volunteered(text, frame())
    assert (found.value if found else None) == name


def test_an_address_is_dictated():
    slot = EmailSlot("email", SlotTable(kind=SlotKind.EMAIL, ask=("ask_name",)))
    assert value(slot.heard("john dot smith at gmail dot com", frame())) == "john.smith@gmail.com"
    assert slot.heard("i have none", frame()) is None


def test_a_number_that_was_read_back_wrong_is_taken_in_parts():
    slot, here = phone(), frame()
    filled = slot.heard("three oh three five five five oh one seven two", here)
    assert isinstance(filled, Filled)
    here.filled["phone"] = filled
    asked = slot.corrected("no the number is wrong", here)
    assert isinstance(asked, Step) and asked.say.endswith("What are the first three?")
    said = [slot.heard(part, here) for part in ("three oh three", "five five five")]
    assert [step.say for step in said if isinstance(step, Step)] == ["3 0 3. And then?", "5 5 5. And then?"]
    assert value(slot.heard("oh one seven four", here)) == "3035550174"


def test_a_number_that_was_refused_is_not_read_back_again():
    slot, here = phone(), frame()
    here.filled["phone"] = slot.heard("three oh three five five five oh one seven two", here)
    slot.corrected("the number", here)
    again = slot.heard("three oh three five five five oh one seven two", here)
    assert isinstance(again, Step) and "keypad" in again.say


def test_the_number_a_call_comes_from_can_be_put_right():
    slot, here = phone(), frame("+13035550172")
    slot.begin(here)
    here.filled["phone"] = slot.heard("yes", here)
    assert value(slot.corrected("no the last four are oh one seven three", here)) == "3035550173"


def test_a_number_of_no_known_area_is_taken_when_the_caller_gives_it_whole():
    assert value(phone().heard("one oh three five five five oh one two three", frame())) == "1035550123"


def test_what_cannot_be_had_is_a_gap_where_the_flow_goes_on_without():
    slot = PhoneSlot("phone", SlotTable(kind=SlotKind.PHONE, ask=("ask_phone",), gap=True))
    here = frame()
    here.filled["phone"] = slot.heard("three oh three five five five oh one seven two", here)
    slot.corrected("the number", here)
    for part in ("one", "no", "two", "no", "three", "no", "four", "no"):
        slot.heard(part, here)
    assert slot.ask(here).say == "You can also enter the number on your keypad."
