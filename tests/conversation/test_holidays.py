"""The feasts callers name."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.conversation.holidays import HOLIDAYS, holiday


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("thanksgiving", date(2026, 11, 26)),
        ("christmas", date(2026, 12, 25)),
        ("labor day", date(2027, 9, 6)),
        ("new year's", date(2027, 1, 1)),
    ],
)
def test_the_next_one(name, day):
    assert holiday(name, date(2026, 11, 19)) == day


def test_of_a_year_that_was_said_it_may_be_past():
    assert holiday("thanksgiving", date(2026, 11, 27), 2018) == date(2018, 11, 22)


@pytest.mark.parametrize(
    ("year", "day"), [(2000, "04-23"), (2024, "03-31"), (2026, "04-05"), (2038, "04-25"), (2285, "03-22")]
)
def test_easter_as_the_almanac_has_it(year, day):
    assert HOLIDAYS["easter"](year) == date.fromisoformat(f"{year}-{day}")


@given(st.sampled_from(sorted(HOLIDAYS)), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_it_lies_within_a_year_ahead(name, today):
    assert 0 <= (holiday(name, today) - today).days <= 400  # Easter moves
