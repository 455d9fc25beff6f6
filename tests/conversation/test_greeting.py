"""Greeted by name: which names are spoken, and where in the greeting they stand."""

from __future__ import annotations

import pytest

from appliance.business import load
from appliance.conversation.greeting import greeting_parts, name_to_say
from appliance.conversation.phrases import Phrases
from appliance.conversation.session import Session
from appliance.domain import events as ev
from appliance.domain.commands import Speak
from appliance.settings import Mind, Turns
from appliance.wiring import prepared_texts

OFFICE = load("auto_repair")
PHRASES = Phrases()


@pytest.mark.parametrize(
    ("known", "spoken"),
    [
        ("Alice Miller", "Alice Miller"),
        ("  Alice \n Miller ", "Alice Miller"),
        ("Miller, Alice", "Alice Miller"),
        ("BO BERG", "Bo Berg"),
        ("Zoë O'Neil-Ruiz", "Zoë O'Neil-Ruiz"),
        ("Jose\u0301 Ruiz", "José Ruiz"),
        ("李小龙", ""),
        ("Ольга Ким", ""),
        ("عمر خالد", ""),
        ("Bo 🚗", ""),
        ("+13035550123", ""),
        ("Room 12", ""),
        ("<b>Bo</b>", ""),
        ("x" * 300, ""),
        ("one two three four five", ""),
        ("", ""),
    ],
)
def test_a_name_that_can_be_spoken(known: str, spoken: str) -> None:
    assert name_to_say(known, "en") == spoken


def test_no_voice_no_name() -> None:
    assert name_to_say("Alice Miller", "xx") == ""


def test_the_name_stands_before_the_question() -> None:
    greeting = "Thank you for calling. I'm a machine. How can I help?"
    assert greeting_parts(greeting, "Alice Miller", PHRASES) == [
        "Thank you for calling. I'm a machine.",
        "Hello, Alice Miller.",
        "How can I help?",
    ]
    assert greeting_parts("Welcome here.", "Bo", PHRASES) == ["Welcome here.", "Hello, Bo."]
    assert greeting_parts("How can I help?", "Bo", PHRASES) == ["How can I help?", "Hello, Bo."]
    assert greeting_parts(greeting, "", PHRASES) == [greeting]


def said_first(name: str) -> list[str]:
    session = Session("c1", OFFICE, PHRASES, turns=Turns(), mind=Mind(), has_model=False)
    answered = ev.CallAnswered("c1", "+13035550123", "2026-11-21T12:00:00-07:00", caller_name=name)
    return [one.text for one in session.handle(answered, 0) if isinstance(one, Speak)]


def test_the_call_begins_with_it() -> None:
    plain, named = said_first(""), said_first("Alice Miller")
    assert len(plain) == 1
    assert named[1] == "Hello, Alice Miller."
    assert " ".join((named[0], named[2])) == plain[0]


def test_what_stands_around_a_name_lies_ready_as_sound() -> None:
    ready = prepared_texts(OFFICE, PHRASES, greets_by_name=True)
    assert {said_first("Bo")[0], said_first("Bo")[2], said_first("")[0]} <= set(ready)
