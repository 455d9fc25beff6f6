"""What leaves the box holds no number of a caller, in figures or in words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.reports.masking import without_numbers


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("can you call five five five one two one two", "can you call #"),
        ("call (303) 555-0123 please", "call # please"),
        ("what's the price for 2 tires", "what's the price for 2 tires"),
        ("do you open on sundays", "do you open on sundays"),
    ],
)
def test_numbers_are_masked_and_counts_stay(said: str, left: str) -> None:
    assert without_numbers(said, "en") == left


@given(
    st.lists(
        st.sampled_from("zero oh one two three four five six seven eight nine double 3 7 call at".split())
    )
)
def test_no_run_of_digits_is_left(words: list[str]) -> None:
    left = without_numbers(" ".join(words), "en")
    assert not re.search(r"\d\s*\d", left)
