"""Real SIP and RTP on loopback against one line process that must outlive everything in this file."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from appliance.bench.dialer import Dialer
from appliance.domain.events import CallerHungUp, CallOffered, LineReady
from appliance.domain.sound import FrameHeard
from tests.fakes.line_process import REPOSITORY, LineProcess
from tests.fakes.raw_sip import UNKNOWN_CODEC_SDP, RawSip
from tests.fakes.scripted_agent import ScriptedAgent
from tests.fakes.tones import share_at, tone

pytestmark = pytest.mark.real


@dataclass
class Office:
    """A line on a free port whose agent answers with a tone of 440 Hz."""

    line: LineProcess
    agent: ScriptedAgent
    uri: str
    port: int
    rtp_port: int


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """One for the whole file."""
    with tempfile.TemporaryDirectory(prefix="sip-") as name:
        folder = Path(name)
        rtp_port = _free_port() & ~1
        with (
            ScriptedAgent(folder / "agent.sock", says=tone(440, 500)) as agent,
            LineProcess(folder, sip={"rtp_port": rtp_port}) as line,
        ):
            uri = agent.wait_for(LineReady).sip_uri
            yield Office(line, agent, uri, int(uri.rpartition(":")[2]), rtp_port)


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def _one_good_call(office: Office, folder: Path, codec: str | None = None) -> str:
    """Both sides hear each other's tone; the codec that carried them."""
    (folder / "q.pcm").write_bytes(tone(700, 500))
    office.agent.packets.clear()
    with Dialer(office.uri, codec=codec, record=folder / "call.wav") as dialer:
        assert dialer.wait_agent()
        assert dialer.say(folder / "q.pcm")
        dialer.wait_ms(200)
        dialer.hang_up()
        dialer.wait_end()
    over = office.agent.wait_for(CallerHungUp)
    heard = b"".join(one.heard for one in office.agent.all(FrameHeard))
    assert share_at(heard, 700) > 0.9
    assert share_at(_agent_side(folder / "call.wav"), 440) > 0.9
    return over.quality.codec


def _agent_side(recording: Path) -> bytes:
    import soundfile

    samples, _ = soundfile.read(recording, dtype="int16")
    side: bytes = samples[:, 1].copy().tobytes()
    return side


@pytest.mark.parametrize("codec", ["PCMU", "PCMA", "G722"])
def test_every_codec_carries_both_voices(office: Office, folder: Path, codec: str) -> None:
    assert _one_good_call(office, folder, codec) == codec


def test_the_fifth_call_hears_busy(office: Office) -> None:
    dialers = [Dialer(office.uri) for _ in range(4)]
    try:
        for dialer in dialers:
            assert dialer.__enter__().wait_for("accepted")
        with Dialer(office.uri) as fifth:
            refused = fifth.wait_end()
    finally:
        for dialer in dialers:
            dialer.__exit__(None, None, None)
    assert refused is not None
    assert refused["status"] == 486


def test_fewer_calls_than_compiled_may_be_allowed(folder: Path) -> None:
    with ScriptedAgent(folder / "agent.sock") as agent, LineProcess(folder, sip={"max_calls": 1}):
        ready = agent.wait_for(LineReady)
        with Dialer(ready.sip_uri) as first:
            assert first.wait_for("accepted")
            with Dialer(ready.sip_uri) as second:
                ended = second.wait_end()
        assert ready.max_calls == 1
        assert ended is not None
        assert ended["status"] == 486
        assert len(agent.all(CallOffered)) == 1


def test_an_offer_without_a_codec_of_ours_is_not_acceptable(office: Office) -> None:
    office.agent.packets.clear()
    with RawSip(office.port) as hand:
        hand.throw(hand.request("INVITE", UNKNOWN_CODEC_SDP))
        assert hand.final_status() == 488
    assert office.agent.all(CallOffered) == []


