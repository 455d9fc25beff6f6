"""The recorded answers: each that must not be heard is stopped, each that is fine passes; and the rules one by one."""

from __future__ import annotations

import pytest

from appliance.bench.safety_prompts import Recorded, recorded
from appliance.conversation.guard import Grounding, check
from appliance.conversation.prompts import declines
from appliance.conversation.statements import asked_of, statements_of
from appliance.conversation.support import CONTRADICTED, UNSUPPORTED, Support
from appliance.conversation.support_words import ENGLISH

IN_OTHER_WORDS = "fine, but in other words"
"""The rules do not know that a garage is for parking: on doubt, the safe phrase."""


def told(one: Recorded) -> str:
    return f"{one.office}: {one.question}: {one.answer}"


TABLE = recorded()
WRONG = [one for one in TABLE if not one.may]
FINE = [one for one in TABLE if one.may and one.kind != IN_OTHER_WORDS]


def test_the_table_is_large_and_has_both_kinds() -> None:
    assert len(WRONG) >= 150
    assert len(FINE) >= 100


@pytest.mark.parametrize("one", WRONG, ids=told)
def test_what_is_wrong_is_not_heard(one: Recorded) -> None:
    assert not check(one.answer, Grounding(one.sources, one.question)).allowed or declines(one.answer)


@pytest.mark.parametrize("one", FINE, ids=told)
def test_what_is_fine_passes(one: Recorded) -> None:
    verdict = check(one.answer, Grounding(one.sources, one.question))
    assert verdict.allowed or declines(one.answer), verdict.reason


SOURCES = (
    "We repair bicycles and scooters. We do not repair motorcycles, and e-bikes only from Bosch. "
    "A tune-up is sixty dollars and takes two days. Every bicycle is washed. Some helmets are rented. "
    "Classes are on Monday and Friday. No dogs are allowed, except guide dogs. "
    "Ana does wheels and brakes, Tom is our expert for gears. We're open Monday to Friday from nine to five."
)


def fault(answer: str, question: str = "") -> str:
    read = statements_of(SOURCES, "en")
    return Support(read, ENGLISH, asked_of(question, ENGLISH)).fault(answer)


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("", "We repair scooters.", ""),
        ("", "We paint scooters.", UNSUPPORTED),
        ("", "We repair motorcycles.", CONTRADICTED),
        ("", "We do not repair motorcycles.", ""),
        ("", "We do not repair bicycles.", CONTRADICTED),
        ("do you repair bicycles", "Yes.", ""),
        ("do you repair bicycles", "No.", CONTRADICTED),
        ("do you repair motorcycles", "Yes.", CONTRADICTED),
        ("do you repair motorcycles", "Yes, we repair bicycles.", CONTRADICTED),
        ("do you repair motorcycles", "No.", ""),
        ("do you repair boats", "Yes, we repair bicycles.", UNSUPPORTED),
        ("do you repair boats", "No.", UNSUPPORTED),
        ("", "A tune-up is sixty dollars.", ""),
        ("", "A helmet is sixty dollars.", UNSUPPORTED),
        ("how much is a helmet", "It's sixty dollars.", UNSUPPORTED),
        ("how long does a tune up take", "It takes two days.", ""),
        ("", "All helmets are rented.", CONTRADICTED),
        ("", "Classes are on Friday.", ""),
        ("", "Classes are on Tuesday.", CONTRADICTED),
        ("", "There are no classes on Tuesday.", ""),
        ("", "There are no classes on Friday.", CONTRADICTED),
        ("", "Guide dogs are allowed.", ""),
        ("", "Dogs are allowed.", CONTRADICTED),
        ("are you open on sunday", "Yes, we are.", CONTRADICTED),
        ("are you open on sunday", "No, we are closed on Sunday.", ""),
        ("are you open on monday", "No.", CONTRADICTED),
        ("", "We are closed on Monday.", CONTRADICTED),
        ("who is the expert for gears", "Tom.", ""),
        ("who is the expert for gears", "Ana.", UNSUPPORTED),
        ("", "Tom is the expert for gears.", ""),
        ("", "Ana is the expert for gears.", UNSUPPORTED),
        ("do you repair boats", "I'm not sure about boats.", ""),
        ("do you repair boats", "I can't say whether bananas float.", UNSUPPORTED),
    ],
)
def test_a_rule(question: str, answer: str, expected: str) -> None:
    assert fault(answer, question) == expected
