"""CSV, Parquet and JSON say the same: a row an hour or a day, always the same columns."""

from __future__ import annotations

import csv
import json
from io import BytesIO, StringIO

import pytest
from arro3.io import read_parquet

from appliance.domain.call import Disposition
from appliance.reports import gathering, parquet, sheets
from appliance.reports.figures import Report
from appliance.settings import Every
from tests.reports.office import NOW, OFFICE, ZONE, Office, at


@pytest.fixture
def report(office: Office) -> Report:
    office.call(at(18, 9), Disposition.BOOKED, gaps_ms=(300,), talk_s=61.5)
    office.call(at(19, 9), Disposition.TRANSFERRED)
    period = gathering.period_named(Every.WEEK, "now", NOW, ZONE)
    return gathering.report_of(office.database, OFFICE, period, NOW)


def test_a_csv_has_a_row_a_day_and_nothing_where_nothing_is_known(report: Report) -> None:
    rows = list(csv.DictReader(StringIO(sheets.as_csv(report).decode())))
    assert [row["day"] for row in rows] == [f"2026-11-{day}" for day in range(16, 22)]
    assert tuple(rows[0]) == sheets.columns()
    by_day = {row["day"]: row for row in rows}
    assert by_day["2026-11-18"]["all_gap_p50_ms"] == "300"
    assert by_day["2026-11-18"]["containment"] == "1.0"
    assert by_day["2026-11-16"]["containment"] == ""
    assert by_day["2026-11-19"]["transferred"] == "1"


def test_parquet_holds_the_same_with_its_types(report: Report) -> None:
    table = read_parquet(BytesIO(parquet.as_parquet(report))).read_all()
    assert tuple(table.column_names) == sheets.columns()
    columns = {name: table[name].to_pylist() for name in table.column_names}
    assert list(zip(*columns.values(), strict=True)) == sheets.table(report)
    assert isinstance(columns["talk_s"][2], float)
    assert isinstance(columns["calls"][2], int)
    assert columns["hour"] == [None] * 6


def test_a_day_has_a_row_an_hour_and_an_empty_report_is_no_fault(office: Office) -> None:
    period = gathering.period_named(Every.DAY, "2026-11-20", NOW, ZONE)
    made = gathering.report_of(office.database, OFFICE, period, NOW)
    assert [row[1] for row in sheets.table(made)] == list(range(24))
    assert len(read_parquet(BytesIO(parquet.as_parquet(made))).read_all()) == 24


def test_json_is_plain_and_complete(report: Report) -> None:
    plain = json.loads(json.dumps(sheets.plain(report)))
    assert plain["totals"]["calls"] == sum(row["calls"] for row in plain["rows"]) == 2
    assert plain["period"] == {
        "every": "week",
        "first": "2026-11-16",
        "last": "2026-11-22",
        "timezone": "America/Denver",
        "is_over": False,
    }
    assert plain["gaps"]["all"]["p50_ms"] == 300
