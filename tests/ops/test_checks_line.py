"""What the doctor says of phone systems that refuse, see us elsewhere, or share no codec with us."""

from __future__ import annotations

import pytest

from appliance.ops import checks_line as judge
from appliance.ops.checks_line import CodecFacts, NatFacts, RegistrationFacts
from appliance.ops.doctor import State

PBX = "pbx.office:5060"


def test_no_registrar_is_nothing_to_look_at():
    assert judge.registration(None).state is State.SKIPPED
    assert judge.nat(None).state is State.SKIPPED


def test_a_registration_is_accepted_refused_or_unknown():
    assert judge.registration(RegistrationFacts(PBX, "100", True, by="a trial")).state is State.OK
    unknown = judge.registration(RegistrationFacts(PBX, "100", None, by="the running box"))
    assert unknown.state is State.WARN
    refused = judge.registration(RegistrationFacts(PBX, "100", False, 401, "Unauthorized", "a trial"))
    assert refused.state is State.FAIL
    assert "refused with 401 Unauthorized" in refused.told
    assert "password" in refused.remedy


@pytest.mark.parametrize("status", [403, 404, 408, 423, 503, 599])
def test_every_refusal_says_what_to_do(status):
    assert judge.registration(RegistrationFacts(PBX, "100", False, status)).remedy


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (NatFacts(PBX, True, "10.0.0.5", "10.0.0.5", 3), State.OK),
        (NatFacts(PBX, True, "10.0.0.5", "", 3), State.OK),
        (NatFacts(PBX, True, "10.0.0.5", "203.0.113.9", 3), State.WARN),
        (NatFacts(PBX, True, "10.0.0.5", "203.0.113.9", 3, public_address="203.0.113.9"), State.OK),
        (NatFacts(PBX, True, "10.0.0.5", "10.0.0.5", 3, public_address="203.0.113.9"), State.WARN),
    ],
)
def test_what_is_written_into_calls_must_be_what_the_phone_system_sees(facts, state):
    finding = judge.nat(facts)
    assert finding.state is state
    if state is State.WARN:
        assert f'sip.public_address = "{facts.seen}"' in finding.remedy


def test_a_phone_system_that_answers_no_strangers_is_no_failure():
    finding = judge.nat(NatFacts(PBX, False))
    assert finding.state is State.WARN
    assert "registration" in finding.remedy


def test_a_codec_that_the_library_lacks_is_a_failure():
    finding = judge.codecs(CodecFacts(("PCMU", "OPUS"), ("PCMU", "PCMA"), {}))
    assert finding.state is State.FAIL
    assert "OPUS" in finding.told


def test_calls_refused_for_their_codecs_are_a_warning():
    there = ("PCMU", "PCMA", "G722")
    assert judge.codecs(CodecFacts(("PCMU",), there, {"PCMU": 12}, refused=2)).state is State.WARN
    finding = judge.codecs(CodecFacts(("PCMU",), there, {"PCMU": 12}))
    assert finding.state is State.OK
    assert "PCMU 12" in finding.told
