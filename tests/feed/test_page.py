"""The page is the diary as it stands, and is made anew only when that has changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from appliance.clock import SetClock
from appliance.domain.appointment import Appointment
from appliance.feed.page import Pages
from appliance.store.appointments import Diary
from appliance.store.database import FILE_NAME, Database
from tests.store.salon import SALON

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=SALON.zone)  # a Monday
TEN = NOW.replace(hour=10)
BO = Appointment("a1", "c1", "cut", TEN, TEN + timedelta(hours=1), "Bo Berg", "+13035550123")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[tuple[Diary, Pages, SetClock]]:
    clock = SetClock(NOW)
    with Database(tmp_path / FILE_NAME) as database:
        diary = Diary(database, SALON, clock)
        yield diary, Pages(diary, SALON, clock, days_back=7), clock


def statuses(pages: Pages) -> list[str]:
    return [str(event["STATUS"]) for event in Calendar.from_ical(pages.newest().body).walk("VEVENT")]


def test_every_change_makes_a_new_page_and_nothing_else_does(office) -> None:
    diary, pages, _ = office
    seen = [pages.newest()]
    for change in (
        lambda: diary.book(BO),
        lambda: diary.move("a1", TEN + timedelta(hours=2)),
        lambda: diary.cancel("a1"),
    ):
        change()
        seen.append(pages.newest())
        assert pages.newest() is seen[-1]
    assert len({page.etag for page in seen}) == 4
    assert statuses(pages) == ["CANCELLED"]


def test_what_is_long_over_is_left_out(office) -> None:
    diary, pages, clock = office
    diary.book(BO)
    clock.advance(7 * 86_400)
    assert statuses(pages) == ["CONFIRMED"]
    clock.advance(86_400)
    assert statuses(pages) == []
