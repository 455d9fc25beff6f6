"""The real line process and a real SIP caller on loopback, with a scripted agent in the middle."""

from __future__ import annotations

import os
import signal
import socket
import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile

from appliance.bench.dialer import Dialer
from appliance.bench.gap import SPEECH_LEVEL
from appliance.clock import SetClock, SystemClock
from appliance.domain.commands import (
    GoOnSpeaking,
    HangUp,
    HoldSpeaking,
    RejectCall,
    SoundToSpeak,
    StopSpeaking,
)
from appliance.domain.events import (
    CallerHungUp,
    CallOffered,
    DigitPressed,
    LineReady,
    RegistrationChanged,
    SpeechBegan,
    SpokenTo,
)
from appliance.domain.sound import FRAME_BYTES, SILENCE, FrameHeard
from appliance.errors import ConfigError
from appliance.line import service
from appliance.settings import Sip
from appliance.sip.farend import GONE_STATUS
from tests.fakes.line_process import LineProcess
from tests.fakes.scripted_agent import ScriptedAgent
from tests.fakes.tones import share_at, tone
from tests.servers.kamailio import PASSWORD, USER, Kamailio

real = pytest.mark.real
WRONG = "".join(reversed(PASSWORD))


# --- pure parts -----------------------------------------------------------------------------------


def test_a_call_id_sorts_by_time() -> None:
    name = service.new_call_id(SetClock(SystemClock().now()))
    date, time, random = name.split("-")
    assert (len(date), len(time), len(random)) == (8, 6, 4)
    assert int(random, 16) >= 0


def test_without_a_registrar_there_is_no_account() -> None:
    assert service.account_of(Sip()) is None


def test_half_an_account_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ATTENDANT_SIP_PASSWORD", raising=False)
    with pytest.raises(ConfigError, match=r"sip\.user"):
        service.account_of(Sip(registrar="pbx"))
    with pytest.raises(ConfigError, match="sip_password"):
        service.account_of(Sip(registrar="pbx", user="100"))


# --- the real thing -------------------------------------------------------------------------------


@real
def test_a_call_from_ring_to_hang_up(folder: Path) -> None:
    (folder / "q.pcm").write_bytes(tone(700, 600))
    with ScriptedAgent(folder / "agent.sock", says=tone(440, 500)) as agent, LineProcess(folder) as line:
        ready = agent.wait_for(LineReady)
        assert (ready.max_calls, ready.codecs) == (4, ("PCMU", "PCMA", "G722"))
        with Dialer(ready.sip_uri, user="+13035550123") as dialer:
            assert dialer.wait_agent()
            assert dialer.say(folder / "q.pcm")
            offered = agent.wait_for(CallOffered)
            agent.speak(offered.call_id, 2, tone(600, 400))
            agent.send(HangUp(offered.call_id))
            ended = dialer.wait_end()
        assert ended is not None
        assert (ended["status"], ended["by"]) == (200, "agent")
        over = agent.wait_for(CallerHungUp)
        assert line.alive_count >= 1
    assert (offered.caller, offered.resumed, offered.tick) == ("+13035550123", False, 0)
    assert over.quality.codec == "PCMU"
    assert over.quality.packets_received > 30
    _assert_sound(agent.all(FrameHeard))
    spoken = [one for one in agent.all(SpokenTo) if one.over]
    assert [(one.speech, one.played_ticks, one.flushed) for one in spoken] == [(1, 25, False), (2, 20, False)]
    assert [one.speech for one in agent.all(SpeechBegan)] == [1, 2]


def _assert_sound(frames: list[FrameHeard]) -> None:
    """Ticks without a gap from 0, our own first tone in `spoken`, the caller's in `heard`."""
    assert [one.tick for one in frames] == list(range(len(frames)))
    assert all(len(one.heard) == len(one.spoken) == len(one.cleaned) == FRAME_BYTES for one in frames)
    assert share_at(b"".join(one.spoken for one in frames[:25]), 440) > 0.95
    assert share_at(b"".join(one.heard for one in frames), 700) > 0.95


