"""Number words and numerals, there and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.conversation.numerals import (
    IN_WORDS_MAX,
    digits_in_words,
    in_words,
    numerals,
    ordinal_in_words,
    pairs_in_words,
)


@pytest.mark.parametrize(
    ("text", "numeral"),
    [
        ("the twenty fourth", "the 24th"),
        ("nine oh five", "9 05"),
        ("nine thirty", "9 30"),
        ("twelve hundred", "1200"),
        ("two thousand twenty six", "2026"),
        ("may second", "may 2nd"),
        ("no number here", "no number here"),
    ],
)
def test_words_to_numerals(text, numeral):
    assert numerals(text) == numeral


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (40, "forty"),
        (49, "forty nine"),
        (100, "one hundred"),
        (123, "one hundred twenty three"),
        (12_000, "twelve thousand"),
        (1_000_001, "one million one"),
        (-5, "minus five"),
    ],
)
def test_numbers_in_words(number, words):
    assert in_words(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "first"),
        (2, "second"),
        (12, "twelfth"),
        (20, "twentieth"),
        (23, "twenty third"),
        (31, "thirty first"),
    ],
)
def test_ordinals(number, words):
    assert ordinal_in_words(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1986, "nineteen eighty six"),
        (1905, "nineteen oh five"),
        (1900, "nineteen hundred"),
        (2009, "two thousand nine"),
        (2026, "twenty twenty six"),
        (1420, "fourteen twenty"),
        (12, "twelve"),
    ],
)
def test_years_and_house_numbers_go_in_pairs(number, words):
    assert pairs_in_words(number) == words


@given(st.integers(0, 10**9))
def test_written_out_and_read_again_is_the_same_number(number):
    assert numerals(in_words(number)) == str(number)


@given(st.integers(1, 59))  # text2num does not know "sixtieth"
def test_ordinals_of_days_too(number):
    assert numerals(ordinal_in_words(number)).rstrip("sthndr") == str(number)


@given(st.integers(0, IN_WORDS_MAX))
def test_words_have_no_digits_and_no_hyphens(number):
    assert in_words(number).replace(" ", "").isalpha()


def test_digit_by_digit():
    assert digits_in_words("80301") == "eight zero three zero one"
