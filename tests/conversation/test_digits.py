"""Digits out of words, in every language that has tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.conversation.digits import digits_heard, in_figures, runs_of_digits, without_accents


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("double five triple four", "55444"),
        ("fifty five hundred", "5500"),
        ("eight hundred and twenty three", "823"),
        ("three fives", "35"),
        ("five five to zero", "5520"),
        ("six six sec three", "6663"),  # the recogniser's "six", between digits only
        ("wait a sec three", "3"),
        ("five five five oh won too for", "5550124"),  # "one two four", as it is heard
        ("five five five for", "555"),
        ("the ones i gave you", ""),
        ("a hundred thanks", ""),
    ],
)
def test_english(text, digits):
    assert digits_heard(text) == digits


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("seis uno dos treinta y cuatro cincuenta y seis", "6123456"),
        ("noventa y uno doscientos quince cero cero", "9121500"),
        ("quinientos cincuenta y cinco", "555"),
        ("doble cero siete", "007"),
        ("veintidós", "22"),
        ("un momento", ""),
    ],
)
def test_spanish(text, digits):
    assert digits_heard(text, "es") == digits


def test_a_spoken_plus_begins_an_international_number():
    assert runs_of_digits("plus four four two oh") == ["+4420"]
    assert runs_of_digits("five plus you know") == ["5"]


def test_other_words_part_the_stretches():
    assert runs_of_digits("three oh three uh five and then call after nine") == ["3035", "9"]


def test_in_figures_keeps_the_words_between():
    assert in_figures("no six not five") == "no 6 not 5"


def test_tables_are_written_without_accents():
    assert without_accents("Miércoles, él’s") == "miercoles, el's"


@given(st.text(max_size=60))
def test_any_text_is_survived(text):
    assert digits_heard(text) == "" or digits_heard(text).isdecimal()
