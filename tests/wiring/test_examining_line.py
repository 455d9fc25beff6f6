"""Registration as a running box tells it, as a trial finds it, and with a real phone system; codecs of calls."""

from __future__ import annotations

import json

import pytest

from appliance.ops import registering
from appliance.ops.doctor import State, examine
from appliance.ops.health import AgentState
from appliance.ops.registering import Registered
from appliance.ops.watching import LINE
from appliance.store.database import FILE_NAME, Database
from appliance.wiring import examining_line
from tests.fakes.office_days import live_through
from tests.fakes.patient import agent, answering, checks_of, write
from tests.servers.asterisk import BOX, Asterisk

REGISTRAR = 'registrar = "127.0.0.1:9"\nuser = "100"\n'


@pytest.fixture
def tried(monkeypatch) -> list[str]:
    """Who was tried out, with a phone system that refuses everybody."""
    asked: list[str] = []

    def refuse(sip, password):
        asked.append(sip.registrar)
        return Registered(False, 403, "Forbidden", "127.0.0.1:40000")

    monkeypatch.setattr(registering, "try_registration", refuse)
    return asked


def test_without_a_box_a_trial_tells_what_the_phone_system_says(folder, tried):
    finding = examine(checks_of(write(folder, REGISTRAR))["registration"])
    assert (finding.state, tried) == (State.FAIL, ["127.0.0.1:9"])
    assert "403 Forbidden" in finding.told


@pytest.mark.parametrize(("registered", "state"), [(True, State.OK), (None, State.WARN), (False, State.FAIL)])
def test_a_running_box_is_believed_and_left_alone(folder, tried, registered, state):
    with agent(folder, AgentState("full", registered=registered)):
        assert examine(checks_of(write(folder, REGISTRAR))["registration"]).state is state
    assert tried == []


def test_the_line_knows_what_the_phone_system_said(folder, tried):
    said = {"registered": False, "status": 403, "reason": "Forbidden", "at_iso": "2026-11-22T09:00:00+00:00"}
    with answering(folder, LINE, json.dumps({"registration": said}).encode(), when_asked=True):
        finding = examine(checks_of(write(folder, REGISTRAR))["registration"])
    assert (finding.state, tried) == (State.FAIL, [])
    assert "403 Forbidden (the running box)" in finding.told


def test_codecs_of_late_calls_and_refused_ones_are_counted(folder, monkeypatch):
    monkeypatch.setattr(examining_line, "_library_codecs", lambda: ("PCMU", "PCMA", "G722"))
    file = write(folder)
    with Database(folder / "data" / FILE_NAME) as database:
        live_through(database, 2)
        with database.writing() as tables:
            tables.execute("UPDATE calls SET quality = json_object('codec', 'PCMA')")
            tables.execute(
                "INSERT INTO events (call_id, at_ms, kind, detail)"
                " SELECT call_id, 0, 'refused', '488' FROM calls LIMIT 1"
            )
    finding = examine(checks_of(file)["codecs"])
    assert finding.figures["used"] == {"PCMA": 2}
    assert (finding.figures["refused"], finding.state) == (1, State.WARN)


@pytest.mark.real
def test_a_real_phone_system_takes_us_refuses_us_and_sees_us(folder, tmp_path, monkeypatch):
    with Asterisk(tmp_path) as office:
        file = write(folder, f'registrar = "{office.address}"\nuser = "{BOX}"\n')
        monkeypatch.setenv("ATTENDANT_SIP_PASSWORD", office.password(BOX))
        checks = checks_of(file)
        found = {name: examine(checks[name]) for name in ("registration", "nat", "codecs")}
        assert {name: one.state for name, one in found.items()} == dict.fromkeys(found, State.OK)
        monkeypatch.setenv("ATTENDANT_SIP_PASSWORD", "wrong")
        assert "401" in examine(checks["registration"]).told
