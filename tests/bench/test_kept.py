"""Kept figures: what they say of a change, what page they make, and that the page in docs/ is that page."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from appliance.bench import kept
from appliance.bench.figures import Figure, Findings
from appliance.errors import StoreFault
from tests.conftest import REPOSITORY

FOUND = Findings(
    bench="gap",
    command="appliance bench gap --calls 8",
    summary={"premature_replies": 0},
    figures=[
        Figure("phrase p50", 412.4, "ms", 300, n=44),
        Figure("phrase p95", None, "ms", 600, n=12),
        Figure("recall", 99.1, "%", 98, at_most=False, n=100),
    ],
    conditions={"speech": "synthetic"},
    notes=["The wait is what costs most."],
)


def _before(name: str, value: float | None) -> kept.Kept:
    return kept.Kept("gap", "", "2026-11-01", (Figure(name, value, "ms"),))


@pytest.mark.parametrize(
    ("now", "at_most", "said"),
    [
        (200.0, True, "x 0.50 better"),
        (600.0, True, "x 1.50 worse"),
        (412.0, True, "x 1.03 same"),
        (600.0, False, "x 1.50 better"),
    ],
)
def test_a_change_is_a_ratio_and_a_verdict(now: float, at_most: bool, said: str) -> None:
    figure = Figure("phrase p50", now, "ms", at_most=at_most)
    assert str(kept.change(figure, _before("phrase p50", 400.0))) == said


def test_where_one_side_is_missing_nothing_changed() -> None:
    figure = Figure("phrase p50", 300.0, "ms")
    assert kept.change(figure, None) is None
    assert kept.change(figure, _before("flow p50", 300.0)) is None
    assert kept.change(figure, _before("phrase p50", None)) is None


def test_against_nothing_there_is_no_ratio() -> None:
    change = kept.change(Figure("premature", 2.0, "%"), _before("premature", 0.0))
    assert str(change) == "was 0 worse"


def test_what_is_kept_comes_back_and_makes_the_page(tmp_path: Path) -> None:
    written = kept.keep(kept.kept_of(FOUND, date(2026, 11, 21)), tmp_path)
    assert [path.name for path in written] == ["gap.json", "performance.md"]
    back = kept.load("gap", tmp_path)
    assert back is not None
    assert back.figures == tuple(FOUND.figures)
    page = written[1].read_text(encoding="utf-8")
    assert "appliance bench gap --calls 8" in page
    assert "| phrase p50 | 412 ms | <= 300 ms | missed | 44 |" in page
    assert "| phrase p95 | too few (12) | <= 600 ms |  | 12 |" in page
    assert "| recall | 99.1 % | >= 98 % | met | 100 |" in page
    assert "- speech: synthetic" in page
    assert "The wait is what costs most." in page


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "docs" / "performance"
    folder.mkdir(parents=True)
    (folder / "gap.json").write_text("{}", encoding="utf-8")
    with pytest.raises(StoreFault, match=r"gap\.json"):
        kept.load("gap", tmp_path)


def test_the_page_in_the_repository_is_what_its_files_make() -> None:
    page = (REPOSITORY / "docs" / "performance.md").read_text(encoding="utf-8")
    assert page == kept.document(kept.load_all(REPOSITORY))
