"""What a bench found becomes a table or one JSON object, three files, and, if asked, kept figures."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.bench import report
from appliance.bench.figures import Curves, Distribution, Figure, Findings, Spans
from appliance.clock import SetClock
from appliance.errors import StoreFault

FOUND = Findings(
    bench="sample",
    command="appliance bench sample",
    summary={"phrase": {"n": 2, "p50_ms": 412}},
    figures=[Figure("phrase p50", 412.0, "ms", 300, n=2), Figure("recall", 99.0, "%", 98, at_most=False)],
    rows=[{"class": "phrase", "gap_ms": 400}, {"class": "phrase", "gap_ms": 424}],
    plots=[
        Distribution("Gaps", "ms", {"phrase": [400, 424], "open": []}),
        Spans("A turn", "ms", [("wait", 0, 300), ("voice", 300, 412)]),
        Curves("Capacity", "calls", "ms", {"p50": [(1, 400), (2, 424)], "p95": []}),
    ],
    conditions={"speech": "<human>"},
    notes=["Missed because the wait is long."],
)
CLOCK = SetClock(datetime(2026, 11, 21, 12, 0, tzinfo=UTC))


def _publish(tmp_path: Path, *, as_json: bool = False, keep: bool = False) -> Path:
    out = tmp_path / "out"
    report.publish(FOUND, as_json=as_json, out=out, keep=keep, root=tmp_path, clock=CLOCK)
    return out


def test_json_is_exactly_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _publish(tmp_path, as_json=True, keep=True)
    assert json.loads(capsys.readouterr().out) == FOUND.summary


def test_the_table_says_what_was_met_and_what_became_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _publish(tmp_path, keep=True)
    first = capsys.readouterr().out
    assert re.search(r"phrase p50 +412 ms +<= 300 ms +missed +2 *$", first, re.MULTILINE)
    assert re.search(r"recall +99 % +>= 98 % +met *$", first, re.MULTILINE)
    assert "Missed because the wait is long." in first
    _publish(tmp_path)
    assert re.search(r"phrase p50 .* x 1\.00 same", capsys.readouterr().out)


def test_three_files_are_written(tmp_path: Path) -> None:
    out = _publish(tmp_path)
    assert json.loads((out / "summary.json").read_text()) == FOUND.summary
    rows = [json.loads(line) for line in (out / "rows.jsonl").read_text().splitlines()]
    assert rows == list(FOUND.rows)
    assert (out / "report.html").is_file()


def test_the_page_asks_nobody_for_anything(tmp_path: Path) -> None:
    page = (_publish(tmp_path) / "report.html").read_text(encoding="utf-8")
    assert re.findall(r'(?:src|href)="(?!data:)', page) == []
    assert "http" not in re.sub(r"base64,[^\"]*", "", page)
    assert page.count("data:image/svg+xml;base64,") == len(FOUND.plots)
    assert "&lt;human&gt;" in page
    assert "appliance bench sample" in page


def test_the_last_ten_runs_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTENDANT_HOME", str(tmp_path / "home"))
    for second in range(12):
        clock = SetClock(datetime(2026, 11, 21, 12, 0, second, tzinfo=UTC))
        report.publish(FOUND, as_json=True, out=None, keep=False, root=tmp_path, clock=clock)
    runs = sorted(one.name for one in (tmp_path / "home" / "bench").iterdir())
    assert len(runs) == 10
    assert runs[-1] == "sample-20261121-120011"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way", encoding="utf-8")
    with pytest.raises(StoreFault, match="out"):
        _publish(tmp_path)
