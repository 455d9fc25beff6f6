"""`appliance config`: what is in force, what is wrong in a file, a file to start from."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from appliance import settings
from appliance.cli.config import app
from appliance.configfile import parse
from appliance.settings import Settings

BUSINESS = settings.shipped("config/businesses/auto_repair.toml")
EXAMPLE = settings.shipped("config/appliance.toml")


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.delenv("ATTENDANT_CONFIG", raising=False)
    monkeypatch.setattr(settings, "SYSTEM_CONFIG", tmp_path / "none.toml")
    return lambda *arguments: CliRunner().invoke(app, [str(one) for one in arguments])


def test_both_kinds_of_shipped_file_are_right(run):
    done = run("check", EXAMPLE, BUSINESS)
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [f"{EXAMPLE}: ok", f"{BUSINESS}: ok"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[sip]\nport = 70000\n", ":2: sip.port:"),
        ('name = "Shop"\ngreeting = "Hello"\n[hours]\nmoonday = []\n', ":4: hours.moonday:"),
        ("[[[\n", ":1: not valid TOML"),
    ],
)
def test_each_fault_is_told_and_the_other_files_are_still_checked(run, tmp_path, text, place):
    path = tmp_path / "wrong.toml"
    path.write_text(text)
    done = run("check", path, tmp_path / "missing.toml", EXAMPLE)
    assert done.exit_code == 78
    assert f"{path}{place}" in done.stderr
    assert f"{tmp_path / 'missing.toml'}: cannot be read" in done.stderr
    assert done.stdout == f"{EXAMPLE}: ok\n"


def test_show_prints_what_is_in_force(run, tmp_path):
    path = tmp_path / "appliance.toml"
    path.write_text("[sip]\nport = 5070\n")
    shown = run("show", "--config", path)
    assert parse(shown.stdout, Settings, name="shown") == settings.load(path)
    as_json = json.loads(run("show", "--config", path, "--json").stdout)
    assert as_json["sip"]["port"] == 5070
    assert as_json["models"]["profile"] == "default"


def test_the_example_is_the_shipped_file(run):
    assert run("example").stdout == EXAMPLE.read_text(encoding="utf-8")


def test_the_reference_is_the_manual(run):
    assert run("reference").stdout.startswith("# Configuration\n")
