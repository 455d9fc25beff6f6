"""Lengths of time, as they are said."""

# ruff: noqa: DTZ001 - office time, which has no zone
from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.conversation.durations import Span, duration_heard, months_on, moved
from appliance.conversation.numerals import in_words


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("half an hour", 30),
        ("an hour and a half", 90),
        ("two and a half hours", 150),
        ("about ninety minutes", 90),
        ("three quarters of an hour", 45),
        ("a quarter of an hour", 15),
        ("an hour and fifteen minutes", 75),
        ("a couple of hours", 120),
        ("all day", 24 * 60),
        ("another hour", 60),
        ("1.5 hours", 90),
    ],
)
def test_minutes(text, minutes):
    heard = duration_heard(f"i need {text} please")
    assert heard is not None
    assert heard.minutes == minutes


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("two weeks", Span(days=14)),
        ("a year and a half", Span(months=18)),
        ("two months and ten days", Span(months=2, days=10)),
        ("three business days", Span(working_days=3)),
        ("a fortnight", Span(days=14)),
    ],
)
def test_longer_ones_keep_their_parts(text, span):
    assert duration_heard(text) == span


@pytest.mark.parametrize(
    "text", ["the day after", "at nine", "the other day", "good morning", "", "second hand"]
)
def test_no_length(text):
    assert duration_heard(text) is None


def test_spanish():
    assert duration_heard("una hora y media", "es") == Span(seconds=5400)
    assert duration_heard("dos semanas", "es") == Span(days=14)


def test_moved_ends_with_the_calendar():
    noon = datetime(2026, 1, 31, 12)
    assert moved(noon, Span(months=1)) == datetime(2026, 2, 28, 12)
    assert moved(noon, Span(working_days=1)) == datetime(2026, 2, 2, 12)
    assert moved(noon, Span(days=1, seconds=3600), back=True) == datetime(2026, 1, 30, 11)
    assert moved(noon, Span(months=12 * 9000)) is None


@given(st.integers(1, 999), st.sampled_from(["minute", "hour", "day", "week", "month", "year"]))
def test_any_number_of_any_unit_comes_back(count, unit):
    said = duration_heard(f"{in_words(count)} {unit}{'s' if count > 1 else ''}")
    one = duration_heard(f"one {unit}")
    assert said is not None
    assert one is not None
    assert (said.months, said.days, said.seconds) == (
        one.months * count,
        one.days * count,
        one.seconds * count,
    )


@given(st.dates(), st.integers(-24, 24))
def test_months_keep_the_day_or_end_the_month(day, months):
    if 3 <= day.year <= 9990:
        there = months_on(day, months)
        assert there.day == day.day or there.day >= 28
        assert (there.year - day.year) * 12 + there.month - day.month == months
