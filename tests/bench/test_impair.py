"""Bad lines and loud rooms: what is lost, late, returned and added, and that a call goes through all of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from appliance.bench.dialer import Dialer
from appliance.bench.impair import (
    SPEECH_LEVEL_DBFS,
    Delays,
    Echo,
    Network,
    Noise,
    Relay,
    Surroundings,
    media_address,
    with_media_address,
)
from appliance.domain.events import CallerHungUp, LineReady
from appliance.domain.sound import FRAME_BYTES, SILENCE, FrameHeard
from tests.fakes.line_process import LineProcess
from tests.fakes.scripted_agent import ScriptedAgent
from tests.fakes.tones import share_at, tone

INVITE = (
    b"INVITE sip:box@127.0.0.1 SIP/2.0\r\nContent-Length: 61\r\n\r\n"
    b"v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP 0\r\na=sendrecv\r\n"
)


def level_dbfs(pcm: bytes) -> float:
    samples = np.frombuffer(pcm, np.int16).astype(np.float64)
    return float(10 * np.log10((samples**2).mean() / 32768**2))


def test_the_sdp_points_elsewhere_and_the_length_stays_true():
    changed = with_media_address(INVITE, ("127.0.0.9", 51000))
    assert media_address(changed) == ("127.0.0.9", 51000)
    head, _, body = changed.partition(b"\r\n\r\n")
    assert b"Content-Length: %d" % len(body) in head


def test_a_message_without_sdp_names_no_address():
    assert media_address(b"SIP/2.0 100 Trying\r\nContent-Length: 0\r\n\r\n") is None


def test_packets_are_late_within_bounds_and_never_overtake():
    delays = Delays(Network(jitter_ms=60, seed=3), 0)
    sent = [number * 0.02 for number in range(500)]
    due = [delays.due_s(at) for at in sent]
    assert due == sorted(due)
    assert all(0 <= arrives - at <= 0.06 + 1e-9 for at, arrives in zip(sent, due, strict=True))
    assert max(arrives - at for at, arrives in zip(sent, due, strict=True)) > 0.04


def test_the_share_that_is_lost_is_lost_the_same_way_again():
    def lost(seed: int, direction: int = 0) -> list[bool]:
        delays = Delays(Network(loss_percent=5, seed=seed), direction)
        return [delays.due_s(0.0) is None for _ in range(4000)]

    assert 0.03 < sum(lost(1)) / 4000 < 0.07
    assert lost(1) == lost(1)
    assert lost(1) != lost(2)
    assert lost(1) != lost(1, direction=1)


@pytest.mark.parametrize("delay_ms", [20, 40, 150, 300])
def test_an_echo_comes_back_on_time_and_as_loud_as_asked(delay_ms):
    echo, came = Echo(-10, delay_ms), []
    sounds = [tone(440, 20), *[SILENCE] * 40]
    for frame in sounds:
        came.append(echo.next())
        echo.hear(frame)
    joined = np.concatenate(came)
    first = int(np.flatnonzero(np.abs(joined) > 100)[0])
    assert abs(first * 1000 / 16000 - delay_ms) < 1
    assert np.abs(joined).max() == pytest.approx(8000 * 10 ** (-10 / 20), rel=0.02)


def test_a_room_colours_the_echo_and_keeps_its_gain():
    response = np.zeros(2000)
    response[[100, 400, 900]] = 1.0, 0.5, -0.3
    echo, energy = Echo(-6, 40, response), 0.0
    noise = np.random.default_rng(1).normal(0, 1000, (50, 320)).astype(np.int16)
    for frame in noise:
        energy += float((echo.next() ** 2).sum())
        echo.hear(frame.tobytes())
    assert 10 * np.log10(energy / float((noise.astype(float) ** 2).sum())) == pytest.approx(-6, abs=1)


def test_noise_lies_as_far_under_speech_as_asked():
    noise = Noise(tone(300, 170, level=1234), snr_db=15)
    heard = b"".join(noise.next().astype(np.int16).tobytes() for _ in range(100))
    assert level_dbfs(heard) == pytest.approx(SPEECH_LEVEL_DBFS - 15, abs=0.2)


def test_a_quiet_place_leaves_what_is_said_untouched():
    said = tone(440, 20)
    assert Surroundings().around(said) is said


def test_what_is_said_is_heard_in_its_surroundings():
    around = Surroundings(noise=Noise(tone(300, 200), 20)).around(SILENCE)
    assert len(around) == FRAME_BYTES
    assert around != SILENCE


@pytest.fixture
def agent(folder: Path) -> Iterator[ScriptedAgent]:
    """Somebody who answers and talks for a second and a half."""
    with ScriptedAgent(folder / "agent.sock", says=tone(440, 1500)) as agent, LineProcess(folder):
        agent.wait_for(LineReady)
        yield agent


def _box(agent: ScriptedAgent) -> tuple[str, int]:
    host, _, port = agent.wait_for(LineReady).sip_uri.partition("@")[2].partition(":")
    return host, int(port)


@pytest.mark.real
def test_a_call_goes_through_a_bad_network(agent: ScriptedAgent, folder: Path):
    (folder / "q.pcm").write_bytes(tone(700, 2000))
    network = Network(jitter_ms=30, loss_percent=10)
    with Relay(_box(agent), network) as relay, Dialer(f"sip:box@{relay.address}") as dialer:
        assert dialer.wait_agent(quiet_ms=300)
        assert dialer.say(folder / "q.pcm")
        dialer.hang_up()
        assert dialer.wait_end() is not None
    assert agent.wait_for(CallerHungUp).quality.packets_lost > 0
    assert relay.passed > 100
    assert relay.lost > 5


@pytest.mark.real
def test_the_agent_hears_itself_where_the_caller_has_an_echo(agent: ScriptedAgent):
    with Dialer(agent.wait_for(LineReady).sip_uri, echo_db=-6, echo_ms=60) as dialer:
        assert dialer.wait_agent(quiet_ms=300)
        dialer.hang_up()
        dialer.wait_end()
    agent.wait_for(CallerHungUp)
    heard = b"".join(one.heard for one in agent.packets if isinstance(one, FrameHeard))
    assert share_at(heard, 440) > 0.8
