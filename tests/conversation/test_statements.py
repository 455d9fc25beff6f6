"""A sentence as the guard reads it: what it says is so, what is not, and what its values are of."""

from __future__ import annotations

import pytest

from appliance.conversation.statements import (
    PRICE,
    TIME,
    asked_of,
    opening_of,
    prepared,
    statement_of,
    statements_of,
)
from appliance.conversation.support_words import ENGLISH


def stems(*words: str) -> frozenset[str]:
    return frozenset(words)


@pytest.mark.parametrize(
    ("sentence", "stated", "denied"),
    [
        ("We repair hybrids.", {"repair", "hybrid"}, set()),
        ("We do not repair electric cars.", set(), {"repair", "electr", "car"}),
        ("Pianos can not.", set(), {"piano"}),
        ("Guitars can be rented; pianos can not.", {"guitar", "rent"}, {"piano"}),
        ("We take cash, but no checks.", {"cash"}, {"check"}),
        ("Smoking is not allowed in the rooms.", {"room"}, {"smoke"}),
        ("Pets are not allowed, except guide dogs.", {"guid", "dog"}, {"pet"}),
        ("All dogs are welcome, except poodles.", {"dog"}, {"poodl"}),
        ("Cancel without charge until Friday.", {"cancel"}, set()),
        (
            "Please do not eat before, and bring somebody who drives home.",
            {"bring", "drive", "home"},
            {"eat"},
        ),
    ],
)
def test_what_is_stated_and_what_is_denied(sentence: str, stated: set[str], denied: set[str]) -> None:
    read = statement_of(sentence, ENGLISH)
    assert (read.stated, read.denied) == (stated, denied)


def test_things_are_denied_one_by_one() -> None:
    read = statement_of("We do not do nails, extensions or tattoos.", ENGLISH)
    assert set(read.denials) == {stems("nail"), stems("extens"), stems("tattoo")}


def test_a_price_is_said_of_its_part_of_the_sentence() -> None:
    read = statement_of("A women's cut is sixty five dollars, and a men's cut is thirty five.", ENGLISH)
    assert read.values[PRICE, 65.0].about == stems("women", "cut")
    assert read.values[PRICE, 35.0].about == stems("men", "cut")


def test_a_number_counts_what_follows_it() -> None:
    read = statement_of("There are six family rooms with four beds.", ENGLISH)
    assert read.values["number", 6.0].counted == stems("famili", "room")
    assert read.values["number", 4.0].counted == stems("bed")


def test_a_sentence_that_leans_back_is_about_what_the_one_before_is() -> None:
    _, second = statements_of("We do a skin test. It takes five minutes.", "en")
    assert second.values["minute", 5.0].about == stems("skin", "test")


def test_marks_that_end_no_sentence() -> None:
    [read] = statements_of("Dr. Weiss is there from 4 p.m. to 5 p.m. on Tuesdays", "en")
    assert read.days == {"tuesday"}
    assert {kind for kind, _ in read.values} == {TIME}


def test_a_question_among_the_sources_states_nothing() -> None:
    assert statements_of("Do you take checks?", "en") == ()


def test_a_language_without_a_table_states_nothing() -> None:
    assert statements_of("We repair hybrids.", "xx") == ()


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("hi um i was wondering do you repair hybrids", {"repair", "hybrid"}),
        ("what about tesla do you fix electric cars", {"repair", "electr", "car"}),
        ("can i wait there while you fix it", {"wait"}),
        ("my son wants to learn the drums can he do that", {"child", "learn", "drum"}),
        ("do you have wifi", {"internet"}),
    ],
)
def test_what_is_asked_for(question: str, asked: set[str]) -> None:
    assert asked_of(question, ENGLISH).stems == asked


@pytest.mark.parametrize(
    ("answer", "opening", "rest"),
    [
        ("Yes, we do.", True, ""),
        ("Yes.", True, ""),
        ("Of course, we repair cars.", True, "we repair cars."),
        ("No, we do not.", False, ""),
        ("I'm sorry, no, we are closed.", False, "we are closed."),
        ("Unfortunately, we do not repair cars.", None, "we do not repair cars."),
        ("We repair cars.", None, "we repair cars."),
    ],
)
def test_a_yes_or_a_no_opens_an_answer(answer: str, opening: bool | None, rest: str) -> None:
    found, said = opening_of(prepared(answer, ENGLISH), ENGLISH)
    assert (found, said) == (rest, opening)
