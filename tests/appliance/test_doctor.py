"""A running box looked at by the doctor and called by a test call: both leave it as it was."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from appliance.ops.doctor import State, chosen, examine
from appliance.wiring import examining

pytestmark = pytest.mark.real


def test_a_running_box_is_asked_and_found_well(office):
    office.box.wait_for("mind ready")
    checks = examining.all_checks(*examining.load(office.config), office.config)
    found = {
        one.name: examine(one) for one in chosen(checks, ["watchdog", "ports", "mind", "realtime", "memory"])
    }
    assert found["watchdog"].state is State.OK, found["watchdog"]
    assert f"({office.box.pid})" in found["watchdog"].told
    assert found["ports"].told.startswith("The running box has them")
    assert "the running mind" in found["mind"].told
    assert found["mind"].figures["tokens_per_s"] > 0
    assert found["realtime"].figures["line_is_realtime"] in (True, False)


def test_a_test_call_tells_how_the_box_answered(office):
    """As a person types it: the words that came back are the box's own recogniser's."""
    command = ["call", office.uri, "--listen", "4", "--score", "--json", "--config", str(office.config)]
    done = subprocess.run(
        [sys.executable, "-m", "appliance.cli.app", *command],
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    told = json.loads(done.stdout)
    assert (told["status"], told["ended_by"], told["echo_ms"]) == (200, "us", None)
    assert told["packets_received"] > 100
    assert told["first_sound_ms"] is not None
    assert told["mos"] is not None
    assert "thank you for calling" in told["heard"]
    assert told["score"]["aspects"]["loss"] == "good"
