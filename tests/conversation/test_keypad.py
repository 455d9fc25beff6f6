"""Keys: the digits of a number, a yes or no, the menu."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.conversation.keypad import Keypad, offer_of_keys
from appliance.conversation.phrases import Phrases
from appliance.conversation.understand import Intent
from appliance.domain.expectation import Expectation


@given(st.text("0123456789", min_size=10, max_size=10))
def test_a_number_is_whole_with_its_tenth_digit(number):
    keypad = Keypad()
    pressed = [keypad.press(digit, Expectation.PHONE) for digit in number]
    assert pressed == [None] * 9 + [number]


@given(st.text("0123456789", min_size=1, max_size=9))
def test_pound_ends_a_shorter_number_and_the_next_one_begins_afresh(number):
    keypad = Keypad()
    for _ in range(2):
        assert [keypad.press(digit, Expectation.PHONE) for digit in number] == [None] * len(number)
        assert keypad.press("#", Expectation.PHONE) == number


def test_pound_alone_is_no_number():
    assert Keypad().press("#", Expectation.PHONE) is None


@pytest.mark.parametrize(
    ("digit", "expectation", "meant"),
    [
        ("1", Expectation.YES_NO, "yes"),
        ("2", Expectation.YES_NO, "no"),
        ("0", Expectation.YES_NO, Intent.HUMAN),
        ("1", Expectation.ANYTHING, Intent.BOOK),
        ("2", Expectation.ANYTHING, Intent.MESSAGE),
        ("0", Expectation.DAY, Intent.HUMAN),
        ("7", Expectation.ANYTHING, None),
    ],
)
def test_what_a_single_key_means(digit, expectation, meant):
    assert Keypad().press(digit, expectation) == meant


@pytest.mark.parametrize("expectation", Expectation)
@pytest.mark.parametrize("in_flow", [True, False])
@pytest.mark.parametrize("books", [True, False])
def test_only_keys_that_mean_something_are_offered(expectation, in_flow, books):
    """Every key a phrase names in words is one that `press` knows in that state."""
    said = Phrases().say(offer_of_keys(expectation, in_flow=in_flow, books=books))
    for word, digit in (("one", "1"), ("two", "2")):
        if f"press {word}" in said or f"or {word} " in said:
            assert Keypad().press(digit, expectation) is not None
    assert books or "appointment" not in said
