"""`appliance backup` and `appliance restore`: what a person and a script see, and that a running box is left alone."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from appliance.cli import backup as noun
from appliance.cli import restore as restoring
from appliance.errors import AlreadyRunning, NotFound
from appliance.ops.single import single_instance
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from tests.fakes.office_days import live_through

restore = typer.Typer()
restore.command("restore")(restoring.command)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Settings of a box with three calls."""
    file = tmp_path / "appliance.toml"
    file.write_text(f'[store]\ndirectory = "{tmp_path / "data"}"\n')
    with Database(tmp_path / "data" / FILE_NAME) as database:
        live_through(database, 3)
    return file


def invoke(app: typer.Typer, config: Path, *arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, [*arguments], input=typed, env={"ATTENDANT_CONFIG": str(config)})


def calls(config: Path) -> int:
    with Database(config.parent / "data" / FILE_NAME, read_only=True) as database:
        return len(Calls(database).recent())


def test_made_listed_and_restored(config: Path) -> None:
    made = invoke(noun.app, config)
    assert made.exit_code == 0
    assert "3 calls, 2 messages, 1 appointments, 3 recordings listed" in made.output
    listed = json.loads(invoke(noun.app, config, "list", "--json").output)
    assert [one["fault"] for one in listed] == [None]
    assert listed[0]["rows"]["calls"] == 3
    assert "good" in invoke(noun.app, config, "list").output
    with Database(config.parent / "data" / FILE_NAME) as database:
        live_through(database, 1, first=3)
    assert calls(config) == 4
    done = invoke(restore, config, "latest", "--yes", "--json")
    said = json.loads(done.output)
    assert Path(said["aside"]).exists()
    assert calls(config) == 3


def test_elsewhere_with_the_sound_and_back(config: Path) -> None:
    stick = config.parent / "stick"
    made = json.loads(invoke(noun.app, config, "--to", str(stick), "--recordings", "--json").output)
    assert made["recordings_kept"]
    recording = config.parent / "data" / "recordings" / "call-1.flac"
    sound = recording.read_bytes()
    recording.unlink()
    done = invoke(restore, config, made["file"], typed="y\n")
    assert done.exit_code == 0, done.output
    assert "1 recordings brought back" in done.output
    assert recording.read_bytes() == sound


def test_who_says_no_keeps_what_they_have(config: Path) -> None:
    invoke(noun.app, config)
    before = (config.parent / "data" / FILE_NAME).stat().st_ino
    assert invoke(restore, config, "latest", typed="n\n").exit_code == 1
    assert (config.parent / "data" / FILE_NAME).stat().st_ino == before


def test_not_while_the_box_runs(config: Path) -> None:
    invoke(noun.app, config)
    with single_instance(config.parent / "data" / "run"):
        done = invoke(restore, config, "latest", "--yes")
    assert isinstance(done.exception, AlreadyRunning)


def test_without_backups(config: Path) -> None:
    assert "no backups yet" in invoke(noun.app, config, "list").output
    assert isinstance(invoke(restore, config, "latest", "--yes").exception, NotFound)


def test_a_whole_database_and_a_damaged_one(config: Path) -> None:
    assert "whole" in invoke(noun.app, config, "check").output
    with (config.parent / "data" / FILE_NAME).open("r+b") as file:
        file.write(os.urandom(4096))
    done = invoke(noun.app, config, "check", "--json")
    assert done.exit_code == 1
    assert not json.loads(done.output)["whole"]
    assert "restore latest" in invoke(noun.app, config, "check").output
