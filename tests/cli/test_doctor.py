"""`appliance doctor` as a person and a script see it: lines, JSON, exit status, one check, what --fix did."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from appliance.cli.doctor import command
from appliance.errors import NotFound
from tests.fakes.patient import write

app = typer.Typer()
app.command()(command)


@pytest.fixture
def config(folder: Path) -> Path:
    return write(folder)


def run(config: Path, *arguments: str) -> Result:
    environment = {"ATTENDANT_CONFIG": str(config), "COLUMNS": "200"}
    return CliRunner().invoke(app, list(arguments), env=environment)


def test_a_check_by_name_is_one_line_and_a_sum(config):
    result = run(config, "--only", "disk")
    assert result.exit_code == 0, result.output
    first, *_, last = result.stdout.splitlines()
    assert first.split()[1] == "disk"
    assert last.endswith("0 failed.")


def test_json_is_all_there_is_on_stdout(config):
    told = json.loads(run(config, "--only", "disk", "--only", "database", "--json").stdout)
    assert [one["name"] for one in told["findings"]] == ["disk", "database"]
    assert told["findings"][1]["state"] == "skipped"
    assert told["findings"][0]["figures"]["free_bytes"] > 0


def test_a_failure_is_exit_status_1_with_its_remedy(config):
    result = run(config, "--only", "models")
    assert result.exit_code == 1
    assert "FAIL models" in result.stdout
    assert "-> `appliance models pull" in result.stdout
    assert "`appliance doctor --fix` puts 1 right." in result.stdout


def test_fix_does_what_is_safe_and_says_so(config, folder):
    result = run(config, "--only", "directories", "--fix", "--json")
    assert result.exit_code == 0
    (found,) = json.loads(result.stdout)["findings"]
    assert (found["state"], found["fixable"]) == ("ok", False)
    assert found["told"].startswith("Made 3 folders.")
    assert (folder / "models").is_dir()


def test_settings_that_cannot_be_read_are_the_only_finding(config):
    config.write_text("[sip]\nport = 'five'\n")
    result = run(config, "--json")
    assert result.exit_code == 1
    (found,) = json.loads(result.stdout)["findings"]
    assert found["name"] == "configuration"
    assert "appliance.toml:2: sip.port" in found["told"]


def test_quick_leaves_out_what_loads_a_model(config, monkeypatch):
    from appliance.wiring import examining_line

    monkeypatch.setattr(examining_line, "_library_codecs", lambda: ("PCMU", "PCMA", "G722"))
    told = json.loads(run(config, "--quick", "--json").stdout)
    names = {one["name"] for one in told["findings"]}
    assert "disk" in names
    assert names.isdisjoint({"models", "loopback", "mind", "capacity", "trained"})


def test_a_check_that_does_not_exist_names_those_that_do(config):
    result = run(config, "--only", "discs")
    assert isinstance(result.exception, NotFound)
    assert "disk" in result.exception.remedy
