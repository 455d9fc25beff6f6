"""Tables read by the product's parsers: that ours are found, and what the development tables come to."""

from __future__ import annotations

import json

from appliance.bench.slots_text import DATES_AND_TIMES, sayings


def _recognizers(folder, name: str, rows) -> None:
    path = folder / "text_normalization" / "recognizers" / f"DateTime_{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows), encoding="utf-8")


def _row(text: str, value: str, meant: str):
    context = {"ReferenceDateTime": "2026-11-19T09:00:00"}
    return {"Input": text, "Context": context, "Results": [{"Value": {"FutureResolution": {value: meant}}}]}


def test_only_the_tables_that_are_there_are_read(tmp_path):
    _recognizers(
        tmp_path, "DateParser", [_row("tomorrow", "date", "2026-11-20"), _row("x", "date", "2026-11-20")]
    )
    assert {name: [right for _, right in rows] for name, rows in sayings(tmp_path).items()} == {
        "days": [True, False]
    }


def test_where_a_table_means_another_world_the_office_s_answer_is_right(tmp_path):
    rows = [
        _row("as soon as possible", "dateTime", "2026-11-19 09:00:00"),
        _row("end of tomorrow", "dateTime", "2026-11-20 23:59:59"),
        _row("tomorrow at 3", "dateTime", "2026-11-20 03:00:00"),
        _row("tomorrow at 3", "dateTime", "2026-11-20 04:00:00"),
    ]
    _recognizers(tmp_path, "DateTimeParser", rows)
    assert [right for _, right in sayings(tmp_path)["days with times"]] == [True, True, True, False]


def test_an_impossible_day_must_be_named_as_such(tmp_path):
    _recognizers(tmp_path, "DateParser", [_row("february thirty first", "date", "0001-01-01")])
    assert [right for _, right in sayings(tmp_path)["days"]] == [True]


def test_the_development_tables(data_dir):
    """Dates and times 284 of 291, booked 949 of 949 when this was written."""
    tables = sayings(data_dir)
    summed = [right for name in DATES_AND_TIMES for _, right in tables[name]]
    assert sum(summed) / len(summed) >= 0.97
    for name in ("booked days", "booked times", "telephone numbers", "yes and no"):
        assert sum(right for _, right in tables[name]) / len(tables[name]) >= 0.97
