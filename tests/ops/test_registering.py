"""A registration is tried out for real, and what the phone system says tells a person what to do."""

from __future__ import annotations

import subprocess

import pytest

from appliance.errors import NoAnswer
from appliance.ops import registering
from appliance.ops.registering import Registered, judge, try_registration
from appliance.settings import Sip
from tests.servers.kamailio import PASSWORD, USER, Kamailio


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (401, "password"),
        (407, "password"),
        (403, "knows no such extension"),
        (404, "knows no such extension"),
        (408, "Nobody answered"),
        (423, "expiry"),
        (486, "Look at the extension"),
        (500, "fault of its own"),
        (502, "not known"),
        (503, "Nothing takes SIP"),
        (603, "refuses this extension"),
        (302, "moved"),
        (0, "Nothing takes SIP"),
    ],
)
def test_every_answer_has_something_to_do(status, told):
    assert told in judge(status)


def test_what_is_told():
    assert Registered(True, 200, "OK", "").told == "registered"
    assert Registered(True, 200, "OK", "").remedy == ""
    refused = Registered(False, 401, "Unauthorized", "")
    assert refused.told == "refused: 401 Unauthorized"
    assert refused.remedy == judge(401)


@pytest.mark.parametrize(
    "failure",
    [
        subprocess.TimeoutExpired("python", 45),
        subprocess.CalledProcessError(-11, "python"),
        OSError(2, "No such file"),
    ],
)
def test_a_process_that_fails_is_a_fault_without_the_password(monkeypatch, failure):
    def fails(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(registering.subprocess, "run", fails)
    with pytest.raises(NoAnswer, match="could not be tried") as caught:
        try_registration(Sip(registrar="pbx", user="200"), "hunter2")
    assert "hunter2" not in str(caught.value)


def test_the_password_is_in_no_command_line_and_no_environment(monkeypatch):
    seen = {}

    def run(command: list[str], **how: object) -> subprocess.CompletedProcess[str]:
        seen.update(how, command=command)
        told = '{"registered": true, "status": 200, "reason": "OK", "address": "127.0.0.1:5060"}'
        return subprocess.CompletedProcess(command, 0, stdout=told)

    monkeypatch.setattr(registering.subprocess, "run", run)
    assert try_registration(Sip(registrar="pbx", user="200"), "hunter2").registered
    assert "hunter2" not in " ".join(seen["command"])
    assert "env" not in seen
    assert "hunter2" in seen["input"]


@pytest.mark.real
def test_a_real_registrar_says_who_it_takes(folder):
    with Kamailio(folder) as office:
        sip = Sip(registrar=office.address, user=USER, bind_address="127.0.0.1")
        taken = try_registration(sip, PASSWORD)
        assert (taken.registered, taken.status) == (True, 200)
        assert taken.address.startswith("127.0.0.1:")
        assert try_registration(sip, "wrong").status == 401
        stranger = Sip(registrar=office.address, user="stranger", bind_address="127.0.0.1")
        assert try_registration(stranger, PASSWORD).status in (401, 403)
    nowhere = Sip(registrar="no-such-host.invalid", user=USER, bind_address="127.0.0.1")
    assert not try_registration(nowhere, PASSWORD).registered
