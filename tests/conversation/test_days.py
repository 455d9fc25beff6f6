"""Which day is meant, on text that has numerals already; sayings in words are in test_dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.conversation.days import DAY_MARK, MONTHS, find_day

TODAY = date(2026, 11, 19)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("november 24th at 9", f"{DAY_MARK} at 9"),
        ("thursday the 26th 9 30", f"{DAY_MARK} {DAY_MARK} 9 30"),
        ("at 9 on the 24th of november", f"at 9 on {DAY_MARK}"),
        ("2 cars", "2 cars"),
    ],
)
def test_what_is_left_for_the_hours(text, rest):
    assert find_day(text, TODAY).rest == rest


@pytest.mark.parametrize(
    ("text", "onwards"), [("next week", True), ("in december", True), ("tuesday", False)]
)
def test_a_stretch_of_days_is_marked(text, onwards):
    assert find_day(text, TODAY).onwards is onwards


def test_a_weekday_that_belies_the_date_makes_it_impossible():
    assert find_day("tuesday december 1st", TODAY).day == date(2026, 12, 1)
    assert find_day("monday december 1st", TODAY).impossible
    assert find_day("friday the 13th", date(2026, 11, 1)).day == date(2026, 11, 13)


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(0, 364))
def test_a_month_and_a_day_are_the_next_such_date(today, ahead):
    day = today + timedelta(days=ahead)
    found = find_day(f"{MONTHS[day.month - 1]} {day.day}", today)
    leap_day_of_another_year = (day.month, day.day) == (2, 29)
    assert found.day == day or leap_day_of_another_year


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(1, 31))
def test_a_day_of_the_month_is_within_two_months(today, number):
    found = find_day(f"on the {number}th", today)
    assert found.day is not None
    assert found.day.day == number
    assert 0 <= (found.day - today).days <= 62
