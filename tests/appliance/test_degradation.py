"""A whole box that is made to lose one thing after another, while somebody calls: real SIP, real processes."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.appliance.office import Office, open_office

pytestmark = pytest.mark.real


def degrade(office: Office, *order: str) -> dict[str, Any]:
    """`appliance degrade ... --json`"""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "appliance.cli.app",
            "degrade",
            *order,
            "--json",
            "--config",
            str(office.config),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def leave_a_message_by_keys(office: Office, sound: Path) -> None:
    """Key 2, the tone, some words, pound."""
    with office.dial(user="+13035550123") as dialer:
        dialer.wait_speech(2000)
        dialer.digits("2")
        dialer.wait_agent()
        dialer.say(sound)
        dialer.digits("#")
        dialer.wait_end()


def wait_for_record(office: Office, of_calls: int) -> dict[str, Any]:
    """The last call, when so many are on record and it is closed."""
    import threading

    for _ in range(300):
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "appliance.cli.app",
                "calls",
                "list",
                "--json",
                "--config",
                str(office.config),
            ],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        if len(json.loads(done.stdout)) >= of_calls and office.record()["ended_at"] is not None:
            break
        threading.Event().wait(1)
    return office.record()


def wait_left_behind(folder: Path) -> None:
    """Until the line has written the call down: it does so after the last packet, not before it."""
    for _ in range(600):
        if list(folder.glob("*.json")):
            return
        threading.Event().wait(0.1)
    raise AssertionError(f"the line left nothing in {folder}")


def test_by_keys_then_alone_then_everything_again(short_folder, say):
    office = open_office(short_folder)
    words = say("This is Alice Miller. Please call me about my brakes.")
    with office.box:
        office.box.wait_ready()
        assert degrade(office, "force", "keys")["level"] == "keys"
        leave_a_message_by_keys(office, words)
        by_keys = wait_for_record(office, 1)
        assert degrade(office, "force", "alone")["level"] == "alone"
        leave_a_message_by_keys(office, words)
        wait_left_behind(short_folder / "left_behind")
        assert degrade(office, "auto")["forced"] is False
        alone = wait_for_record(office, 2)
        office.hold(say("Can I pay by credit card?"))
        full = wait_for_record(office, 3)
        output = "\n".join(office.box.output)
    assert by_keys["disposition"] == alone["disposition"] == "message"
    assert by_keys["versions"]["level"] == "keys"
    assert [event["detail"] for event in alone["events"] if event["kind"] == "level"] == ["alone"]
    assert Path(alone["recording"]).stat().st_size > 10_000
    assert any("credit cards" in turn["text"] for turn in full["turns"])
    assert "level keys: forced by hand" in output
    assert "there is no agent, callers are served by their keys" in output
