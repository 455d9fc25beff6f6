"""Days of 23, 24 and 25 hours; weeks and months across changes of the clock; what is compared with what."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.reports import periods
from appliance.settings import Every

DENVER = ZoneInfo("America/Denver")
ZONES = (
    "America/Denver",
    "Europe/Berlin",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "UTC",
)


def hours_of(day: date, zone: ZoneInfo = DENVER) -> list[periods.Span]:
    return periods.of(Every.DAY, day, zone).hours()


@pytest.mark.parametrize(
    ("day", "length_h", "entries"),
    [
        (date(2026, 3, 8), 23, 23),  # 02:00 is not
        (date(2026, 11, 1), 25, 24),  # 01:00 passes twice, and is one line
        (date(2026, 11, 2), 24, 24),
    ],
)
def test_a_day_has_the_hours_that_its_clock_shows(day: date, length_h: int, entries: int) -> None:
    hours = hours_of(day)
    assert hours[-1].ends_at - hours[0].begins_at == timedelta(hours=length_h)
    assert len(hours) == entries
    assert [one.hour for one in hours] == sorted({one.hour for one in hours})


def test_the_hour_that_passes_twice_is_two_hours_long() -> None:
    first = next(one for one in hours_of(date(2026, 11, 1)) if one.hour == 1)
    assert first.ends_at - first.begins_at == timedelta(hours=2)


@given(
    st.sampled_from(Every), st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.sampled_from(ZONES).map(ZoneInfo)
)
def test_hours_and_days_cover_a_period_without_gap_or_overlap(
    every: Every, day: date, zone: ZoneInfo
) -> None:
    period = periods.of(every, day, zone)
    assert period.first <= day < period.end
    for spans in (period.hours(), period.whole_days()):
        assert (spans[0].begins_at, spans[-1].ends_at) == (period.begins_at, period.ends_at)
        assert all(a.ends_at == b.begins_at for a, b in pairwise(spans))
    assert all(one.begins_at.astimezone(zone).hour == one.hour for one in period.hours())
    assert period.before().ends_at == period.begins_at


def test_a_week_begins_on_monday_and_a_month_on_its_first() -> None:
    saturday = date(2026, 11, 21)
    assert periods.of(Every.WEEK, saturday, DENVER).days[0] == date(2026, 11, 16)
    assert len(periods.of(Every.WEEK, saturday, DENVER).days) == 7
    assert len(periods.of(Every.MONTH, date(2026, 12, 31), DENVER).days) == 31
    assert periods.of(Every.MONTH, date(2026, 3, 9), DENVER).before().days[-1] == date(2026, 2, 28)


def test_what_is_not_over_is_compared_with_as_much_of_the_one_before() -> None:
    now = datetime(2026, 11, 18, 12, 30, tzinfo=DENVER)  # a Wednesday
    week = periods.known_at(periods.of(Every.WEEK, now.date(), DENVER), now)
    assert week.ends_at == now.astimezone(UTC)
    assert week.before().ends_at == datetime(2026, 11, 11, 12, 30, tzinfo=DENVER).astimezone(UTC)
    assert week.hours()[-1].ends_at == now.astimezone(UTC)
    assert [one.day.day for one in week.whole_days()] == [16, 17, 18]


def test_of_the_31st_the_month_before_has_all_it_has() -> None:
    now = datetime(2026, 3, 31, 12, tzinfo=DENVER)
    month = periods.known_at(periods.of(Every.MONTH, now.date(), DENVER), now)
    assert month.before().ends_at == month.begins_at


def test_the_newest_that_is_over() -> None:
    now = datetime(2026, 11, 1, 0, 5, tzinfo=DENVER)
    assert periods.last_over(Every.DAY, now, DENVER).first == date(2026, 10, 31)
    assert periods.last_over(Every.MONTH, now, DENVER).first == date(2026, 10, 1)
    assert periods.last_over(Every.WEEK, now, DENVER).first == date(2026, 10, 19)
