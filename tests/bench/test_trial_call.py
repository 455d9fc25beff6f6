"""Whom a test call may reach, what an echo of it is, and one to a real phone system's echo."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from appliance.bench.call_score import Grade, score
from appliance.bench.trial_call import Plan, TrialCall, echo_delay_ms, facing, plain_words, target_of
from appliance.domain.sound import SAMPLE_RATE_HZ
from appliance.errors import LineFault
from tests.servers.asterisk import BOX, Asterisk

ECHO, SLOW_ECHO = (
    "180",
    """
exten => 180,1,Ringing()
 same => n,Wait(1)
 same => n,Answer()
 same => n,Echo()
""",
)


def speech(seconds: float, seed: int) -> np.ndarray:
    """Noise that swells and falls as syllables do."""
    chance = np.random.default_rng(seed)
    samples = round(seconds * SAMPLE_RATE_HZ)
    swell = np.repeat(chance.uniform(0, 1, samples // 1600 + 1) ** 2, 1600)[:samples]
    return (chance.normal(0, 3000, samples) * swell).clip(-32000, 32000).astype("<i2")


# --- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "registrar", "uri"),
    [
        ("sip:100@192.168.1.2", "", "sip:100@192.168.1.2"),
        ("100@pbx.office:5062", "", "sip:100@pbx.office:5062"),
        ("100", "pbx.office:5062", "sip:100@pbx.office:5062"),
        ("192.168.1.2", "pbx.office", "sip:192.168.1.2"),
        ("sip:box@[::1]:5060;transport=udp", "", "sip:box@[::1]:5060;transport=udp"),
    ],
)
def test_an_address_may_be_short(text, registrar, uri):
    assert target_of(text, registrar) == uri


@pytest.mark.parametrize("text", ["", "sip:", "a b@c", "sip:100@", "<sip:1@2>", "sip:1@h:port"])
def test_what_is_no_address_is_refused_in_words(text):
    with pytest.raises(ValueError, match="no SIP address"):
        target_of(text)


def test_our_own_address_is_the_one_that_faces_them():
    assert facing("sip:100@127.0.0.1:5060") == "127.0.0.1"
    with pytest.raises(LineFault, match="no way there"):
        facing("sip:100@no.such.host.invalid")


# --- echo -----------------------------------------------------------------------------------------


def test_our_own_sound_is_known_again_however_late():
    ours = speech(3, seed=1)
    late = np.concatenate([np.zeros(SAMPLE_RATE_HZ // 4, "<i2"), ours // 2])
    delay_ms = echo_delay_ms(ours.tobytes(), late.tobytes())
    assert delay_ms is not None
    assert abs(delay_ms - 250) <= 10


def test_somebody_elses_speech_is_no_echo():
    assert echo_delay_ms(speech(3, seed=1).tobytes(), speech(3, seed=2).tobytes()) is None


def test_silence_is_no_echo():
    assert echo_delay_ms(speech(1, seed=1).tobytes(), bytes(2 * SAMPLE_RATE_HZ)) is None
    assert echo_delay_ms(b"", b"") is None


def test_words_are_compared_as_recognisers_write_them():
    assert plain_words("Hello, are YOU open - today?") == "hello are you open today"


# --- a real phone system --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def phone_system(tmp_path_factory) -> Iterator[Asterisk]:
    with Asterisk(tmp_path_factory.mktemp("pbx"), also={"extensions.conf": SLOW_ECHO}) as office:
        yield office


@pytest.mark.real
def test_an_echo_gives_back_what_was_said(phone_system, tmp_path):
    sound = tmp_path / "said.pcm"
    sound.write_bytes(speech(2, seed=3).tobytes())
    happened: list[str] = []
    report = TrialCall(
        Plan(f"sip:{ECHO}@{phone_system.address}", (sound,), said="some words", listen_s=3),
        hears=lambda pcm: "some words" if pcm else "",
        tell=lambda event: happened.append(event["event"]),
    ).place()
    assert (report.status, report.codec, report.ended_by) == (200, "PCMU", "us")
    assert report.ringing_ms is not None
    assert report.answered_ms is not None
    assert report.ringing_ms < report.answered_ms
    assert report.packets_received > 50
    assert report.echo_ms is not None
    assert report.echo_word_error == 0.0
    assert report.gaps_ms == ()
    assert score(report).aspects["words"] is Grade.GOOD
    assert happened[0] == "dialing"
    assert "accepted" in happened


@pytest.mark.real
def test_a_busy_extension_is_told_as_it_is(phone_system):
    report = TrialCall(Plan(f"sip:150@{phone_system.address}")).place()
    assert (report.status, report.was_answered, report.heard) == (486, False, "")


@pytest.mark.real
def test_a_call_as_an_extension_is_let_in_by_its_password(phone_system):
    """From an extension the phone system wants a password; from strangers it does not. A busy one answers soonest."""
    address = phone_system.address

    def status(password: str) -> int:
        plan = Plan(f"sip:150@{address}", caller=BOX, account=(address, BOX, password))
        return TrialCall(plan).place().status

    assert status(phone_system.password(BOX)) == 486
    assert status("wrong") in (401, 403)