@real
def test_keys_arrive_by_both_ways(folder: Path) -> None:
    with ScriptedAgent(folder / "agent.sock") as agent, LineProcess(folder):
        with Dialer(agent.wait_for(LineReady).sip_uri) as dialer:
            assert dialer.digits("15*#")
            assert dialer.digits("90D", method="info")
            agent.wait_for(DigitPressed, lambda one: one.digit == "D")
            dialer.hang_up()
            dialer.wait_end()
        agent.wait_for(CallerHungUp)
        pressed = agent.all(DigitPressed)
    assert [one.digit for one in pressed if one.method == "rtp"] == list("15*#")
    assert [one.digit for one in pressed if one.method == "info"] == list("90D")


@real
def test_stop_speaking_stops_at_once_and_says_where(folder: Path) -> None:
    with (
        ScriptedAgent(folder / "agent.sock") as agent,
        LineProcess(folder),
        Dialer(agent.wait_for(LineReady).sip_uri) as dialer,
    ):
        call_id = agent.wait_for(CallOffered).call_id
        agent.send(SoundToSpeak(call_id, 7, tone(440, 1000)))
        agent.send(SoundToSpeak(call_id, 7, tone(440, 1000), last=True))
        agent.wait_for(SpokenTo, lambda one: one.played_ticks == 20)
        agent.send(StopSpeaking(call_id))
        over = agent.wait_for(SpokenTo, lambda one: one.over)
        dialer.hang_up()
        dialer.wait_end()
    assert over.flushed
    assert 20 <= over.played_ticks < 100
    after = [one.spoken for one in agent.all(FrameHeard) if one.tick > over.tick + 1]
    assert set(after) <= {SILENCE}


@real
@pytest.mark.parametrize("codec", ["PCMU", "PCMA", "G722"])
def test_while_we_say_nothing_packets_go_on_and_the_line_hisses(folder: Path, codec: str) -> None:
    with ScriptedAgent(folder / "agent.sock") as agent, LineProcess(folder):
        uri = agent.wait_for(LineReady).sip_uri
        with Dialer(uri, codec=codec, record=folder / "call.wav") as dialer:
            assert dialer.wait_for("accepted")
            dialer.wait_ms(1500)
            dialer.hang_up()
            summary = dialer.wait_for("summary")
        agent.wait_for(CallerHungUp)
    assert summary is not None
    assert summary["heard_ms"] >= 1400
    assert summary["quality"]["packets_received"] * 20 > summary["heard_ms"] - 400, "no DTX"
    heard = np.frombuffer(_agent_side(folder / "call.wav"), np.int16).astype(np.float64)[8000:-4000]
    assert 5 < np.sqrt((heard**2).mean()) < 40
    assert np.abs(heard).max() < SPEECH_LEVEL
    assert {one.spoken for one in agent.all(FrameHeard)} == {SILENCE}, "nobody inside takes it for speech"


@real
def test_held_it_is_silent_at_once_and_says_the_rest_afterwards(folder: Path) -> None:
    with (
        ScriptedAgent(folder / "agent.sock", says=tone(440, 2000)) as agent,
        LineProcess(folder),
        Dialer(agent.wait_for(LineReady).sip_uri, record=folder / "call.wav") as dialer,
    ):
        call_id = agent.wait_for(CallOffered).call_id
        agent.wait_for(SpokenTo, lambda one: one.played_ticks == 30)
        agent.send(HoldSpeaking(call_id))
        silent = agent.wait_for(FrameHeard, lambda one: one.tick > 35 and one.spoken == SILENCE)
        agent.wait_for(FrameHeard, lambda one: one.tick > silent.tick + 20)
        agent.send(GoOnSpeaking(call_id))
        over = agent.wait_for(SpokenTo, lambda one: one.over)
        dialer.hang_up()
        dialer.wait_end()
    assert (over.played_ticks, over.flushed) == (100, False)
    spoken = [one.spoken for one in agent.all(FrameHeard)[: over.tick + 1]]
    assert sum(one != SILENCE for one in spoken) > 100, "the cut word was said again"
    assert len(agent.all(SpeechBegan)) == 1
    assert share_at(_agent_side(folder / "call.wav"), 440) > 0.95


