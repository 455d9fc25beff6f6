"""A box looked at as a whole: on an empty folder, with calls on record, while it runs."""

from __future__ import annotations

import os
import re
import socket
import threading
from pathlib import Path

import pytest

from appliance import settings
from appliance.errors import ConfigError
from appliance.ops.doctor import Finding, State, examine, mend
from appliance.ops.health import AgentState
from appliance.store.database import FILE_NAME, Database
from appliance.wiring import examining
from tests.fakes.office_days import live_through
from tests.fakes.patient import agent, checks_of, write


def test_every_check_has_a_name_of_its_own_and_says_what_is_asked(folder):
    checks = examining.all_checks(*examining.load(write(folder)))
    names = [one.name for one in checks]
    assert len(names) == len(set(names))
    assert names[0] == examining.CONFIGURATION
    assert all(one.about for one in checks)


def test_a_box_that_never_ran_is_looked_at_without_a_fault(folder):
    checks = checks_of(write(folder))
    quick = {name: examine(one) for name, one in checks.items() if not one.is_slow and name != "codecs"}
    assert {name for name, one in quick.items() if one.state is State.FAIL} == set()
    assert quick["directories"].state is State.WARN
    assert quick["database"].state is quick["backups"].state is quick["registration"].state is State.SKIPPED
    assert quick["ports"].told == "Free: none is fixed."
    assert quick["watchdog"].state in (State.WARN, State.FAIL)  # a machine with our units, or without


def test_missing_folders_are_made(folder):
    check = checks_of(write(folder))["directories"]
    assert mend(check, examine(check)).state is State.OK
    assert (folder / "data" / "backups").is_dir()
    assert (folder / "models").is_dir()


def test_a_backup_is_taken_of_what_is_on_record(folder):
    file = write(folder)
    with Database(folder / "data" / FILE_NAME) as database:
        live_through(database, 2)
    checks = checks_of(file)
    assert examine(checks["database"]).state is State.OK
    found = examine(checks["backups"])
    assert (found.state, found.told) == (State.WARN, "There is no backup.")
    assert mend(checks["backups"], found).state is State.OK
    assert len(list((folder / "data" / "backups").glob("*.db"))) == 1


def test_a_damaged_backup_is_seen_and_replaced(folder):
    file = write(folder)
    with Database(folder / "data" / FILE_NAME) as database:
        live_through(database, 1)
    check = checks_of(file)["backups"]
    mend(check, examine(check))
    (copy,) = (folder / "data" / "backups").glob("*.db")
    copy.write_bytes(b"\0" * 100)
    assert "no good" in examine(check).told


def test_a_running_box_is_asked_once_and_keeps_its_ports(folder):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
        file = write(folder)
        file.write_text(file.read_text().replace("port = 0\nrtp", f"port = {port}\nrtp"))
        assert examine(checks_of(file)["ports"]).state is State.FAIL
        with agent(folder, AgentState("rules", ("mind: gone",), calls=1)):
            checks = checks_of(file)
            assert examine(checks["ports"]).state is State.OK
            assert "at level rules" in examine(checks["watchdog"]).told


def test_settings_that_cannot_be_read_are_a_finding(folder):
    file = write(folder, "codec = 3\n")
    with pytest.raises(ConfigError) as fault:
        examining.load(file)
    finding = examining.unreadable(fault.value)
    assert finding.state is State.FAIL
    assert "sip.codec" in finding.told
    assert finding.remedy


def test_a_secret_that_is_wanted_and_not_there_fails_the_first_check(folder, monkeypatch):
    monkeypatch.delenv("ATTENDANT_SIP_PASSWORD", raising=False)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.setattr(settings, "SYSTEM_CONFIG", folder / "elsewhere" / "appliance.toml")
    file = write(folder, 'registrar = "127.0.0.1:9"\nuser = "100"\n')
    finding = examine(checks_of(file)["configuration"])
    assert finding.state is State.FAIL
    assert "sip_password" in finding.told
    monkeypatch.setenv("ATTENDANT_SIP_PASSWORD", "x")
    assert examine(checks_of(file)["configuration"]).state is State.WARN  # an example business


def test_a_tool_of_the_business_without_its_secret_is_named_with_what_to_do(folder):
    shop = settings.shipped("config/businesses/auto_repair.toml").read_text(encoding="utf-8")
    tool = """
[[tools]]
name = "stock"
description = "What is in stock."
kind = "webhook"
url = "https://stock.example/ask"
secret = "stock_key"
parameters = { type = "object", properties = { part = { type = "string" } }, required = ["part"] }
result = { type = "object", properties = { count = { type = "integer" } }, required = ["count"] }
"""
    (folder / "own.toml").write_text(f"{shop}\n{tool}", encoding="utf-8")
    file = write(folder)
    file.write_text(f'business = "{folder / "own.toml"}"\n{file.read_text()}', encoding="utf-8")
    finding = examine(checks_of(file)["configuration"])
    assert finding.state is State.FAIL
    assert "stock_key" in finding.told
    assert "ATTENDANT_" in finding.remedy


def test_a_secret_that_systemd_hands_out_is_there(folder, monkeypatch):
    monkeypatch.delenv("ATTENDANT_SIP_PASSWORD", raising=False)
    monkeypatch.setattr(settings, "SYSTEM_CONFIG", folder / "appliance.toml")
    file = write(folder, 'registrar = "127.0.0.1:9"\nuser = "100"\n')
    assert "no secret" in examine(checks_of(file)["configuration"]).told
    (folder / "sip_password").write_text("x\n")
    assert "no secret" not in examine(checks_of(file)["configuration"]).told


def test_a_database_that_does_not_read_is_told_once(folder):
    file = write(folder)
    with Database(folder / "data" / FILE_NAME) as database:
        live_through(database, 1)
    (folder / "data" / FILE_NAME).write_bytes(b"SQLite format 3\0" + b"\xff" * 8000)
    checks = checks_of(file)
    assert examine(checks["database"]).state is State.FAIL
    assert examine(checks["clock"]).state is not State.FAIL


def test_another_users_box_is_left_alone_and_said_so(folder, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    checks = checks_of(write(folder, 'registrar = "127.0.0.1:9"\nuser = "100"\n'))
    assert "sudo" in examine(checks["watchdog"]).remedy
    assert "sudo" in examine(checks["registration"]).remedy
    assert examine(checks["ports"]).state is State.OK


def test_what_takes_long_stands_behind_the_box(folder):
    checks = examining.all_checks(*examining.load(write(folder)))
    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    seen = examining._behind(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
    assert seen == 19
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before
    assert {one.name for one in checks if one.is_slow} == {
        "models",
        "trained",
        "loopback",
        "mind",
        "capacity",
    }


def test_findings_hold_no_secret(folder, monkeypatch):
    monkeypatch.setenv("ATTENDANT_SIP_PASSWORD", "opensesame")
    file = write(folder, 'registrar = "127.0.0.1:9"\nuser = "100"\n')
    names = ("configuration", "nat", "watchdog", "outbox", "crm")
    found: list[Finding] = [examine(checks_of(file)[name]) for name in names]
    assert all("opensesame" not in repr(one) for one in found)


def test_every_check_stands_in_the_troubleshooting_page_and_no_other(folder):
    page = (Path(__file__).parents[2] / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    section = page.split("\n## From a symptom to a check\n")[1].split("\n### ")[0]
    rows = [line.split("|")[2] for line in section.splitlines() if line.startswith("| ")][1:]
    explained = {name for row in rows for name in re.findall(r"`([a-z]+)`", row)}
    assert explained == set(checks_of(write(folder)))
