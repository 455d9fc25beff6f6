"""The caller as a process: JSON lines in and out, driven by `Dialer` and by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile

from appliance.bench.dialer import Dialer
from appliance.domain.events import CallerHungUp, CallOffered, LineReady
from appliance.errors import LineFault
from tests.fakes.line_process import REPOSITORY, LineProcess
from tests.fakes.scripted_agent import ScriptedAgent
from tests.fakes.tones import share_at, tone

pytestmark = pytest.mark.real


@pytest.fixture
def agent(folder: Path) -> Iterator[ScriptedAgent]:
    """Somebody who answers on a line of their own with half a second of 440 Hz."""
    with ScriptedAgent(folder / "agent.sock", says=tone(440, 500)) as agent, LineProcess(folder):
        agent.wait_for(LineReady)
        yield agent


def test_what_happens_is_told_in_order(agent: ScriptedAgent, folder: Path) -> None:
    soundfile.write(folder / "q.wav", [0.0] * 800 + [0.3, -0.3] * 2000 + [0.0] * 1600, 8000)
    with Dialer(agent.wait_for(LineReady).sip_uri, record=folder / "r.wav") as dialer:
        assert dialer.wait_agent()
        assert dialer.say(folder / "q.wav")
        agent.speak(agent.wait_for(CallOffered).call_id, 2, tone(600, 300))
        assert dialer.wait_agent(quiet_ms=300)
        dialer.hang_up()
        dialer.wait_end()
    kinds = [one["event"] for one in dialer.events if one["event"] != "done"]
    assert kinds[:3] == ["dialing", "ringing", "accepted"]
    assert kinds[3:5] == ["agent_speech_began", "first_agent_packet"]
    assert [one for one in kinds if one in {"said", "response_gap", "premature"}] == ["said", "response_gap"]
    assert kinds[-2:] == ["hung_up", "summary"]
    said, gap = dialer.all("said")[0], dialer.all("response_gap")[0]
    assert 490 <= said["at_ms"] - said["from_ms"] <= 520, "trimmed to its speech"
    assert gap["at_ms"] == said["at_ms"]
    assert gap["response_gap_ms"] >= 200, "the silence at the end of the recording is part of the gap"
    assert dialer.all("summary")[0]["gaps_ms"] == [gap["response_gap_ms"]]
    _assert_recording(folder / "r.wav")


def _assert_recording(path: Path) -> None:
    samples, rate_hz = soundfile.read(path, dtype="int16")
    assert rate_hz == 16_000
    assert samples.shape[1] == 2
    assert share_at(samples[:12_800, 1].copy().tobytes(), 440) > 0.9


def test_waiting_for_an_agent_who_is_silent_has_a_limit(agent: ScriptedAgent) -> None:
    agent.says = b""
    with Dialer(agent.wait_for(LineReady).sip_uri) as dialer:
        assert dialer.wait_for("accepted")
        assert not dialer.wait_agent(limit_ms=300)


def test_a_call_that_is_over_ends_every_step(agent: ScriptedAgent, folder: Path) -> None:
    (folder / "q.pcm").write_bytes(tone(700, 200))
    with Dialer(agent.wait_for(LineReady).sip_uri) as dialer:
        assert dialer.wait_agent()
        dialer.hang_up()
        assert dialer.wait_end() is not None
        assert dialer.wait_for("summary") is not None
        assert not dialer.say(folder / "q.pcm")


def test_a_missing_recording_is_said_so(agent: ScriptedAgent, folder: Path) -> None:
    with (
        Dialer(agent.wait_for(LineReady).sip_uri) as dialer,
        pytest.raises(LineFault, match="no such recording"),
    ):
        dialer.say(folder / "nothing.wav")


def test_a_lossy_network_is_measured_at_the_other_end(agent: ScriptedAgent, folder: Path) -> None:
    (folder / "q.pcm").write_bytes(tone(700, 2000))
    with Dialer(agent.wait_for(LineReady).sip_uri, loss_percent=20) as dialer:
        assert dialer.wait_agent()
        assert dialer.say(folder / "q.pcm")
        dialer.hang_up()
        dialer.wait_end()
    assert agent.wait_for(CallerHungUp).quality.packets_lost > 5


def test_a_script_file_is_all_it_takes(agent: ScriptedAgent, folder: Path) -> None:
    (folder / "call.jsonl").write_text(
        '{"do":"wait_agent"}\n{"do":"digits","digits":"1"}\n', encoding="utf-8"
    )
    command = [sys.executable, "-m", "appliance.bench.caller", "--to", agent.wait_for(LineReady).sip_uri]
    result = subprocess.run(
        [*command, "--script", str(folder / "call.jsonl")],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert events[0]["event"] == "dialing"
    assert next(one for one in events if one["event"] == "hung_up")["by"] == "caller"
