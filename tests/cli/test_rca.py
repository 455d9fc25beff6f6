"""`appliance rca`: what a person and a script are told of a call that went badly, and of a box without calls."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from appliance.cli import rca
from appliance.domain.call import CallEvent, Disposition, Speaker, Turn, TurnClass, Waterfall
from appliance.errors import NotFound
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database

NOON = datetime(2026, 11, 21, 19, tzinfo=UTC)
SLOW = Turn(
    2,
    Speaker.AGENT,
    "We're open until six.",
    14_000,
    16_000,
    TurnClass.FACT,
    1600,
    waterfall=Waterfall(12_400, 12_600, 13_900, 13_900, 13_980, 14_000, 14_000),
)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "appliance.toml"
    file.write_text(f'[store]\ndirectory = "{tmp_path / "data"}"\n')
    return file


@pytest.fixture
def box(config: Path) -> Path:
    """A good call, then one with a slow answer and a transfer that was refused."""
    with Database(config.parent / "data" / FILE_NAME) as database:
        calls = Calls(database)
        for call_id, at in (("good", NOON - timedelta(hours=1)), ("slow", NOON)):
            calls.begin(call_id, "+13035550123", "100", at, {})
            calls.answered(call_id, at)
        calls.close("good", Disposition.ANSWERED, NOON)
        calls.add_turn("slow", SLOW)
        calls.add_event("slow", CallEvent(20_000, "transfer_refused", "603"))
        calls.close("slow", Disposition.MESSAGE, NOON + timedelta(minutes=1))
    return config


def told(config: Path, *words: str) -> str:
    app = typer.Typer()
    app.command()(rca.command)
    result = CliRunner().invoke(app, [*words, "--config", str(config)], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_a_person_reads_what_was_wrong_and_what_to_do(box: Path):
    lines = told(box, "last").splitlines()
    assert lines[:2] == ["Call slow: message.", "The slowest answer took 1.6 s (fact)."]
    assert lines[3].startswith(
        "failed: At 0:20 the phone system did not take the transfer: SIP 603, declined."
    )
    assert lines[6] == (
        "slow: At 0:14 the answer took 1.6 s (fact): 1.3 s of it for the recogniser's last words."
    )
    assert all(line.startswith("  ") for line in (lines[4], lines[7]))


def test_a_call_that_went_well(box: Path):
    assert told(box, "good").splitlines()[-1] == "Nothing went wrong in this call that its record could tell."


def test_a_script_reads_the_same(box: Path):
    plain = json.loads(told(box, "slow", "--json"))
    assert (plain["call_id"], plain["disposition"], plain["slowest_gap_ms"]) == ("slow", "message", 1600)
    assert [(one["code"], one["weight"], one["at_ms"]) for one in plain["causes"]] == [
        ("transfer_refused", "failed", 20_000),
        ("turn_recogniser", "slow", 14_000),
    ]
    assert all(one["told"] and one["remedy"] for one in plain["causes"])


def test_what_is_not_there_is_a_fault_with_a_name(config: Path):
    with pytest.raises(NotFound, match="No calls yet"):
        told(config, "last")


def test_no_such_call(box: Path):
    with pytest.raises(NotFound):
        told(box, "7f3a")
