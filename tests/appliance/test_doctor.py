"""A running box looked at by the doctor and called by a test call: both leave it as it was."""

from __future__ import annotations

import pytest

from appliance.bench.trial_call import Plan, TrialCall
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


def test_a_test_call_tells_how_the_box_answered(office, say):
    report = TrialCall(Plan(office.uri, (say("Can I pay by credit card?"),), listen_s=30)).place()
    assert (report.status, report.ended_by, report.echo_ms) == (200, "us", None)
    assert report.first_sound_ms is not None
    assert report.packets_received > 100
    assert report.mos is not None
    assert len(report.gaps_ms) == 1
    assert office.record()["disposition"] == "answered"