@real
def test_a_key_silences_us_within_ticks(folder: Path) -> None:
    with (
        ScriptedAgent(folder / "agent.sock", says=tone(440, 20_000)) as agent,
        LineProcess(folder),
        Dialer(agent.wait_for(LineReady).sip_uri) as dialer,
    ):
        assert dialer.wait_for("agent_speech_began")
        assert dialer.digits("5")
        pressed = agent.wait_for(DigitPressed)
        agent.send(StopSpeaking(pressed.call_id))
        over = agent.wait_for(SpokenTo, lambda one: one.over)
        assert dialer.wait_for("agent_speech_ended")
        dialer.hang_up()
        dialer.wait_end()
    assert pressed.tick <= over.tick < 900


@real
def test_a_caller_that_vanishes_without_good_bye_is_noticed(folder: Path) -> None:
    with (
        ScriptedAgent(folder / "agent.sock") as agent,
        LineProcess(folder, sip={"max_calls": 1}, silent_limit_s=2.0) as line,
    ):
        uri = agent.wait_for(LineReady).sip_uri
        with Dialer(uri) as dialer:
            assert dialer.wait_for("accepted")
            agent.wait_for(FrameHeard)
            os.kill(_caller_pid(dialer), signal.SIGKILL)
            over = agent.wait_for(CallerHungUp)
        agent.packets.clear()
        with Dialer(uri) as again:
            assert again.wait_for("accepted"), "its place is free"
            assert again.hold(True)
            again.wait_ms(4000)
            assert not agent.all(CallerHungUp), "a caller on hold is there"
        assert line.running
    assert over.status == GONE_STATUS


@real
def test_hang_up_before_the_answer(folder: Path) -> None:
    with ScriptedAgent(folder / "agent.sock", answers=False) as agent, LineProcess(folder):
        with Dialer(agent.wait_for(LineReady).sip_uri) as dialer:
            assert dialer.wait_for("ringing")
            agent.wait_for(CallOffered)
            dialer.hang_up()
            ended = dialer.wait_end()
        over = agent.wait_for(CallerHungUp)
    assert ended is not None
    assert ended["status"] == over.status == 487
    assert over.tick == 0


@real
def test_hang_up_during_playout(folder: Path) -> None:
    with ScriptedAgent(folder / "agent.sock", says=tone(440, 10_000)) as agent, LineProcess(folder):
        with Dialer(agent.wait_for(LineReady).sip_uri) as dialer:
            assert dialer.wait_for("agent_speech_began")
            dialer.hang_up()
            dialer.wait_end()
        over = agent.wait_for(CallerHungUp)
        with Dialer(agent.wait_for(LineReady).sip_uri) as again:
            assert again.wait_for("agent_speech_began")
    assert over.status == 200
    assert not any(one.over and not one.flushed for one in agent.all(SpokenTo) if one.call_id == over.call_id)


@real
def test_the_agent_may_refuse(folder: Path) -> None:
    with (
        ScriptedAgent(folder / "agent.sock", answers=False) as agent,
        LineProcess(folder),
        Dialer(agent.wait_for(LineReady).sip_uri) as dialer,
    ):
        agent.send(RejectCall(agent.wait_for(CallOffered).call_id, 486))
        ended = dialer.wait_end()
    assert ended is not None
    assert (ended["status"], ended["by"]) == (486, "agent")


@real
def test_without_an_agent_the_phone_system_gets_the_call_back(folder: Path) -> None:
    with (
        LineProcess(folder, sip={"port": (port := _free_port())}),
        Dialer(f"sip:box@127.0.0.1:{port}") as dialer,
    ):
        ended = dialer.wait_end()
        assert dialer.all("ringing")
    assert ended is not None
    assert ended["status"] == 480


@real
def test_an_agent_that_dies_is_bridged_and_the_next_one_takes_over(folder: Path) -> None:
    with LineProcess(folder) as line:
        (line.prepared / "one_moment.pcm").write_bytes(tone(1000, 600))
        first = ScriptedAgent(line.socket, says=tone(440, 20_000))
        with Dialer(first.wait_for(LineReady).sip_uri, record=folder / "call.wav") as dialer:
            first.wait_for(SpokenTo)
            first.die()
            dialer.wait_ms(800)
            with ScriptedAgent(line.socket, says=tone(600, 600)) as second:
                second.wait_for(LineReady)
                offered = second.wait_for(CallOffered)
                began = second.wait_for(SpeechBegan)
                second.wait_for(SpokenTo, lambda one: one.over)
                dialer.hang_up()
                dialer.wait_end()
                assert second.wait_for(CallerHungUp).call_id == offered.call_id
    assert (offered.call_id, offered.resumed) == (first.wait_for(CallOffered).call_id, True)
    assert 0 < offered.tick <= began.tick
    assert all(one.speech >= 0 for one in second.all(SpokenTo))
    assert share_at(_agent_side(folder / "call.wav"), 1000) > 0.1


