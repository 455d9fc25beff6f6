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


WHOLE = """business: auto_repair
agent: Thank you for calling ...
caller: i need an oil change on monday at nine
agent: And what name should I put it under?
caller: nora blake
agent: And what number can we reach you at?
caller: three oh three five five five oh one two three
agent: That's an oil change, Monday at nine ..., for Nora Blake. Your number is 3 0 3, 5 5 5, 0 1 2 3. Shall I book it?
caller: yes
agent: It's booked: an oil change, Monday at nine o'clock in the morning. Is there anything else I can help with?
expect booked: oil_change 2026-11-23 09:00 Nora Blake 3035550123
hang up:
expect disposition: booked
"""


def test_the_share_of_plays_that_reach_their_outcome_with_noise_is_told(tmp_path):
    (tmp_path / "whole.call").write_text(WHOLE)
    (tmp_path / "hopeless.call").write_text(WHOLE.replace("expect booked: oil", "expect booked: soil"))
    result = run(str(tmp_path), "--noise", "1", "--rate", "0")
    assert result.exit_code == 0
    assert "50.0 % reach their outcome, in 1 something else was done" in result.output
    assert "hopeless.call: booked: wanted 'soil" in result.output


def test_noise_in_json_has_a_line_for_each_play(tmp_path):
    (tmp_path / "whole.call").write_text(WHOLE)
    once, again = [run("--json", "--noise", "7", "--rate", "0.3", str(tmp_path)).output for _ in range(2)]
    assert once == again
    assert set(json.loads(once)) == {"file", "reached", "wrong", "complaint"}


def test_what_only_a_stage_can_play_is_not_spoken_and_said_to_be(tmp_path):
    (tmp_path / "rings.call").write_text("business: auto_repair\nagent: ...\ncolleague: answers\nhang up:\n")
    result = run("--spoken", str(tmp_path))
    assert result.exit_code == 0
    first, summary, *_ = result.output.splitlines()
    assert first.endswith("rings.call: not spoken, it needs telephones of colleagues")
    assert summary.startswith("0 plays over real calls")
    assert summary.endswith("1 not spoken")
