"""`appliance kb`: what a person and a script see of the office's documents."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from appliance.cli import kb
from appliance.errors import DocumentRefused, NotFound
from tests.fakes.vectors import FakeVectors

PRICES = "Service,Price\nTire rotation,25 dollars\nOil change,49 dollars\n"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with documents, one of them broken; settings of a box that keeps its data beside it."""
    monkeypatch.setattr(kb, "_encoder", lambda settings: FakeVectors())
    folder = tmp_path / "office"
    folder.mkdir()
    (tmp_path / "appliance.toml").write_text(f'[store]\ndirectory = "{tmp_path / "data"}"\n')
    (folder / "prices.csv").write_text(PRICES)
    (folder / "hours.md").write_text("# Hours\n\nWe open at nine.")
    return folder


@pytest.fixture
def run(tmp_path: Path):
    def run(*arguments: str | Path) -> Result:
        words = [*map(str, arguments), "--config", str(tmp_path / "appliance.toml")]
        return CliRunner().invoke(kb.app, words)

    return run


def printed(result: Result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_added_listed_searched(run, office: Path) -> None:
    added = printed(run("add", office, "--json"))
    assert [(one["name"], one["fate"]) for one in added] == [
        ("office/hours.md", "added"),
        ("office/prices.csv", "added"),
    ]
    assert [one["document"] for one in printed(run("list", "--json"))] == [
        "office/hours.md",
        "office/prices.csv",
    ]
    told = printed(run("search", "price of a tire rotation", "--json"))
    assert told["answer"] == "Tire rotation: Price 25 dollars."
    assert told["passages"][0]["source"] == "office/prices.csv (version 1)"


def test_what_the_documents_do_not_say_is_said_to_be_so(run, office: Path) -> None:
    run("add", office)
    told = printed(run("search", "may i bring my elephant", "--json"))
    assert (told["answer"], told["passages"]) == ("", [])
    assert "do not say" in run("search", "may i bring my elephant").output


def test_a_refused_file_is_named_the_others_go_in_and_the_status_tells(run, office: Path) -> None:
    (office / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    result = run("add", office)
    assert result.exit_code == DocumentRefused.exit_status
    assert "refused: broken.pdf" in result.output
    assert len(printed(run("list", "--json"))) == 2


def test_nothing_to_add_is_a_fault(run, tmp_path: Path, office: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert isinstance(run("add", tmp_path / "empty").exception, DocumentRefused)


def test_changed_rolled_back_removed_and_brought_back(run, office: Path) -> None:
    run("add", office)
    (office / "hours.md").write_text("# Hours\n\nWe open at ten.")
    assert "changed: office/hours.md, version 2" in run("add", office).output
    assert "version 1 is in force" in run("rollback", "office/hours.md").output
    shown = printed(run("show", "office/hours.md", "--json"))
    assert shown["passages"][0]["text"] == "We open at nine."
    assert [one["is_current"] for one in shown["versions"]] == [False, True]
    assert run("remove", "office/hours.md").exit_code == 0
    assert printed(run("search", "when do you open", "--json"))["passages"] == []
    assert "version 2 is in force" in run("rollback", "office/hours.md", "--version", "2").output


@pytest.mark.parametrize("command", ["show", "remove", "rollback"])
def test_a_document_that_is_not_there(run, office: Path, command: str) -> None:
    assert isinstance(run(command, "nobody.md").exception, NotFound)


def test_check_counts_and_finds_what_has_no_vectors(
    run, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("add", office)
    assert printed(run("check", "--json")) == {"documents": 2, "faults": [], "by_words_only": []}
    monkeypatch.setattr(kb, "_encoder", lambda settings: FakeVectors("newer"))
    assert len(printed(run("check", "--json"))["by_words_only"]) == 2


def test_before_anything_was_added(run, office: Path) -> None:
    assert printed(run("list", "--json")) == []
    assert printed(run("check", "--json"))["documents"] == 0
    assert "do not say" in run("search", "when do you open").output


def test_for_people_there_are_tables_and_passages(run, office: Path) -> None:
    run("add", office)
    assert "office/hours.md" in run("list").output
    assert "[Hours]\nWe open at nine." in run("show", "office/hours.md").output
    assert "Answer: We open at nine." in run("search", "when do you open").output
