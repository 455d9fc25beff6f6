"""`appliance messages`: what a person and a script see of the inbox, also while it is empty."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from appliance.cli import messages as command
from appliance.clock import SetClock
from appliance.domain.appointment import Message
from appliance.domain.call import Disposition, Speaker, Turn
from appliance.errors import NotFound, StoreFault
from appliance.store.calls import Calls, recording_path
from appliance.store.database import FILE_NAME, Database
from appliance.store.messages import Messages
from appliance.store.outbox import Outbox

NOON = datetime(2026, 11, 21, 19, tzinfo=UTC)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Settings of a box that keeps its data in a folder of the test."""
    file = tmp_path / "appliance.toml"
    file.write_text(f'[store]\ndirectory = "{tmp_path / "data"}"\n')
    return file


@pytest.fixture
def box(config: Path) -> Path:
    """Two messages of one recorded call; the mail server refused the first for good."""
    folder = config.parent / "data"
    with Database(folder / FILE_NAME) as database:
        calls, clock = Calls(database), SetClock(NOON)
        calls.begin("9b1c", "+13035550123", "100", NOON, {})
        calls.answered("9b1c", NOON)
        calls.add_turn("9b1c", Turn(1, Speaker.CALLER, "the brakes squeak again", 3200, 4100))
        calls.close("9b1c", Disposition.MESSAGE, NOON + timedelta(minutes=1))
        messages = Messages(database, clock, destinations=("email", "webhook"))
        messages.take(
            Message(
                "9b1c-1", "9b1c", "Bo [bold]", "+13035550123", "brakes squeak again", "Maria", urgent=True
            )
        )
        clock.advance(30)
        messages.take(Message("9b1c-2", "9b1c", "", "", "=cmd()"))
        outbox = Outbox(database, clock)
        refused = outbox.claim("email")
        assert refused is not None
        outbox.bury(refused, "SMTP 550")
    recording = recording_path(folder, "9b1c")
    recording.parent.mkdir()
    recording.write_bytes(b"fLaC")
    return config


def run(config: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command.app, [*arguments, "--config", str(config)], catch_exceptions=False)


def found(config: Path, *arguments: str) -> object:
    return json.loads(run(config, *arguments, "--json").stdout)


def test_before_the_first_call(config: Path) -> None:
    assert run(config, "list").stdout == "No open messages.\n"
    assert found(config, "list") == []
    with pytest.raises(NotFound):
        run(config, "show", "last")


def test_the_urgent_ones_come_first(box: Path) -> None:
    listed = found(box, "list")
    assert [(one["message_id"], one["urgent"], one["whom"]) for one in listed] == [
        ("9b1c-1", True, "Maria"),
        ("9b1c-2", False, ""),
    ]
    assert [one["message_id"] for one in found(box, "list", "--whom", "maria")] == ["9b1c-1"]
    assert found(box, "list", "--limit", "1") == listed[:1]
    assert found(box, "list", "--since", "2026-11-23") == []


def test_one_whole(box: Path) -> None:
    page = found(box, "show", "9b1c-1")
    assert page["starts_ms"] == 3200
    assert page["recording"].endswith("9b1c.flac")
    assert [(one["destination"], one["state"], one["reason"]) for one in page["deliveries"]] == [
        ("email", "buried", "SMTP 550"),
        ("webhook", "waiting", ""),
    ]
    said = " ".join(run(box, "show", "9b1c-1").stdout.split())
    assert "For: Maria" in said
    assert "Bo [bold]" in said
    assert "from 00:03.2 on" in said
    assert "(SMTP 550)" in said


def test_seen_to_and_again(box: Path) -> None:
    assert run(box, "done", "9b1c-1").stdout == "9b1c-1 is done.\n"
    assert [one["message_id"] for one in found(box, "list")] == ["9b1c-2"]
    assert len(found(box, "list", "--all")) == 2
    assert found(box, "reopen", "9b1c-1") == {"message_id": "9b1c-1", "done_at": None}
    assert len(found(box, "list")) == 2


def test_what_was_given_up_is_sent_again(box: Path) -> None:
    assert run(box, "resend", "9b1c-1").stdout == "2 to be sent now.\n"
    assert [one["state"] for one in found(box, "resend", "9b1c-1")] == ["waiting", "waiting"]


def test_a_file_for_a_spreadsheet_and_one_for_a_program(box: Path, tmp_path: Path) -> None:
    sheet, plain = tmp_path / "open.csv", tmp_path / "open.json"
    run(box, "export", "--to", str(sheet))
    with sheet.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["matter"] for row in rows] == ["brakes squeak again", "'=cmd()"]
    assert rows[0]["phone"] == "+13035550123"
    run(box, "export", "--all", "--to", str(plain))
    assert [one["message_id"] for one in json.loads(plain.read_text())] == ["9b1c-1", "9b1c-2"]
    with pytest.raises(StoreFault, match=r"open\.csv"):
        run(box, "export", "--to", str(sheet))
