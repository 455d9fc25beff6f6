"""What a turn is about: rules for the unmistakable, scores for the rest, an open question for what neither knows."""

from __future__ import annotations

import pytest

from appliance import business
from appliance.business import OwnIntent
from appliance.business.callers import callers
from appliance.configfile import Strict, parse
from appliance.conversation.lessons import lessons, sentences_of
from appliance.conversation.understand import (
    MEANT_MIN,
    NEAR_MIN,
    SURE_MIN,
    Intent,
    makes_sense,
    service_in,
    understand,
    understand_all,
)
from appliance.domain.events import IntentScore

OFFICE = business.load("auto_repair")


class _OwnOnly(Strict):
    intents: tuple[OwnIntent, ...]


def score(intent: str, value: float) -> tuple[IntentScore, ...]:
    return (IntentScore(intent, value),)


@pytest.mark.parametrize(
    ("text", "intent", "service"),
    [
        ("i'd like to book an oil change please", Intent.BOOK, "oil_change"),
        ("can i make an appointment", Intent.BOOK, None),
        ("i need new brake pads", Intent.BOOK, "brakes"),
        ("could i bring my car in on monday", Intent.BOOK, None),
        ("oil change", Intent.BOOK, "oil_change"),
        ("an oil change tomorrow at ten", Intent.BOOK, "oil_change"),
        ("i need to reschedule my appointment", Intent.MOVE, None),
        ("could you change the time of my inspection", Intent.MOVE, "inspection"),
        ("please cancel my appointment for monday", Intent.CANCEL, None),
        ("when is my appointment", Intent.FIND, None),
        ("cancel that", Intent.NEVER_MIND, None),
        ("can i speak to a person", Intent.HUMAN, None),
        ("please have someone call me back", Intent.MESSAGE, None),
        ("what did you say", Intent.REPEAT, None),
        ("hello there", Intent.GREETING, None),
        ("no that's all thank you goodbye", Intent.GOODBYE, None),
        ("never mind", Intent.NEVER_MIND, None),
        ("great thank you", Intent.THANKS, None),
        ("do you work on hybrid cars", Intent.QUESTION, None),
        ("what kind of oil do you put in", Intent.QUESTION, None),
        ("do i need an appointment", Intent.QUESTION, None),
        ("are appointments required", Intent.QUESTION, None),
        ("my neighbour has a very old truck", Intent.QUESTION, None),
    ],
)
def test_by_rule(text, intent, service):
    meant = understand(text, (), OFFICE)
    assert (meant.intent, meant.service) == (intent, service)


def test_a_question_about_booking_is_not_a_booking():
    meant = understand("do i need an appointment", score("fact:walk_in", 0.9), OFFICE)
    assert (meant.intent, meant.fact) == (Intent.FACT, "walk_in")


def test_a_price_that_is_asked_for_books_nothing():
    meant = understand("how much is an oil change", score("fact:oil_change_price", 0.95), OFFICE)
    assert (meant.intent, meant.fact) == (Intent.FACT, "oil_change_price")


def test_what_is_not_near_enough_is_an_open_question():
    assert understand("do you fix bicycles", score("fact:payment", 0.3), OFFICE).intent is Intent.QUESTION


def test_the_longest_words_of_a_service_win():
    assert service_in("can you check the oil light in my car", OFFICE.services) == "diagnosis"
    assert service_in("i want to talk about the weather", OFFICE.services) is None


@pytest.mark.parametrize(
    ("text", "enough"),
    [
        ("i'd like to book an oil change please", True),
        ("hi can i schedule an inspection for monday", True),
        ("i need my brake pads done", True),
        ("i'd like to book", False),  # what, they are about to say
        ("can i make an appointment for an inspection on", False),
        ("my brakes", False),  # what about them?
        ("good morning", False),
        ("do you do brakes", False),  # an open question may go on
        ("", False),
    ],
)
def test_a_wish_to_book_something_named_makes_sense_as_it_stands(text, enough):
    assert makes_sense(text, (), OFFICE) is enough


def test_what_is_near_to_a_known_sentence_makes_sense():
    assert makes_sense("when are you open", score("fact:hours", NEAR_MIN), OFFICE)
    assert not makes_sense("when i was open", score("fact:hours", NEAR_MIN - 0.01), OFFICE)


def test_every_fact_and_service_has_its_examples():
    table = sentences_of(lessons(OFFICE, callers(OFFICE.language)))
    assert {f"fact:{fact.id}" for fact in OFFICE.facts} <= table.keys()
    assert any("oil change" in sentence for sentence in table[Intent.BOOK])


