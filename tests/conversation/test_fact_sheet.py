"""The fact sheet: what it takes from words, flows and the diary, and that fifty turns lose none of it."""

from __future__ import annotations

import copy
from datetime import datetime, timedelta

import pytest

from appliance import business
from appliance.conversation.fact_sheet import TOKENS_MAX, FactSheet, tokens_of
from appliance.conversation.flows.frame import GAP, Filled
from appliance.conversation.understand import understand_all
from appliance.domain import events as ev
from appliance.domain.appointment import Appointment

OFFICE = business.load("auto_repair")
NOW = datetime(2026, 11, 19, 10, 0, tzinfo=OFFICE.zone)
TOMORROW = NOW + timedelta(days=1)


def appointment(at: datetime = TOMORROW) -> Appointment:
    return Appointment("a", "c", "oil_change", at, at + timedelta(minutes=30), "Alice Miller", "3035550172")


def heard(*utterances: str, sheet: FactSheet | None = None, in_flow: bool = False) -> FactSheet:
    sheet = sheet or FactSheet(OFFICE)
    for text in utterances:
        sheet.heard(text, understand_all(text, (), OFFICE), in_flow=in_flow)
    return sheet


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("hi this is alice miller calling about my brakes", "Alice Miller"),
        ("hello my name is bob king", "Bob King"),
        ("good morning this is alice miller and i need an oil change", "Alice Miller"),
        ("hey it's maria calling", "Maria"),
        ("i'm john carter calling from boulder", "John Carter"),
        ("alice miller here", "Alice Miller"),
        ("yes this is sarah speaking", "Sarah"),
    ],
)
def test_callers_introduce_themselves(text, name):
    assert heard(text).name == name


@pytest.mark.parametrize(
    "text",
    [
        "this is ridiculous and i want a person",
        "this is absolutely ridiculous i've called twice",
        "hi it's leaking coolant and i need help",
        "is anybody here",
        "i'm pregnant and i have a question",
        "it's making a noise again",
        "this is about my car",
        "this is regarding my appointment",
        "i'm calling about a noise",
        "i'm just calling to ask when you open",
        "nobody here speaks to me",
        "please start calling me in the mornings",
        "the noise comes from here i think",
    ],
)
def test_nobody_is_named_by_accident(text):
    assert heard(text).name == ""


def test_a_number_is_taken_when_it_is_said_to_be_theirs():
    assert (
        heard("you can call me back at three oh three five five five oh one seven two").phone == "3035550172"
    )
    assert heard("my number is three oh three five five five oh one seven two").phone == "3035550172"
    assert heard("the part number is three oh three five five five oh one seven two").phone == ""


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("hi this is alice miller calling", True),
        ("hello my name is bob king", True),
        ("my name is bob king my number is three oh three five five five oh one seven two", True),
        ("this is alice miller calling about my brakes", False),
        ("good morning", False),
    ],
)
def test_who_only_says_who_they_are_is_known_to(text, only):
    assert heard(text).was_introduced is only


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("hi this is alice miller calling about my squeaking brakes", "my squeaking brakes"),
        ("i have a question about hybrid batteries in the cold", "hybrid batteries in the cold"),
        ("i'd like an oil change on friday", "i'd like an oil change on friday"),
        ("good morning this is bob king i have a question about my brakes", "my brakes"),
        ("yes hello i was wondering if you work on trucks", "you work on trucks"),
    ],
)
def test_the_reason_is_what_was_wanted_first(text, reason):
    assert heard(text, "when are you open on saturday").reason == reason


def test_what_says_little_gives_way_to_what_says_more():
    sheet = heard("can i speak to somebody please", "my engine light came on yesterday")
    assert sheet.reason == "my engine light came on yesterday"


def test_the_matter_of_a_message_is_the_reason_when_nothing_was_said_before():
    sheet = heard("i'd like to leave a message")
    sheet.heard("my car was towed to your yard last night", (), in_flow=True, dictating=True)
    assert sheet.reason == "my car was towed to your yard last night"


def test_thanks_answers_and_goodbyes_are_no_wishes():
    sheet = heard("i'd like an oil change", "thank you very much", "okay that's all bye", "hi good morning")
    heard("the blue one over there", sheet=sheet, in_flow=True)
    assert sheet.wishes == ()


def test_flows_are_believed_and_gaps_are_not():
    sheet = heard("this is alice miler calling")
    sheet.learned({"name": Filled("Alice Miller", "Alice Miller"), "phone": GAP})
    assert (sheet.name, sheet.phone) == ("Alice Miller", "")


def test_it_fills_the_slots_of_flows():
    sheet = heard("my name is bob king", "my number is three oh three five five five oh one seven two")
    known = sheet.known()
    assert known["name"] == Filled("Bob King", "Bob King")
    assert known["phone"].value == "3035550172"
    assert known["phone"].spoken == "3 0 3, 5 5 5, 0 1 7 2"
    assert FactSheet(OFFICE).known() == {}


