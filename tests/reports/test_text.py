"""A report can be read in 80 columns, whatever people asked; a time without calls says so."""

from __future__ import annotations

import pytest

from appliance.domain.call import CallEvent, Disposition
from appliance.reports import blocks, gathering, text
from appliance.settings import Every
from tests.reports.office import NOW, OFFICE, ZONE, Office, at


def shown(office: Office, every: Every, name: str = "now") -> str:
    period = gathering.period_named(every, name, NOW, ZONE)
    return text.text(gathering.report_of(office.database, OFFICE, period, NOW))


@pytest.mark.parametrize("every", Every)
def test_no_line_is_longer_than_80_columns(office: Office, every: Every) -> None:
    question = "do you [bold]happen to know[/bold] " + "a very long word " * 12 + "x" * 100
    for day in range(1, 21):
        office.call(
            at(day, 9 + day % 8),
            Disposition.MESSAGE,
            said=(question,),
            events=(
                CallEvent(2500, "unanswered"),
                CallEvent(1, "fact", "hours"),
                CallEvent(1, "level", "keys"),
            ),
            gaps_ms=(12345,),
            level="rules",
        )
    said = shown(office, every, "2026-11-20")
    assert max(map(len, said.splitlines())) <= 80
    assert "[bold]happen" in said


def test_what_stands_first_is_what_matters(office: Office) -> None:
    office.call(at(21, 9), Disposition.BOOKED)
    office.call(at(20, 9), Disposition.TRANSFERRED)
    said = shown(office, Every.DAY)
    assert said.startswith("Report of the day: Hilltop Auto Repair\nSat 2026-11-21, so far")
    assert "Ended without a human" in said
    assert "1 (100 %)" in said
    assert "+100.0 points" in said


def test_who_could_not_get_through_has_lines_of_their_own_when_there_were_any(office: Office) -> None:
    office.call(at(21, 9))
    assert "Turned away" not in shown(office, Every.DAY)
    office.call(at(21, 9), Disposition.TURNED_AWAY, answered=False)
    office.call(at(21, 9), Disposition.MISSED, answered=False)
    said = shown(office, Every.DAY)
    assert "1 (33 %)" in said
    assert "Turned away" in said
    assert "Hung up while it rang" in said


def test_a_day_without_calls_says_so(office: Office) -> None:
    assert "No calls." in shown(office, Every.DAY)
    assert "No calls in the day before." in shown(office, Every.DAY)
    office.call(at(20, 9))
    assert "before: 1" in shown(office, Every.DAY)


def test_a_week_that_is_over_names_its_days(office: Office) -> None:
    period = gathering.period_named(Every.WEEK, "last", NOW, ZONE)
    report = gathering.report_of(office.database, OFFICE, period, NOW)
    assert blocks.subtitle(report) == "Mon 2026-11-09 to Sun 2026-11-15"
