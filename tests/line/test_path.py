"""How long sound takes through the line and back, counted in samples at the caller.

With 20 ms ticks on both sides a burst waits for the box's next tick, its answer for the one after, and the
answer for the caller's next: 40 ms at best, and the four resamplings of G.711 (8 kHz) add 13 ms. Anything
more is a queue, a jitter buffer or a thread that was late.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from appliance.domain.commands import SoundToSpeak
from appliance.domain.events import CallerHungUp, LineReady
from appliance.domain.sound import FRAME_SAMPLES, FrameHeard
from appliance.link import Packet
from tests.fakes.line_process import REPOSITORY, LineProcess
from tests.fakes.pinger import BURST, LOUD
from tests.fakes.scripted_agent import ScriptedAgent

pytestmark = pytest.mark.real
PINGS = 10
_QUIET_TICKS = 5  # two frames of one burst are one burst


class _Echo:
    """Answers every burst with a burst, at once."""

    def __init__(self) -> None:
        self.agent: ScriptedAgent | None = None
        self.answered = 0
        self._last_tick = -_QUIET_TICKS

    def __call__(self, packet: Packet) -> None:
        if not isinstance(packet, FrameHeard) or not _loud(packet):
            return
        if packet.tick - self._last_tick > _QUIET_TICKS and self.agent is not None:
            self.answered += 1
            self.agent.send(SoundToSpeak(packet.call_id, self.answered, BURST, last=True))
        self._last_tick = packet.tick


def _loud(frame: FrameHeard) -> bool:
    return bool(np.abs(np.frombuffer(frame.heard, np.int16).astype(np.int32)).max() > LOUD)


def test_there_and_back_takes_a_few_ticks(folder: Path) -> None:
    echo = _Echo()
    with ScriptedAgent(folder / "agent.sock", on_packet=echo) as echo.agent, LineProcess(folder):
        uri = echo.agent.wait_for(LineReady).sip_uri
        command = [sys.executable, "-m", "tests.fakes.pinger", uri, str(PINGS)]
        done = subprocess.run(
            command, cwd=REPOSITORY, capture_output=True, text=True, timeout=100, check=False
        )
        quality = echo.agent.wait_for(CallerHungUp).quality
    assert done.returncode == 0, done.stderr
    came = json.loads(done.stdout)
    assert (len(came["turnaround_samples"]), came["lost"], echo.answered) == (PINGS, 0, PINGS)
    turnaround_ticks = np.array(came["turnaround_samples"]) / FRAME_SAMPLES
    assert turnaround_ticks.min() >= 2, "faster than two clocks allow: something heard itself"
    assert turnaround_ticks.min() < 5, "no queue and no buffer stands in the way for good"
    assert 0 < quality.tick_late_p50_ms <= quality.tick_late_p99_ms <= quality.tick_late_worst_ms
