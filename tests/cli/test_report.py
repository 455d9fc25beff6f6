"""`appliance report`: what a person and a script see, also before there are any calls."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from appliance import business
from appliance.cli.report import app
from appliance.clock import SystemClock
from appliance.domain.call import CallEvent, Disposition, Speaker, Turn
from appliance.errors import NotFound, StoreFault
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database

RUN = CliRunner()
NOW = SystemClock().now()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Settings of a box that keeps its data in a folder of the test."""
    file = tmp_path / "appliance.toml"
    file.write_text(f'[store]\ndirectory = "{tmp_path / "data"}"\n')
    return file


@pytest.fixture
def called(config: Path) -> Path:
    """The settings of a box that somebody called an hour ago and asked what nobody knows."""
    at = NOW - timedelta(hours=1)
    with Database(config.parent / "data" / FILE_NAME) as database:
        calls = Calls(database)
        calls.begin("c1", "+13035550123", "100", at, {})
        calls.answered("c1", at)
        calls.add_turn("c1", Turn(1, Speaker.CALLER, "do you [tow] cars", 100, 200))
        calls.add_event("c1", CallEvent(300, "unanswered"))
        calls.close("c1", Disposition.MESSAGE, at + timedelta(minutes=1))
    return config


def run(*arguments: str, config: Path) -> Result:
    return RUN.invoke(app, [*arguments, "--config", str(config)])


def day_of(at: datetime) -> str:
    return at.astimezone(business.load("auto_repair").zone).date().isoformat()


HOUR_AGO = day_of(NOW - timedelta(hours=1))


def test_before_the_first_call_a_report_says_so(config: Path) -> None:
    done = run("week", config=config)
    assert done.exit_code == 0, done.output
    assert "No calls." in done.output
    assert json.loads(run("month", "last", "--json", config=config).output)["totals"]["calls"] == 0
    assert not (config.parent / "data").exists()  # looking makes nothing


@pytest.mark.parametrize("every", ["day", "week", "month"])
def test_a_report_on_the_terminal_and_as_json(called: Path, every: str) -> None:
    shown = run(every, HOUR_AGO, config=called)
    assert "Ended without a human" in shown.output
    assert "do you [tow] cars" in shown.output
    plain = json.loads(run(every, HOUR_AGO, "--json", config=called).output)
    assert (plain["period"]["every"], plain["totals"]["calls"]) == (every, 1)


@pytest.mark.parametrize("ending", ["html", "txt", "json", "csv", "parquet", "HTML"])
def test_a_report_goes_to_a_file_by_its_ending(called: Path, tmp_path: Path, ending: str) -> None:
    to = tmp_path / f"report.{ending}"
    done = run("day", HOUR_AGO, "--to", str(to), config=called)
    assert done.exit_code == 0, done.output
    assert done.output.split() == [str(to)]
    begins = {
        "html": b"<!doctype",
        "txt": b"Report of the day",
        "json": b"{",
        "csv": b"day,hour",
        "parquet": b"PAR1",
    }
    assert to.read_bytes().startswith(begins[ending.lower()])


def test_an_ending_nobody_writes_and_a_place_that_is_none(called: Path, tmp_path: Path) -> None:
    wrong = run("day", "--to", str(tmp_path / "report.docx"), config=called)
    assert (wrong.exit_code, ".parquet" in wrong.output) == (2, True)
    nowhere = run("day", "--to", str(tmp_path / "none" / "report.csv"), config=called)
    assert isinstance(nowhere.exception, StoreFault)


def test_a_date_that_is_none(called: Path) -> None:
    refused = run("day", "yesterday", config=called)
    assert isinstance(refused.exception, NotFound)
    assert "2026-11-21" in str(refused.exception)


def test_questions_and_how_to_have_them_answered(called: Path) -> None:
    shown = run("questions", config=called)
    assert "1 x  do you [tow] cars" in shown.output
    assert "kb add" in shown.output
    assert 'questions = ["do you [tow] cars"]' in shown.output
    plain = json.loads(run("questions", "--json", config=called).output)
    assert [(one["wordings"], one["times"], one["last_call_id"]) for one in plain] == [
        (["do you [tow] cars"], 1, "c1")
    ]
    assert "No question" in run("questions", "--since", "1m", config=called).output


def test_a_mail_to_nobody_says_what_to_set(called: Path) -> None:
    refused = run("mail", config=called)
    assert isinstance(refused.exception, NotFound)
    assert "mail_to" in str(refused.exception)
