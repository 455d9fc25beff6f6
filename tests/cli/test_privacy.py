"""`appliance privacy`: one person out or gone, asked before; what would be forgotten; the page of all fields."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from appliance.cli import privacy as noun
from appliance.clock import SystemClock
from appliance.errors import NotFound
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from tests.conftest import REPOSITORY
from tests.fakes.office_days import live_through, number_of


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Settings of a box that lived through an hour, and has an appointment to come."""
    file = tmp_path / "appliance.toml"
    file.write_text(f'[store]\ndirectory = "{tmp_path / "data"}"\n')
    with Database(tmp_path / "data" / FILE_NAME) as database:
        live_through(database, 3)
    return file


@pytest.fixture
def coming(config: Path) -> Path:
    """And caller 0's appointment is yet to come."""
    minute = int((SystemClock().now() + timedelta(days=2)).timestamp()) // 60
    with Database(config.parent / "data" / FILE_NAME) as database, database.writing() as tables:
        tables.execute("UPDATE appointments SET starts_minute = ?, ends_minute = ?", [minute, minute + 30])
    return config


def invoke(config: Path, *arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(noun.app, [*arguments], input=typed, env={"ATTENDANT_CONFIG": str(config)})


@pytest.mark.parametrize("notation", ["+13035550001", "(303) 555-0001", "303.555.0001", "+1 303 555 0001"])
def test_exported_by_any_notation(config: Path, notation: str) -> None:
    to = config.parent / "his.zip"
    done = invoke(config, "export", notation, "--to", str(to), "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["rows"]["calls"] == 1
    with zipfile.ZipFile(to) as made:
        assert sorted(made.namelist()) == ["data.json", "index.txt", "recordings/call-1.flac"]


def test_erased_when_it_was_said_twice(config: Path) -> None:
    asked = invoke(config, "erase", number_of(1), typed="n\n")
    assert "1 calls" in asked.output
    assert "cannot be taken back" in asked.output
    assert caller_of(config, "call-1") == number_of(1)
    done = invoke(config, "erase", number_of(1), typed="y\n")
    assert done.exit_code == 0, done.output
    assert "Erased: " in done.output
    assert caller_of(config, "call-1") == ""
    assert "no rows" in invoke(config, "erase", number_of(1)).output
    assert isinstance(invoke(config, "erase", "+13035559999", "--yes").exception, NotFound)


def test_an_appointment_to_come_is_cancelled_only_when_that_was_said(coming: Path) -> None:
    refused = invoke(coming, "erase", number_of(0), "--yes")
    assert refused.exit_code == 2
    assert caller_of(coming, "call-0") == number_of(0)
    done = invoke(coming, "erase", number_of(0), "--yes", "--cancel", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["cancelled"] == ["a-0"]
    with Database(coming.parent / "data" / FILE_NAME, read_only=True) as database:
        rows = database.rows("SELECT standing, name, phone FROM appointments")
        assert rows == [{"standing": "cancelled", "name": "", "phone": ""}]
        assert (
            database.rows("SELECT 1 FROM outbox WHERE state = 'waiting' AND call_id IN ('', 'call-0')") == []
        )


def test_what_would_be_forgotten_is_said_and_not_done(config: Path) -> None:
    with Database(config.parent / "data" / FILE_NAME) as database, database.writing() as tables:
        tables.execute("UPDATE outbox SET state = 'sent', settled_at = '2020-01-01'")
    dry = json.loads(invoke(config, "retention", "--dry-run", "--json").output)
    assert dry["sent"] > 0
    assert json.loads(invoke(config, "retention", "--json").output)["sent"] == dry["sent"]
    assert "gone" in invoke(config, "retention").output


def test_no_number_at_all(config: Path) -> None:
    assert invoke(config, "erase", "Bo Berg", "--yes").exit_code == 2


def test_before_the_first_call(tmp_path: Path) -> None:
    file = tmp_path / "appliance.toml"
    file.write_text(f'[store]\ndirectory = "{tmp_path / "data"}"\n')
    assert isinstance(invoke(file, "export", number_of(1), "--to", "x.zip").exception, NotFound)


def test_the_page_of_fields_is_the_one_in_the_docs(config: Path) -> None:
    """`appliance privacy fields > docs/data.md` after a change."""
    printed = invoke(config, "fields").output
    assert printed == (REPOSITORY / "docs" / "data.md").read_text(encoding="utf-8")


def caller_of(config: Path, call_id: str) -> str:
    with Database(config.parent / "data" / FILE_NAME, read_only=True) as database:
        return Calls(database).get(call_id).caller
