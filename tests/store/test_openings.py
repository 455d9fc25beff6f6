"""The arithmetic of the diary: laws that hold for every business, on every day, clock changes included."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.business import Booking, Business, Hours, Span, load
from appliance.errors import Misused
from appliance.store.openings import (
    may_begin,
    minute_after,
    minute_of,
    moment_of,
    starts,
    starts_around,
    starts_backwards,
)

ZONES = (
    "America/Denver",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/St_Johns",
    "UTC",
)
# Days around which clocks change in one zone or another, and a plain one.
DAYS = tuple(
    date.fromisoformat(f"2026-{day}")
    for day in ("03-08", "03-29", "04-05", "10-04", "10-25", "11-01", "06-10")
)


@st.composite
def spans(draw) -> tuple[Span, ...]:
    """One or two stretches of a day, in order; clock changes happen at night, so nights are open too."""
    edges = draw(st.lists(st.integers(0, 24 * 12 - 1), min_size=2, max_size=4, unique=True))
    at = [time(edge // 12, edge % 12 * 5) for edge in sorted(edges)]
    return tuple(Span(opens=opens, closes=closes) for opens, closes in zip(at[::2], at[1::2], strict=False))


@st.composite
def businesses(draw) -> Business:
    """Any grid, any zone, any hours, holidays near the days in question."""
    week = {day: draw(spans()) for day in ("monday", "wednesday", "saturday", "sunday")}
    return load("auto_repair").model_copy(
        update={
            "timezone": draw(st.sampled_from(ZONES)),
            "hours": Hours(**week),
            "holidays": tuple(draw(st.lists(st.sampled_from(DAYS), max_size=2))),
            "booking": Booking(grid_minutes=draw(st.sampled_from((5, 7, 15, 30, 45, 60, 120)))),
        }
    )


@st.composite
def windows(draw) -> tuple[int, int]:
    first = minute_of(datetime.combine(draw(st.sampled_from(DAYS)), time(), UTC))
    after = first + draw(st.integers(-1500, 1500))
    return after, after + draw(st.integers(0, 3 * 1440))


@given(businesses(), windows(), st.integers(5, 300))
@settings(deadline=None, max_examples=150)
def test_every_start_is_within_hours_on_the_grid_and_fits(
    business: Business, window: tuple[int, int], length: int
) -> None:
    found = list(starts(business, *window, length))
    assert found == sorted(set(found))
    for start in found:
        assert window[0] <= start < window[1]
        begins, ends = (moment_of(minute, business.zone) for minute in (start, start + length))
        assert (begins.hour * 60 + begins.minute) % business.booking.grid_minutes == 0
        assert begins.date() == ends.date()
        assert begins.date() not in business.holidays
        assert any(
            span.opens <= begins.time() and ends.time() <= span.closes
            for span in business.open_on(begins.date())
        )
        assert may_begin(business, start, length)


@given(businesses(), windows())
@settings(deadline=None, max_examples=100)
def test_no_start_is_forgotten(business: Business, window: tuple[int, int]) -> None:
    """Every minute of the window, tried one by one by the clock on the wall."""
    length, grid = 30, business.booking.grid_minutes
    window = window[0], min(window[1], window[0] + 1600)
    expected = []
    for minute in range(*window):
        begins, ends = (moment_of(one, business.zone) for one in (minute, minute + length))
        within = any(
            span.opens <= begins.time() and ends.time() <= span.closes and begins.date() == ends.date()
            for span in business.open_on(begins.date())
        )
        plain = begins.utcoffset() == moment_of(minute_of(begins) - 180, business.zone).utcoffset()
        calm = plain and begins.utcoffset() == moment_of(minute + 1440, business.zone).utcoffset()
        if calm and within and (begins.hour * 60 + begins.minute) % grid == 0:
            expected.append(minute)
    assert set(expected) <= set(starts(business, *window, length))


@given(businesses(), windows(), st.integers(5, 300), st.integers(-2000, 5000))
@settings(deadline=None, max_examples=100)
def test_backwards_and_around_are_the_same_starts_in_another_order(
    business: Business, window: tuple[int, int], length: int, offset: int
) -> None:
    onwards, near = list(starts(business, *window, length)), window[0] + offset
    assert list(starts_backwards(business, *window, length)) == onwards[::-1]
    around = list(starts_around(business, near, *window, length))
    assert sorted(around) == onwards
    assert [abs(start - near) for start in around] == sorted(abs(start - near) for start in onwards)


def test_the_hour_that_spring_skips_is_not_offered() -> None:
    found = _starts_on(date(2026, 3, 8), Span(opens=time(1), closes=time(4)))
    assert [f"{at:%H:%M}" for at in found] == ["01:00", "01:30", "03:00", "03:30"]


def test_the_hour_that_autumn_repeats_is_offered_once() -> None:
    found = _starts_on(date(2026, 11, 1), Span(opens=time(0, 30), closes=time(3)))
    assert [f"{at:%H:%M}" for at in found] == ["00:30", "01:00", "01:30", "02:00", "02:30"]
    assert len({at.astimezone(UTC) for at in found}) == 5


def _starts_on(day: date, span: Span) -> list[datetime]:
    business = load("auto_repair").model_copy(update={"hours": Hours(sunday=(span,))})
    midnight = minute_of(datetime.combine(day, time(), business.zone))
    return [moment_of(minute, business.zone) for minute in starts(business, midnight, midnight + 1440, 30)]


def test_minutes() -> None:
    at = datetime(2026, 11, 21, 12, 0, 30, tzinfo=ZoneInfo("America/Denver"))
    assert minute_after(at) == minute_of(at) + 1
    assert moment_of(minute_of(at), ZoneInfo("America/Denver")) == at - timedelta(seconds=30)
    with pytest.raises(Misused):
        minute_of(datetime(2026, 11, 21))  # noqa: DTZ001


def test_closing_in_an_hour_that_spring_skips_is_the_earlier() -> None:
    found = _starts_on(date(2026, 3, 8), Span(opens=time(0, 30), closes=time(2, 30)))
    assert [f"{at:%H:%M}" for at in found] == ["00:30", "01:00"]


def test_closing_in_an_hour_that_autumn_repeats_is_the_earlier() -> None:
    found = _starts_on(date(2026, 11, 1), Span(opens=time(0, 30), closes=time(1, 30)))
    assert [f"{at:%H:%M}" for at in found] == ["00:30", "01:00"]
