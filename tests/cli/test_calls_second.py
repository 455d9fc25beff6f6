"""`appliance calls show` of a call that was listened to again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from appliance.cli import calls as command
from appliance.cli.calls_second import second_lines
from appliance.domain.call import Disposition, Speaker, Summary, Turn
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.store.second_texts import SecondPass, SecondTexts
from appliance.store.whole_calls import second_as_json

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MADE = Summary(
    "Somebody wants an oil change. Nothing to do.", "Somebody wants an oil change.", "Nothing to do."
)


@pytest.fixture
def box(tmp_path: Path) -> Path:
    config = tmp_path / "box.toml"
    config.write_text(f'[store]\ndirectory = "{tmp_path}"\n')
    with Database(tmp_path / FILE_NAME) as database:
        calls, second = Calls(database), SecondTexts(database)
        calls.begin("c1", "+1", "100", NOW, {})
        calls.add_turn("c1", Turn(1, Speaker.CALLER, "an oil chain", 0, 900))
        calls.add_turn("c1", Turn(2, Speaker.CALLER, "thank you", 2000, 2900))
        calls.close("c1", Disposition.ANSWERED, NOW, recording="c1.flac")
        second.keep_text("c1", 1, "An oil change.")
        second.keep_text("c1", 2, "Thank you!")
        second.finish(SecondPass("c1", NOW, "whisper", 5, 1, MADE))
    return config


def show(config: Path, *options: str) -> str:
    result = CliRunner().invoke(command.app, ["show", "last", "--config", str(config), *options])
    assert result.exit_code == 0, result.output
    return result.output


def test_what_was_heard_otherwise_is_shown_beside_what_was_heard(box: Path) -> None:
    output = show(box)
    assert "Heard again by whisper: 20 % of words otherwise" in output
    assert "1: An oil change." in output
    assert "Thank you!" not in output
    assert "an oil chain" in output
    assert "Somebody wants an oil change." in output


def test_as_json(box: Path) -> None:
    found = json.loads(show(box, "--json"))["second_pass"]
    assert (found["error_percent"], found["texts"]["1"]) == (20.0, "An oil change.")


def test_a_call_nobody_listened_to_again_says_nothing_of_it() -> None:
    record = Calls  # any record: nothing of it is looked at
    assert second_lines(record, None) == []  # type: ignore[arg-type]
    assert second_as_json(None) is None
