"""`appliance desk`: the same answers as at the desk, by text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from appliance.cli.desk import app
from appliance.engines import sound_card
from appliance.engines.sound_card import Device
from appliance.errors import NotFound
from appliance.store.database import FILE_NAME, Database


@pytest.fixture
def box(tmp_path: Path) -> list[str]:
    with Database(tmp_path / FILE_NAME) as database:
        database.open()
    config = tmp_path / "appliance.toml"
    config.write_text(f'[store]\ndirectory = "{tmp_path}"\n', encoding="utf-8")
    return ["--config", str(config)]


def told(*arguments: str) -> str:
    done = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout.strip()


def test_a_question(box: list[str]) -> None:
    assert told("ask", "Any messages?", *box) == "There are no new messages."
    assert json.loads(told("ask", "any messages", "--json", *box)) == {
        "wish": "messages",
        "answer": "There are no new messages.",
    }


def test_what_needs_no_looking_up(box: list[str]) -> None:
    assert told("ask", "what can you do", *box).startswith("You can ask me")


def test_what_is_not_understood(box: list[str]) -> None:
    with pytest.raises(NotFound):
        told("ask", "the blue one", *box)


def test_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [Device("USB", hears=True, speaks=True), Device("Lamp", hears=False, speaks=True)]
    monkeypatch.setattr(sound_card, "devices", lambda: found)
    assert told("devices").splitlines() == ["USB  (hears and speaks)", "Lamp  (speaks)"]
    assert json.loads(told("devices", "--json"))[1] == {"name": "Lamp", "hears": False, "speaks": True}
    found.clear()
    assert told("devices") == "There is no sound device on this machine."