def test_hold_and_back(office: Office, folder: Path) -> None:
    (folder / "q.pcm").write_bytes(tone(700, 500))
    office.agent.packets.clear()
    with Dialer(office.uri) as dialer:
        assert dialer.wait_agent()
        assert dialer.hold(True)
        assert dialer.wait_ms(400)
        in_hold = len(office.agent.all(FrameHeard))
        assert dialer.wait_ms(400)
        ticks_in_hold = len(office.agent.all(FrameHeard)) - in_hold
        assert dialer.hold(False)
        assert dialer.wait_ms(400)
        assert dialer.say(folder / "q.pcm")
        dialer.hang_up()
        dialer.wait_end()
    office.agent.wait_for(CallerHungUp)
    frames = office.agent.all(FrameHeard)
    assert ticks_in_hold > 5, "ticks go on while the caller holds"
    assert [one.tick for one in frames] == list(range(len(frames)))
    assert share_at(b"".join(one.heard for one in frames[-40:]), 700) > 0.8


def test_malformed_rtp_does_not_disturb_a_call(office: Office, folder: Path) -> None:
    (folder / "q.pcm").write_bytes(tone(700, 600))
    office.agent.packets.clear()
    garbage = [
        b"",
        b"\x80",
        b"\x80\x00" + bytes(6),
        os.urandom(12),
        os.urandom(172),
        b"\x80\x7f" + os.urandom(170),
        b"\xbf\x00" + bytes(10) + b"\xff" * 40,
        b"\x90\x00" + bytes(10) + b"\xff" * 4,
        b"\x80\x65" + bytes(10) + b"\xff" * 3,
        os.urandom(9000),
    ]
    with Dialer(office.uri, record=folder / "call.wav") as dialer:
        assert dialer.wait_agent()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            for _ in range(20):
                for datagram in garbage:
                    sock.sendto(datagram, ("127.0.0.1", office.rtp_port))
                    sock.sendto(datagram, ("127.0.0.1", office.rtp_port + 1))
        assert dialer.wait_ms(300)
        call_id = office.agent.wait_for(CallOffered).call_id
        before = len(office.agent.all(FrameHeard))
        assert dialer.say(folder / "q.pcm")
        office.agent.speak(call_id, 2, tone(440, 500))
        assert dialer.wait_agent()
        dialer.hang_up()
        dialer.wait_end()
    office.agent.wait_for(CallerHungUp)
    heard = b"".join(one.heard for one in office.agent.all(FrameHeard)[before:])
    assert share_at(heard, 700) > 0.5
    assert office.line.running


def test_many_calls_in_a_row_leave_nothing_behind(office: Office) -> None:
    command = [sys.executable, "-m", "tests.fakes.many_calls", office.uri, "200"]
    memory = [_memory_kb(office.line.pid)]
    result = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=200, check=False)
    memory.append(_memory_kb(office.line.pid))
    assert result.returncode == 0, result.stderr[-2000:]
    left = json.loads(result.stdout)
    assert set(left["statuses"]) == {200}
    assert left["calls_left"] == 0
    assert left["objects"][-1] - left["objects"][0] < 200
    assert memory[1] - memory[0] < 20_000, memory


def _memory_kb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


_PORT_IN_USE = """
import sys
from appliance.errors import LineFault
from appliance.sip import words
from appliance.sip.telephone import Telephone

phone = Telephone(
    words.Station(port=int(sys.argv[1])), on_event=print, new_tap=lambda _: None, new_call_id=lambda: "x"
)
try:
    phone.start()
except LineFault as fault:
    print(fault)
"""


def test_a_port_in_use_is_named_with_a_remedy(office: Office) -> None:
    command = [sys.executable, "-c", _PORT_IN_USE, str(office.port)]
    result = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    assert f"127.0.0.1:{office.port}" in result.stdout
    assert "nothing else uses" in result.stdout


def test_torture_datagrams_are_survived(office: Office, folder: Path, data_dir: Path) -> None:
    datagrams = sorted((data_dir / "sip_tests").rglob("*.dat"))
    assert len(datagrams) > 40
    with RawSip(office.port) as hand:
        for datagram in [*(one.read_bytes() for one in datagrams), b"", b"\0" * 100, os.urandom(1400)]:
            hand.throw(datagram)
            threading.Event().wait(0.02)
    assert office.line.running
    assert _gets_through(office), "a normal call works again once the unanswered ones have run out"
    _one_good_call(office, folder)


def _gets_through(office: Office) -> bool:
    """Some of them are calls that nobody acknowledges: each holds a line for 32 s (RFC 3261, timer H)."""
    for _ in range(30):
        with Dialer(office.uri) as dialer:
            if dialer.wait_for("accepted", 5):
                return True
        threading.Event().wait(1.0)
    return False
