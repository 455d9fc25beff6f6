"""From calls on record to a report: who called, what became of it, in the office's own hours and days."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appliance.domain.call import CallEvent, Disposition, LineQuality
from appliance.errors import NotFound
from appliance.reports import gathering
from appliance.reports.figures import Report, Totals
from appliance.reports.text import text
from appliance.settings import Every
from appliance.store.second_texts import SecondPass, SecondTexts
from tests.reports.office import NOW, OFFICE, ZONE, Office, at


def made(office: Office, every: Every = Every.DAY, name: str = "now") -> Report:
    period = gathering.period_named(every, name, NOW, ZONE)
    return gathering.report_of(office.database, OFFICE, period, NOW)


def test_a_day_in_figures(office: Office) -> None:
    office.call(at(21, 9), Disposition.BOOKED, talk_s=90)
    office.call(at(21, 9, 30), Disposition.TRANSFERRED, talk_s=30)
    office.call(at(21, 14), Disposition.ABANDONED, answered=False)
    office.call(at(21, 14), Disposition.SILENT, talk_s=0)
    office.call(at(20, 9), Disposition.ANSWERED)
    report = made(office)
    totals = report.totals
    assert (totals.calls, totals.answered, totals.contained, totals.transferred) == (4, 3, 1, 1)
    assert (totals.abandoned, totals.silent, totals.failures) == (1, 1, 0)
    assert (totals.answer_rate, totals.containment) == (0.75, 1 / 3)
    assert totals.talk_s == pytest.approx(120, abs=0.1)
    assert report.before.calls == 1
    assert [(hour, one.calls) for hour, one in enumerate(report.by_hour) if one.calls] == [(9, 2), (14, 2)]
    assert len(report.rows) == 18  # it is six in the evening


def test_who_could_not_get_through_is_in_the_answer_rate(office: Office) -> None:
    office.call(at(21, 9))
    office.call(at(21, 9), Disposition.TURNED_AWAY, answered=False)
    office.call(at(21, 10), Disposition.TURNED_AWAY, answered=False)
    office.call(at(21, 10), Disposition.MISSED, answered=False)
    totals = made(office).totals
    assert (totals.calls, totals.turned_away, totals.missed) == (4, 2, 1)
    assert (totals.answer_rate, totals.containment, totals.mean_talk_s) == (
        0.25,
        1,
        pytest.approx(60, abs=0.1),
    )


def test_the_day_before_is_counted_up_to_the_same_time(office: Office) -> None:
    office.call(at(20, 17))
    office.call(at(20, 19))
    assert made(office).before.calls == 1
    assert made(office, name="2026-11-20").totals.calls == 2


def test_an_hour_that_passes_twice_has_the_calls_of_both(office: Office) -> None:
    first = at(1, 1, 30)
    for later in (timedelta(), timedelta(hours=1)):
        office.call(first.astimezone(tz=None) + later)
    report = made(office, name="2026-11-01")
    assert [(row.hour, row.totals.calls) for row in report.rows if row.totals.calls] == [(1, 2)]


def test_a_call_at_midnight_belongs_to_the_day_that_begins(office: Office) -> None:
    office.call(at(20, 0))
    office.call(at(19, 23, 59))
    week = made(office, Every.WEEK)
    assert {row.day.day: row.totals.calls for row in week.rows if row.totals.calls} == {19: 1, 20: 1}


def test_gaps_by_class_and_by_row(office: Office) -> None:
    office.call(at(19, 9), gaps_ms=tuple(range(100, 200)))
    office.call(at(20, 9), gaps_ms=(1000,))
    week = made(office, Every.WEEK)
    assert (week.gaps["fact"].answers, week.gaps["fact"].p50_ms, week.gaps["fact"].p99_ms) == (101, 150, 199)
    assert week.gaps[""] == week.gaps["fact"]
    by_day = {row.day.day: row.gaps[""].p50_ms for row in week.rows if row.gaps}
    assert by_day == {19: 149, 20: 1000}
    day = made(office, Every.DAY, "2026-11-20")
    assert [row.hour for row in day.rows if row.gaps] == [9]
    assert day.gaps_before["fact"].answers == 100


def test_what_was_asked_and_what_nobody_knew(office: Office) -> None:
    hours, source = CallEvent(1500, "fact", "hours"), CallEvent(1500, "source", "prices.pdf")
    office.call(at(21, 9), said=("when are you open",), events=(hours, hours, source))
    office.call(at(21, 10), events=(hours,))
    office.call(at(20, 10), events=(hours,))
    for question, came_of_it in (
        ("do you tow cars", Disposition.MESSAGE),
        ("can you tow a car", Disposition.ANSWERED),
    ):
        office.call(at(21, 11), came_of_it, said=(question,), events=(CallEvent(2500, "unanswered"),))
    report = made(office)
    assert [(one.what, one.calls, one.calls_before) for one in report.questions] == [
        ("hours", 2, 1),
        ("prices.pdf", 1, 0),
    ]
    assert [(one.wordings[0], one.times, one.messages) for one in report.unanswered] == [
        ("do you tow cars", 2, 1)
    ]
    assert report.totals.unanswered == 2


def test_the_line_and_interruptions(office: Office) -> None:
    office.call(at(21, 9), quality=LineQuality("PCMU", 900, 100, 4.0), events=(CallEvent(900, "barge_in"),))
    office.call(at(21, 9), quality=LineQuality("PCMU", 1000, 0, 2.0))
    totals = made(office).totals
    assert (totals.loss, totals.jitter_ms, totals.barge_ins) == (0.05, 3.0, 1)


def test_minutes_at_each_level(office: Office) -> None:
    office.call(at(21, 9), talk_s=600)
    office.call(at(21, 10), talk_s=60, level="rules", events=(CallEvent(20_000, "level", "keys"),))
    office.call(
        at(21, 11),
        talk_s=100,
        events=(CallEvent(10_000, "level", "rules"), CallEvent(40_000, "level", "full")),
    )
    levels = made(office).level_s
    assert {name: round(spent_s) for name, spent_s in levels.items()} == {
        "full": 670,
        "rules": 50,
        "keys": 40,
    }


def test_a_time_without_calls(office: Office) -> None:
    report = made(office)
    assert (report.totals, report.before) == (Totals(), Totals())
    assert (report.totals.answer_rate, report.totals.containment, report.gaps) == (None, None, {})
    empty = gathering.empty_report(OFFICE, gathering.period_named(Every.DAY, "now", NOW, ZONE), NOW)
    assert empty == report


@pytest.mark.parametrize("name", ["tomorrow", "2026-13-01", "0001-01-01", "9999-12-31", "2026-11-22", ""])
def test_a_date_that_has_no_report(name: str) -> None:
    with pytest.raises(NotFound):
        gathering.period_named(Every.MONTH if name.startswith("9") else Every.DAY, name, NOW, ZONE)


def test_what_a_better_recogniser_heard_otherwise_is_told_by_day(office: Office) -> None:
    """Each call once, whatever else is counted of it; days nobody listened to again have no share."""
    for day, words, errors in ((21, 40, 10), (21, 10, 0), (20, 20, 1), (19, 0, 0)):
        call_id = office.call(at(day, 9), gaps_ms=(300, 400))
        with office.database.writing() as tables:
            tables.execute("UPDATE calls SET recording = 'x.flac' WHERE call_id = ?", [call_id])
        SecondTexts(office.database).finish(SecondPass(call_id, NOW, "whisper", words, errors))
    office.call(at(21, 10))
    assert (made(office).totals.calls, made(office).totals.misheard) == (3, 0.2)
    week = made(office, Every.WEEK)
    shares = {row.day.day: row.totals.misheard for row in week.rows}
    assert (shares[21], shares[20], shares[19], shares[18]) == (0.2, 0.05, None, None)
    assert "Words heard otherwise again" in text(made(office))
