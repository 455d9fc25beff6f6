"""The page holds everything itself: no script, no address of anybody else; what people said is escaped."""

from __future__ import annotations

import re

import pytest

from appliance.domain.call import CallEvent
from appliance.press.plots import Bars, Curves
from appliance.reports import gathering, pages
from appliance.settings import Every
from tests.reports.office import NOW, OFFICE, ZONE, Office, at


@pytest.mark.parametrize(("every", "pictures"), [(Every.DAY, 2), (Every.WEEK, 3)])
def test_a_page_asks_nobody_for_anything(office: Office, every: Every, pictures: int) -> None:
    office.call(
        at(21, 9),
        said=("<script>alert(1)</script>",),
        events=(CallEvent(2500, "unanswered"),),
        gaps_ms=(300, 400),
    )
    period = gathering.period_named(every, "now", NOW, ZONE)
    page = pages.html(gathering.report_of(office.database, OFFICE, period, NOW))
    assert page.count("<img") == pictures
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert re.findall(r'(?:src|href)="(?!data:)', page) == []


def test_a_week_of_two_months_is_drawn_from_monday_on(office: Office) -> None:
    for month, day in ((10, 26), (10, 31), (11, 1)):
        office.call(at(day, 9, month=month), gaps_ms=(300,))
    period = gathering.period_named(Every.WEEK, "2026-11-01", NOW, ZONE)
    calls, _, waits = pages.plots(gathering.report_of(office.database, OFFICE, period, NOW))
    assert isinstance(calls, Bars)
    assert isinstance(waits, Curves)
    assert list(calls.places) == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert [[place for place, _ in curve] for curve in waits.curves.values()] == [[1, 6, 7]] * 2


def test_a_time_without_calls_has_no_pictures(office: Office) -> None:
    period = gathering.period_named(Every.MONTH, "now", NOW, ZONE)
    page = pages.html(gathering.report_of(office.database, OFFICE, period, NOW))
    assert "<img" not in page
    assert "No calls." in page
