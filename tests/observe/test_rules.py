"""Alert rules and dashboard: valid, and every figure they name is one that a box tells."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from appliance import settings
from appliance.observe.exposing import exposition
from appliance.ops.health import Limits, judge
from tests.observe.test_service import WELL

ALERTS = settings.shipped("config/prometheus/alerts.yml")
DASHBOARD = settings.shipped("config/grafana/attendant.json")
NAMED = re.compile(r"\battendant_[a-z_]+")
DOCUMENT = Path(__file__).parents[2] / "docs" / "observing.md"


@pytest.fixture
def promtool() -> str:
    found = shutil.which("promtool")
    if found is None:
        pytest.skip("promtool is not installed: apt-get install prometheus")
    return found


def told() -> set[str]:
    """The name of every sample of a box that has everything."""
    text = exposition(WELL, judge(WELL.facts, Limits())).decode()
    return {re.split(r"[{ ]", line)[0] for line in text.splitlines() if not line.startswith("#")}


def families() -> set[str]:
    text = exposition(WELL, judge(WELL.facts, Limits())).decode()
    return {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")}


def expressions() -> list[str]:
    panels = json.loads(DASHBOARD.read_text())["panels"]
    return [target["expr"] for panel in panels for target in panel.get("targets", ())]


def test_promtool_takes_the_rules(promtool: str):
    done = subprocess.run([promtool, "check", "rules", ALERTS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "SUCCESS" in done.stdout


def test_promtool_takes_every_expression_of_the_dashboard(promtool: str, tmp_path: Path):
    """As rules: there is no other check of an expression without a server."""
    rules = [
        {
            "record": f"panel:{number}",
            "expr": expr.replace("$__rate_interval", "5m").replace("$instance", ".+"),
        }
        for number, expr in enumerate(expressions())
    ]
    file = tmp_path / "panels.yml"
    file.write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}))  # JSON is YAML
    done = subprocess.run([promtool, "check", "rules", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout


def test_promtool_finds_nothing_wrong_with_what_is_told(promtool: str):
    text = exposition(WELL, judge(WELL.facts, Limits()))
    done = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True, check=False)
    assert (done.returncode, done.stderr.decode()) == (0, "")


def test_the_alerts_ring_when_they_should(promtool: str):
    done = subprocess.run(
        [promtool, "test", "rules", Path(__file__).parent / "alerts_test.yml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_figure_that_is_named_is_told():
    named = {name for text in (ALERTS.read_text(), *expressions()) for name in NAMED.findall(text)}
    assert len(named) > 20
    assert named <= told()


def test_every_figure_stands_in_the_document_and_no_other():
    document = DOCUMENT.read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| `(attendant_[a-z_]+)`", document, re.MULTILINE))
    assert rows == families()


def test_every_panel_says_what_it_shows_and_none_overlaps():
    panels = json.loads(DASHBOARD.read_text())["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not taken & cells, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells
        assert panel["title"]


def test_figures_name_nobody():
    labels = set(
        re.findall(r'(\w+)="', exposition(WELL, judge(replace(WELL, told=None).facts, Limits())).decode())
    )
    assert labels <= {"class", "le", "cache", "reason", "disposition", "speaker", "outcome"} | {
        "of",
        "destination",
        "state",
        "process",
    }
