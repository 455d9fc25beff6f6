"""Which time a question is about. The day is a Wednesday, two in the afternoon."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from appliance.desk.sayings import sayings_of
from appliance.desk.spans import diary_span, past_span

DENVER = ZoneInfo("America/Denver")
NOW = datetime(2026, 11, 18, 14, 0, tzinfo=DENVER)
ENGLISH = sayings_of("en")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=DENVER)


@pytest.mark.parametrize(
    ("said", "begins", "ends", "spoken"),
    [
        ("who called", at(18, 0), at(19, 0), "today"),
        ("who called while i was out", at(18, 0), at(19, 0), "today"),
        ("who called since ten", at(18, 10), NOW, "since ten o'clock"),
        ("who called since half past nine", at(18, 9, 30), NOW, "since nine thirty"),
        ("who called this morning", at(18, 0), at(18, 12), "today in the morning"),
        ("who called yesterday", at(17, 0), at(18, 0), "yesterday"),
        ("who called on monday", at(16, 0), at(17, 0), "Monday"),
    ],
)
def test_calls(said: str, begins: datetime, ends: datetime, spoken: str) -> None:
    span = past_span(said, NOW, None, ENGLISH)
    assert (span.begins, span.ends) == (begins, ends)
    assert span.spoken.endswith(spoken) or span.spoken.startswith(spoken)


def test_who_asked_before_hears_what_is_new() -> None:
    span = past_span("who called", NOW, at(18, 9, 15), ENGLISH)
    assert (span.begins, span.spoken) == (at(18, 9, 15), "since nine fifteen")
    assert past_span("who called", NOW, at(17, 9, 15), ENGLISH).begins == at(18, 0)


@pytest.mark.parametrize(
    ("said", "begins", "ends", "spoken"),
    [
        ("what is on at three", at(18, 15), at(18, 15, 30), "at three o'clock"),
        ("what is on", NOW, at(19, 0), "for the rest of today"),
        ("what is on today", NOW, at(19, 0), "for the rest of today"),
        ("what is on tomorrow", at(19, 0), at(20, 0), "tomorrow"),
        ("what is on tomorrow at nine", at(19, 9), at(19, 9, 30), "tomorrow at nine o'clock"),
        ("what is on tomorrow morning", at(19, 0), at(19, 12), "tomorrow in the morning"),
        ("what is on friday afternoon", at(20, 12), at(20, 18), "Friday in the afternoon"),
    ],
)
def test_the_diary(said: str, begins: datetime, ends: datetime, spoken: str) -> None:
    span = diary_span(said, NOW, ENGLISH)
    assert (span.begins, span.ends, span.spoken) == (begins, ends, spoken)


def test_no_span_ends_before_it_begins() -> None:
    for hour in range(24):
        now = at(18, hour)
        for said in ("who called since three", "who called this evening", "who called on sunday"):
            span = past_span(said, now, None, ENGLISH)
            assert span.begins <= span.ends
            assert span.begins <= now + timedelta(days=1)
