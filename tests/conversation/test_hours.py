"""What time is meant, on text with numerals and the day marked; sayings in words are in test_dates."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.conversation.hours import DayPart, Relative, find_hour


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("@ 9", time(9)),
        ("9 @", time(9)),
        ("at 2", time(14)),
        ("for 2 cars at 3", time(15)),
        ("i have 2 cars", None),
        ("it takes 2 hours", None),
        ("about 2 weeks", None),
        ("at 25", None),
        ("20 to 9", time(8, 40)),
        ("from 10 to 12", time(10)),  # a stretch, not ten minutes to twelve
        ("5-6 pm", time(17)),
    ],
)
def test_a_bare_number_is_an_hour_only_where_hours_stand(text, at):
    assert find_hour(text, text).at == at


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("@ morning", DayPart.MORNING),
        ("after lunch", DayPart.AFTERNOON),
        ("after work", DayPart.EVENING),
        ("noon", None),
    ],
)
def test_parts_of_the_day(text, part):
    assert find_hour(text, text).part == part


@pytest.mark.parametrize(
    ("text", "relative"),
    [
        ("around 2", Relative.AROUND),
        ("2 or so", Relative.AROUND),
        ("before 2", Relative.BEFORE),
        ("by 2 pm", Relative.BEFORE),
        ("after 2", Relative.AFTER),
        ("2 pm or later", Relative.AFTER),
        ("between 2 and 4", Relative.AFTER),
        ("at 2", None),
    ],
)
def test_how_it_is_meant(text, relative):
    assert find_hour(text, text).relative == relative


@given(st.integers(1, 12), st.integers(0, 59), st.sampled_from(["am", "pm"]))
def test_with_am_or_pm_the_clock_is_taken_at_its_word(hour, minute, meridian):
    text = f"at {hour}:{minute:02} {meridian}"
    assert find_hour(text, text).at == time(hour % 12 + (12 if meridian == "pm" else 0), minute)


@given(st.integers(1, 12), st.integers(0, 59))
def test_without_it_office_hours_are_meant(hour, minute):
    at = find_hour(f"at {hour}:{minute:02}", "").at
    assert at is not None
    assert 7 <= at.hour <= 18