# --- probabilities ------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "intent"), [(MEANT_MIN, Intent.MOVE), (MEANT_MIN - 0.01, Intent.QUESTION)])
def test_one_half_is_where_it_is_decided(value, intent):
    assert understand("something came up on friday", score("move", value), OFFICE).intent is intent


def test_a_word_of_booking_yields_to_what_is_surely_meant():
    text = "do you book people who walk in"
    assert understand(text, score("fact:walk_in", SURE_MIN), OFFICE).fact == "walk_in"
    assert understand(text, score("fact:walk_in", SURE_MIN - 0.01), OFFICE).intent is Intent.BOOK


def test_a_real_person_is_never_outweighed():
    assert understand("let me talk to a person", score("fact:hours", 0.99), OFFICE).intent is Intent.HUMAN


OWN = """
[[intents]]
id = "towing"
examples = ["my car broke down", "i need a tow truck"]
{deed}
"""


@pytest.mark.parametrize(
    ("deed", "expected"),
    [
        ('answer = "We do not tow."', (Intent.FACT, "towing", None, None)),
        ('flow = "message"', (Intent.FLOW, None, "message", None)),
        ('transfer = "maria"', (Intent.HUMAN, None, None, "maria")),
    ],
)
def test_a_business_has_wishes_of_its_own(deed, expected):
    own = parse(OWN.format(deed=deed), _OwnOnly, name="own.toml").intents
    shop = OFFICE.model_copy(update={"intents": own})
    meant = understand("my car will not start", score("own:towing", 0.9), shop)
    assert (meant.intent, meant.fact, meant.flow, meant.whom) == expected


# --- several wishes -----------------------------------------------------------------------------


def wishes_of(text: str, *likely: IntentScore) -> list[tuple[Intent, str | None]]:
    return [(one.intent, one.fact or one.service) for one in understand_all(text, likely, OFFICE)]


def test_several_wishes_come_in_the_order_they_were_said():
    hours = IntentScore("fact:hours", 0.9, "what time do you open")
    assert wishes_of("what time do you open and i'd like to book an oil change", hours) == [
        (Intent.FACT, "hours"),
        (Intent.BOOK, "oil_change"),
    ]


def test_a_question_nobody_prepared_is_one_of_several_wishes():
    assert wishes_of("i need an oil change tomorrow and do you work on hybrid cars") == [
        (Intent.BOOK, "oil_change"),
        (Intent.QUESTION, None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "i need an oil change",
        "do you take cash and cards",
        "my car makes a strange noise and i need to bring it in",
        "i was there on monday and my brother came along and we talked",
        "",
    ],
)
def test_one_wish_is_understood_as_ever(text):
    assert understand_all(text, (), OFFICE) == (understand(text, (), OFFICE),)


def test_the_same_wish_said_twice_is_one():
    text = "i'd like to book an oil change and yes please book an oil change"
    assert wishes_of(text) == [(Intent.BOOK, "oil_change")]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("oh never mind i'd like to book a cleaning", Intent.BOOK),
        ("forget it i need to reschedule my appointment", Intent.MOVE),
        ("never mind", Intent.NEVER_MIND),
        ("never mind about the booking", Intent.NEVER_MIND),
        ("never mind i'll book online", Intent.NEVER_MIND),
    ],
)
def test_what_is_dropped_may_make_room_for_another_wish(text, intent):
    assert understand(text, (), business.load("dental_practice")).intent is intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("do you charge if i change my appointment late", Intent.QUESTION),
        ("how late can i cancel my appointment", Intent.QUESTION),
        ("if i cancel my appointment do i have to pay", Intent.QUESTION),
        ("i have to cancel my appointment because i can't pay", Intent.CANCEL),
        ("can i change my appointment", Intent.MOVE),
        ("cancel one of my appointments", Intent.CANCEL),
        ("please tell rosa that i will be late", Intent.MESSAGE),
        ("tell doctor okafor i'm running late", Intent.MESSAGE),
        ("can someone call me back i think i left my umbrella there", Intent.MESSAGE),
        ("can someone call me back i already left a message", Intent.QUESTION),
    ],
)
def test_what_a_rule_alone_can_know(text, intent):
    assert understand(text, (), business.load("dental_practice")).intent is intent


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("i need new break pads", "brakes"),
        ("my breaks are squeaking", "brakes"),
        ("an oil change", "oil_change"),
        ("i'd like to take a brief look", None),
        ("is the office clear", None),
    ],
)
def test_a_service_is_heard_by_its_sound(text, service):
    assert service_in(text, business.load("auto_repair").services) == service


def test_hesitations_are_no_part_of_a_wish():
    understood = understand("um yeah hi um a beard uh trim", (), business.load("hair_salon"))
    assert (understood.intent, understood.service) == (Intent.BOOK, "beard")
