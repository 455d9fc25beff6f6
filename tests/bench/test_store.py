"""The bench of the store measures what it says, once each, and keeps no word of what was said."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from appliance import business
from appliance.bench import store
from appliance.bench.many_calls import KINDS, Setting
from appliance.store.database import Database


def test_everything_is_measured_and_no_word_is_kept(tmp_path: Path) -> None:
    made: list[tuple[str, datetime]] = []

    def report_of(database: Database, every: str, at: datetime) -> str:
        made.append((every, at))
        return "a report"

    found = store.measure(
        tmp_path,
        business.load("auto_repair"),
        Setting(1, 300),
        30,
        report_of,
        command="appliance bench store",
        conditions={},
        tell=lambda _: None,
    )
    kinds = {row["kind"] for row in found.rows if row["what"] == "search"}
    assert kinds == {kind + name for kind in KINDS for name in ("", ", since", ", disposition")}
    assert found.summary["search"]["n"] == 30
    assert [every for every, _ in made] == ["day", "week", "month"] * 6
    assert len({at for _, at in made}) == 6
    assert found.summary["commit"]["turn"]["n"] == 160
    assert found.summary["search_without_hits"] < 30
    assert {figure.name for figure in found.figures if figure.aim is not None} == {
        "search p50",
        "search p99",
        "written in bulk",
    }
    assert set(found.rows[0]) == {"what", "kind", "ms", "cpu_ms", "found"}
    json.dumps(found.summary)
