"""What a turn is about: rules for the unmistakable, scores for the rest, an open question for what neither knows."""

from __future__ import annotations

import pytest

from appliance import business
from appliance.conversation.understand import Intent, examples, makes_sense, service_in, understand
from appliance.domain.events import IntentScore

OFFICE = business.load("auto_repair")


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
        ("can i speak to a person", Intent.HUMAN, None),
        ("please have someone call me back", Intent.MESSAGE, None),
        ("what did you say", Intent.REPEAT, None),
        ("hello there", Intent.GREETING, None),
        ("no that's all thank you goodbye", Intent.GOODBYE, None),
        ("never mind", Intent.NEVER_MIND, None),
        ("great thank you", Intent.THANKS, None),
        ("do you work on hybrid cars", Intent.QUESTION, None),
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
    assert makes_sense("when are you open", score("fact:hours", 0.6), OFFICE)
    assert not makes_sense("when i was open", score("fact:hours", 0.59), OFFICE)


def test_every_fact_and_service_has_its_examples():
    table = examples(OFFICE)
    assert {f"fact:{fact.id}" for fact in OFFICE.facts} <= table.keys()
    assert any("oil change" in sentence for sentence in table[Intent.BOOK])