@real
def test_without_a_second_agent_the_caller_is_asked_to_call_again(folder: Path) -> None:
    with LineProcess(folder) as line:
        (line.prepared / "call_again.pcm").write_bytes(tone(1200, 600))
        agent = ScriptedAgent(line.socket)
        with Dialer(agent.wait_for(LineReady).sip_uri, record=folder / "call.wav") as dialer:
            agent.wait_for(FrameHeard)
            agent.die()
            ended = dialer.wait_end()
    assert ended is not None
    assert (ended["status"], ended["by"]) == (200, "agent")
    assert share_at(_agent_side(folder / "call.wav"), 1200) > 0.9


@real
def test_a_link_is_dialled_again_at_once_and_told_who_we_are(folder: Path) -> None:
    with LineProcess(folder) as line:
        for _ in range(3):
            with ScriptedAgent(line.socket) as agent:
                agent.wait_for(LineReady)
        assert line.running


@real
def test_registered_with_digest_and_called_through_the_phone_system(folder: Path) -> None:
    with Kamailio(folder) as office, ScriptedAgent(folder / "agent.sock", says=tone(440, 500)) as agent:
        with LineProcess(folder, sip={"registrar": office.address, "user": USER}, password=PASSWORD):
            change = agent.wait_for(RegistrationChanged)
            with Dialer(f"sip:{USER}@{office.address}") as dialer:
                assert dialer.wait_agent()
                dialer.hang_up()
                dialer.wait_end()
            agent.wait_for(CallerHungUp)
        with Dialer(f"sip:{USER}@{office.address}") as dialer:
            gone = dialer.wait_end()
    assert (change.registered, change.status, change.retry_in_s) == (True, 200, None)
    assert gone is not None
    assert gone["status"] == 404, "the binding is taken back when the line stops"


@real
def test_a_refused_registration_is_retried_reported_and_no_reason_to_stop(folder: Path) -> None:
    sip = {"user": USER, "retry_first_s": 0.2, "retry_most_s": 1.0}
    with (
        Kamailio(folder) as office,
        ScriptedAgent(folder / "agent.sock", says=tone(440, 300)) as agent,
        LineProcess(folder, sip={**sip, "registrar": office.address}, password=WRONG) as line,
    ):
        agent.wait_for(RegistrationChanged, lambda one: (one.retry_in_s or 0) > 0.75)
        with Dialer(agent.wait_for(LineReady).sip_uri) as dialer:
            assert dialer.wait_agent()
        assert line.running
    changes = agent.all(RegistrationChanged)
    assert {(one.registered, one.status) for one in changes} == {(False, 401)}
    waits_s = [one.retry_in_s or 0 for one in changes]
    assert len(waits_s) >= 3
    assert all(0.16 <= one <= 1.0 for one in waits_s)


@real
def test_a_registrar_that_comes_later_is_found(folder: Path) -> None:
    port = _free_port()
    sip = {"registrar": f"127.0.0.1:{port}", "user": USER, "retry_first_s": 0.2, "retry_most_s": 1.0}
    with ScriptedAgent(folder / "agent.sock") as agent, LineProcess(folder, sip=sip, password=PASSWORD):
        agent.wait_for(LineReady)
        threading.Event().wait(0.5)
        with Kamailio(folder, port):
            assert agent.wait_for(RegistrationChanged, lambda one: one.registered, 60).status == 200


def _caller_pid(dialer: Dialer) -> int:
    process = dialer._process
    assert process is not None
    return process.pid


def _agent_side(recording: Path) -> bytes:
    samples, _ = soundfile.read(recording, dtype="int16")
    side: bytes = samples[:, 1].copy().tobytes()
    return side


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