def test_what_was_done_is_told_once_each():
    sheet = FactSheet(OFFICE)
    for _ in range(2):
        sheet.did(ev.Booked("c", 1, appointment()), NOW)
    sheet.did(ev.AppointmentMoved("c", 2, appointment(TOMORROW + timedelta(hours=1))), NOW)
    sheet.did(ev.AppointmentCancelled("c", 3, appointment()), NOW)
    sheet.did(ev.MessageTaken("c", 4, kept=True), NOW)
    sheet.did(ev.MessageTaken("c", 5, kept=False), NOW)
    assert sheet.done == (
        "I have booked an oil change, tomorrow at ten o'clock in the morning",
        "I have moved the appointment to tomorrow at eleven o'clock in the morning",
        "I have cancelled an oil change, tomorrow at ten o'clock in the morning",
        "I have taken a message",
    )


@pytest.mark.parametrize(
    ("text", "phrase", "slots"),
    [
        ("what name do you have for me", "recall_name", {"name": "Alice Miller"}),
        ("did you get my name", "recall_name", {"name": "Alice Miller"}),
        ("what number do you have for me", "recall_phone", {"phone": "3 0 3, 5 5 5, 0 1 7 2"}),
        ("which number will you call", "recall_phone", {"phone": "3 0 3, 5 5 5, 0 1 7 2"}),
        ("do you remember why i called", "recall_reason", {"reason": "my squeaking brakes"}),
        (
            "what time did we say",
            "recall_done",
            {"done": "I have booked an oil change, tomorrow at ten o'clock in the morning"},
        ),
    ],
)
def test_it_answers_what_the_caller_said_before(text, phrase, slots):
    sheet = heard("this is alice miller calling about my squeaking brakes")
    heard("my number is three oh three five five five oh one seven two", sheet=sheet)
    sheet.did(ev.Booked("c", 1, appointment()), NOW)
    recalled = sheet.recall(text)
    assert recalled is not None
    assert (recalled.phrase, dict(recalled.slots)) == (phrase, slots)


def test_the_last_deeds_are_told_together():
    sheet = FactSheet(OFFICE)
    sheet.did(ev.Booked("c", 1, appointment()), NOW)
    sheet.did(ev.MessageTaken("c", 2, kept=True), NOW)
    told = sheet.recall("what did you book").slots["done"]
    assert (
        told == "I have booked an oil change, tomorrow at ten o'clock in the morning. I have taken a message"
    )


def test_what_was_not_told_is_said_not_to_be_known_but_the_diary_is_left_its_questions():
    sheet = FactSheet(OFFICE)
    assert sheet.recall("what name do you have for me").phrase == "recall_nothing"
    assert sheet.recall("what time did we say") is None


@pytest.mark.parametrize(
    "text",
    [
        "when are you open",
        "what is your number",
        "what's your name",
        "do you know a good tire shop",
        "my name is bob",
    ],
)
def test_other_questions_are_left_alone(text):
    assert heard("this is alice miller calling").recall(text) is None


def test_the_model_is_told_only_what_a_question_leans_on():
    sheet = heard("this is alice miller calling about my squeaking brakes")
    assert sheet.for_model("do you repair hybrid cars") == ""
    told = sheet.for_model("can you fix it as i said before")
    assert told == "The caller is Alice Miller. They called about this: my squeaking brakes."


def test_only_the_name_and_our_own_deeds_ground_an_answer():
    sheet = heard("this is alice miller calling you said the oil change is free of charge")
    sheet.did(ev.Booked("c", 1, appointment()), NOW)
    assert sheet.grounding() == (
        "The caller is Alice Miller.",
        "I have booked an oil change, tomorrow at ten o'clock in the morning.",
    )


_SMALL_TALK = (
    "when are you open",
    "and do you take credit cards for that",
    "my neighbor says the brakes on number {count} squeak as well",
    "how long does such a thing take usually",
    "uh huh",
    "thank you",
    "the dog ate part {count} of the seat by the way",
)


def test_fifty_turns_keep_name_number_and_reason_within_the_bound():
    sheet = heard("this is alice miller calling about my squeaking brakes")
    heard("you can reach me at three oh three five five five oh one seven two", sheet=sheet)
    heard(*(_SMALL_TALK[turn % len(_SMALL_TALK)].format(count=turn) for turn in range(60)), sheet=sheet)
    for query in range(9):
        sheet.did(ev.Booked("c", query, appointment(TOMORROW + timedelta(hours=query))), NOW)
    assert (sheet.name, sheet.phone, sheet.reason) == ("Alice Miller", "3035550172", "my squeaking brakes")
    told = sheet.for_model("what did i tell you before")
    assert told.startswith("The caller is Alice Miller. They called about this: my squeaking brakes.")
    assert tokens_of(told) <= TOKENS_MAX + 2
    assert sum(len(line) for line in sheet.lines()) < 2000
    assert "3035550172" not in " ".join(sheet.lines())


def test_a_copy_goes_its_own_way():
    sheet = heard("this is alice miller calling about my squeaking brakes")
    twin = copy.deepcopy(sheet, {id(OFFICE): OFFICE})
    heard("my name is bob king", sheet=twin)
    assert (sheet.name, twin.name) == ("Alice Miller", "Bob King")
