"""The whole box as an extension of a real phone system: registered with digest, called through it, on record."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from appliance.bench.dialer import Dialer
from tests.appliance.office import open_office
from tests.servers.kamailio import PASSWORD, USER, Kamailio

pytestmark = pytest.mark.real


@pytest.fixture
def phone_system(tmp_path, monkeypatch):
    monkeypatch.setenv("ATTENDANT_SIP_PASSWORD", PASSWORD)
    with Kamailio(tmp_path) as office:
        yield office


def test_a_call_through_the_phone_system_is_answered_and_on_record(phone_system, short_folder, say):
    office = open_office(short_folder, sip={"registrar": phone_system.address, "user": USER})
    with office.box:
        office.box.wait_ready()
        office.box.wait_for('"registered": true')
        with Dialer(f"sip:{USER}@{phone_system.address}") as dialer:
            dialer.wait_agent()
            dialer.say(say("Can I pay by credit card?"))
            dialer.wait_agent()
            dialer.hang_up()
            dialer.wait_end()
        record = office.record()
        assert PASSWORD not in "\n".join(office.box.output)
    assert any("credit cards" in turn["text"] for turn in record["turns"])
    assert record["disposition"] == "answered"


def test_the_start_report_tells_how_long_registration_takes(phone_system):
    account = ["--registrar", phone_system.address, "--user", USER]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "appliance.cli.app",
            "bench",
            "start",
            "--profile",
            "small",
            "--idle-s",
            "1",
            *account,
            "--json",
        ],
        capture_output=True,
        text=True,
        timeout=200,
        check=True,
    )
    assert json.loads(done.stdout)["registered_s"] >= 0
