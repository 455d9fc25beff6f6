"""`appliance config set|unset|diff|history|rollback`: a file is changed with its comments kept, and changed back."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from appliance import settings
from appliance.cli.config import app
from appliance.errors import ConfigError, NotFound, StoreFault

OWNERS = """\
# Ours.
[sip]  # the old PBX
port = 5060
"""


@pytest.fixture
def box(monkeypatch, tmp_path):
    monkeypatch.setenv("ATTENDANT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SUDO_USER", "maria")
    monkeypatch.setattr(settings, "SYSTEM_CONFIG", tmp_path / "none.toml")
    path = tmp_path / "appliance.toml"
    path.write_text(OWNERS, encoding="utf-8")
    monkeypatch.setenv("ATTENDANT_CONFIG", str(path))
    return path


def run(*arguments: str):
    return CliRunner().invoke(app, arguments, catch_exceptions=True)


def told(*arguments: str):
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_a_value_is_set_and_the_rest_stays(box):
    done = run("set", "sip.port", "5070")
    assert done.exit_code == 0
    assert "version 1" in done.stdout
    assert box.read_text() == OWNERS.replace("5060", "5070")
    assert run("show", "sip.port").stdout == "5070\n"


def test_what_would_be_wrong_is_not_written(box):
    done = run("set", "sip.port", "99999")
    assert isinstance(done.exception, ConfigError)
    assert f"{box}:3: sip.port" in str(done.exception)
    assert box.read_text() == OWNERS
    assert told("history") == []


def test_history_says_what_when_and_who_and_rolls_back(box):
    run("set", "sip.port", "5070")
    run("set", "sip.port", "5080")
    assert [(one["number"], one["change"], one["by"]) for one in told("history")] == [
        (2, "set sip.port", "maria"),
        (1, "set sip.port", "maria"),
    ]
    assert told("rollback", "1") == {"file": str(box), "restored": 1, "kept": 3}
    assert box.read_text() == OWNERS
    assert told("history")[0]["change"] == "rollback to 1"
    run("rollback")
    assert "5080" in box.read_text()


def test_a_broken_file_can_be_rolled_back(box):
    run("set", "sip.port", "5070")
    box.write_text("[[[", encoding="utf-8")
    assert isinstance(run("set", "sip.port", "5090").exception, ConfigError)
    assert run("rollback").exit_code == 0
    assert box.read_text() == OWNERS


def test_a_version_that_is_no_longer_right_is_not_put_back(box):
    box.write_text("[sip]\nport = 99999\n", encoding="utf-8")
    from appliance.setup.history import History

    broken = History(box)
    with broken.changing():
        from datetime import UTC, datetime

        broken.replace(OWNERS, "by hand", datetime(2026, 1, 1, tzinfo=UTC))
    assert isinstance(run("rollback").exception, ConfigError)
    assert box.read_text() == OWNERS


def test_unset_brings_the_default_back(box):
    assert run("unset", "sip.port").exit_code == 0
    assert told("show", "sip.port") == 5060
    assert isinstance(run("unset", "sip.port").exception, NotFound)


def test_diff_shows_what_differs(box):
    run("set", "sip.port", "5070")
    assert run("diff").stdout == "sip.port = 5070  # default: 5060\n"
    assert told("diff") == {"sip.port": [5070, 5060]}
    since = run("diff", "1").stdout.splitlines()
    assert "-port = 5060" in since
    assert "+port = 5070" in since
    assert isinstance(run("diff", "9").exception, NotFound)


def test_the_business_file_is_the_one_the_settings_name(box, tmp_path):
    office = tmp_path / "salon.toml"
    office.write_text(settings.shipped("config/businesses/hair_salon.toml").read_text(encoding="utf-8"))
    run("set", "business", str(office))
    assert run("set", "--business", "directory.desk.extension", "250").exit_code == 0
    assert run("show", "--business", "directory.desk.extension").stdout == "250\n"
    assert told("history", "--business")[0]["change"] == "set directory.desk.extension"
    assert run("rollback", "--business").exit_code == 0
    assert 'extension = "200"' in office.read_text()
    assert "name" in told("diff", "--business")


def test_an_example_that_ships_is_not_changed(box):
    done = run("set", "--business", "name", "Mine")
    assert isinstance(done.exception, ConfigError)
    assert "appliance init" in done.exception.remedy


def test_without_a_settings_file_there_is_nothing_to_set(box, monkeypatch):
    monkeypatch.delenv("ATTENDANT_CONFIG")
    done = run("set", "sip.port", "5070")
    assert isinstance(done.exception, ConfigError)
    assert "--config" in done.exception.remedy


def test_a_file_that_may_not_be_written_is_told(box, monkeypatch):
    import os

    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refused)
    done = run("set", "sip.port", "5070")
    assert isinstance(done.exception, StoreFault)
    assert "sudo" in done.exception.remedy
    assert box.read_text() == OWNERS
