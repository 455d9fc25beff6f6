"""Plays from the command line: what went otherwise is named with file and line; --json; a speed that is told."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from appliance.cli.agent import app

GOOD = "business: auto_repair\nagent: ...\ncaller: i need an oil change\nagent: Sure, an oil change. ...\nhang up:\n"
BAD = GOOD.replace("Sure, an oil change. ...", "Sure, a haircut.")


def run(*arguments: str):
    return CliRunner().invoke(app, ["test", *arguments])


def test_plays_that_go_as_written(tmp_path):
    (tmp_path / "good.call").write_text(GOOD)
    result = run(str(tmp_path))
    assert result.exit_code == 0
    assert result.output.startswith("1 plays, 0 failed; 2 turns")


def test_a_play_that_goes_otherwise_names_file_line_wanted_and_said(tmp_path):
    (tmp_path / "good.call").write_text(GOOD)
    (tmp_path / "bad.call").write_text(BAD)
    result = run("--json", str(tmp_path))
    bad, good = [json.loads(line) for line in result.output.splitlines()]
    assert result.exit_code == 1
    assert good["ok"] and not bad["ok"]
    assert bad["file"].endswith("bad.call")
    assert bad["line"] == 4
    assert bad["wanted"] == "Sure, a haircut."
    assert bad["said"] == "Sure, an oil change. Which day would suit you?"


def test_a_folder_without_plays_is_told(tmp_path):
    result = run(str(tmp_path))
    assert result.exit_code != 0
    assert "No .call file" in str(result.exception)
