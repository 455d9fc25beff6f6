"""Opening hours as people write them become spans, and go back."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.business import WEEKDAYS, Hours, Span
from appliance.setup import opening_hours

_WEEK = WEEKDAYS[:5]


def each(days, opens: time, closes: time) -> dict[str, list[tuple[time, time]]]:
    return {day: [(opens, closes)] for day in days}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("mon-fri 8-17", each(_WEEK, time(8), time(17))),
        ("Mon-Fri: 8 am to 5 pm", each(_WEEK, time(8), time(17))),
        ("monday through friday 08:00 - 17:00", each(_WEEK, time(8), time(17))),
        ("mon – fri 8:00–17:00", each(_WEEK, time(8), time(17))),
        ("sat 9-noon", {"saturday": [(time(9), time(12))]}),
        ("sat 9.30-12.15", {"saturday": [(time(9, 30), time(12, 15))]}),
        ("tue+thu 12pm-8pm", each(("tuesday", "thursday"), time(12), time(20))),
        ("tue and thu 12am-8am", each(("tuesday", "thursday"), time(0), time(8))),
        ("mon 8-12, 13-17", {"monday": [(time(8), time(12)), (time(13), time(17))]}),
        ("mon 8-12 + 13-17", {"monday": [(time(8), time(12)), (time(13), time(17))]}),
        ("fri-mon 10-18", each(("monday", "friday", "saturday", "sunday"), time(10), time(18))),
        ("daily 0-24", each(WEEKDAYS, time(0), time(23, 59))),
        ("", {}),
    ],
)
def test_what_people_write(written, meant):
    assert opening_hours.read(written) == meant


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("8-17", "begin with the days"),
        ("mon-fry 8-17", '"fry" is no day'),
        ("mon 8", '"8" does not say from when to when'),
        ("mon 8-25", '"25" is no time of day'),
        ("mon 8-17uhr", '"17uhr" is no time of day'),
        ("mon", "does not say from when to when"),
        ("- 8-17", "is no day"),
    ],
)
def test_what_is_not_understood_is_named(written, told):
    with pytest.raises(ValueError, match=r"is no|does not|begin with") as caught:
        opening_hours.read(written)
    assert told in str(caught.value)


_MINUTES = st.lists(st.integers(0, 24 * 60 - 1), min_size=0, max_size=6, unique=True).map(sorted)


def _spans(minutes: list[int]) -> tuple[Span, ...]:
    moments = [time(minute // 60, minute % 60) for minute in minutes]
    return tuple(Span(opens=a, closes=b) for a, b in zip(moments[::2], moments[1::2], strict=False))


@given(st.lists(_MINUTES, min_size=7, max_size=7))
def test_what_is_written_is_read_back(week):
    hours = Hours(**{day: _spans(minutes) for day, minutes in zip(WEEKDAYS, week, strict=True)})
    read = opening_hours.read(opening_hours.write(hours))
    spans = {day: tuple(Span(opens=a, closes=b) for a, b in several) for day, several in read.items()}
    assert Hours(**spans) == hours


@given(st.text(max_size=40))
def test_whatever_is_typed_is_hours_or_told(written):
    try:
        read = opening_hours.read(written)
    except ValueError as fault:
        assert str(fault)
    else:
        assert set(read) <= set(WEEKDAYS)
