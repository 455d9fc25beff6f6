"""`appliance sync`: what a person and a script see of what is on its way, and what they can do about it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from appliance.bench.strict_crm import SECRET, Failing, How, StrictCrm, open_crm
from appliance.cli import sync as command
from appliance.clock import SystemClock
from appliance.domain.appointment import Message
from appliance.domain.call import Disposition
from appliance.errors import ApplianceError, NotFound
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.store.messages import Messages
from appliance.sync.bell import Bell
from appliance.sync.lease import Lease

TO = ("webhook",)


@pytest.fixture
def crm() -> Iterator[StrictCrm]:
    with open_crm() as opened:
        yield opened


@pytest.fixture
def config(tmp_path: Path, crm: StrictCrm, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A box with a finished call and a message that nobody was told of."""
    monkeypatch.setenv("ATTENDANT_WEBHOOK_SECRET", SECRET)
    file = tmp_path / "appliance.toml"
    tells = '["call", "message", "appointment", "disposition"]'
    file.write_text(
        f'[store]\ndirectory = "{tmp_path}"\n[deliver]\nwebhook_url = "{crm.url}"\nwebhook_tells = {tells}\n'
    )
    now = SystemClock().now() - timedelta(hours=1)
    with Database(tmp_path / FILE_NAME) as database:
        calls = Calls(database, destinations=TO)
        calls.begin("c1", "+13035550123", "100", now, {})
        calls.answered("c1", now)
        Messages(database, destinations=TO).take(Message("m1", "c1", "Bo Berg", "+13035550123", "brakes"))
        calls.close("c1", Disposition.MESSAGE, now + timedelta(minutes=2))
    return file


def run(config: Path, *words: str) -> Result:
    result = CliRunner().invoke(command.app, [*words, "--config", str(config)])
    if isinstance(result.exception, ApplianceError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


def standing(config: Path) -> dict:
    (one,) = json.loads(run(config, "status", "--json").output)["destinations"]
    return one


def test_before_the_first_call_it_says_so(config: Path) -> None:
    (config.parent / FILE_NAME).unlink()
    with pytest.raises(NotFound, match="Nothing has happened yet"):
        run(config, "status")


def test_what_waits_is_shown_with_what_will_be_sent(config: Path) -> None:
    rows = json.loads(run(config, "show", "--json").output)
    assert [(one["kind"], one["subject"], one["state"]) for one in rows] == [
        ("message", "m1", "waiting"),
        ("call", "c1", "waiting"),
    ]
    event = json.loads(run(config, "show", str(rows[0]["row"]), "--json").output)["sends"]
    assert (event["type"], event["data"]["name"]) == ("attendant.message.taken.v1", "Bo Berg")
    assert "webhook" in run(config, "show").output
    with pytest.raises(NotFound, match="no row 99"):
        run(config, "show", "99")


def test_without_a_sync_process_the_command_sends(config: Path, crm: StrictCrm) -> None:
    assert "No process sends" in run(config, "status").output
    said = json.loads(run(config, "now", "--json").output)
    assert said == {"by": "command", "attempts": 2, "waiting": 0}
    assert crm.identities == ["message.m1.webhook", "call.c1.webhook"]
    one = standing(config)
    assert (one["waiting"], one["sent_today"], one["sent_ever"], one["state"]) == (0, 2, 2, "well")
    assert "Nothing waits" in run(config, "show").output


def test_a_sync_process_is_asked_to(config: Path, crm: StrictCrm) -> None:
    folder = config.parent / "run"
    lease, bell = Lease(folder), Bell(folder)
    try:
        assert lease.take()
        assert json.loads(run(config, "now", "--json").output) == {"by": "process", "waiting": 2}
        assert bell.rung()
        assert not bell.rung()
        assert "sends." in run(config, "status").output
        bell.close()
        with pytest.raises(ApplianceError, match="sends already"):
            run(config, "now")
    finally:
        lease.give_back()
    assert crm.identities == []


def test_an_expired_key_is_told_with_the_remedy_and_buries_nothing(config: Path, crm: StrictCrm) -> None:
    crm.plan = lambda identity: Failing(How.STATUS, status=401)
    run(config, "now")
    one = standing(config)
    assert (one["waiting"], one["buried"], one["last_error"]) == (2, 0, "HTTP 401")
    assert "refuses the key" in one["remedy"]
    assert "refuses the key" in run(config, "status").output
    crm.plan = lambda identity: None
    run(config, "now")
    assert standing(config)["remedy"] == ""
    assert crm.identities == ["message.m1.webhook", "call.c1.webhook"]


def test_a_row_is_given_up_and_taken_back(config: Path, crm: StrictCrm) -> None:
    row = str(json.loads(run(config, "show", "--json").output)[0]["row"])
    run(config, "bury", row, "--why", "on paper")
    assert standing(config)["buried"] == 1
    assert "on paper" in run(config, "show").output
    with pytest.raises(NotFound, match="settled already"):
        run(config, "bury", row, "--why", "again")
    assert json.loads(run(config, "retry", "--buried", "--json").output) == {"rows": 1}
    assert json.loads(run(config, "retry", row, "--json").output) == {"rows": 1}
    run(config, "now")
    assert crm.identities == ["message.m1.webhook", "call.c1.webhook"]
    with pytest.raises(NotFound, match="sent already"):
        run(config, "retry", row)


def test_nowhere_to_send_to(config: Path) -> None:
    text = config.read_text().partition("[deliver]")[0]
    config.write_text(text)
    assert standing(config)["waiting"] == 2  # what was put there stays
    (config.parent / FILE_NAME).unlink()
    with Database(config.parent / FILE_NAME) as database:
        database.open()
    assert "Nothing is sent anywhere" in run(config, "status").output


def test_the_bell_rings_for_one_that_is_there_only(tmp_path: Path) -> None:
    from appliance.sync.bell import ring

    assert not ring(tmp_path)
    bell = Bell(tmp_path)
    ringers = [threading.Thread(target=ring, args=(tmp_path,)) for _ in range(3)]
    for ringer in ringers:
        ringer.start()
    for ringer in ringers:
        ringer.join()
    assert bell.rung()
    bell.close()
    assert not ring(tmp_path)
