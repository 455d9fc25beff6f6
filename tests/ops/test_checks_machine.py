"""What the doctor says of machines as they come: full disks, slow cards, wrong clocks, one core, taken ports."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from appliance.ops import checks_machine as judge
from appliance.ops.checks_machine import ClockFacts, DiskFacts, PortFacts, PowerFacts, RealtimeFacts
from appliance.ops.doctor import State

GB = 1_000_000_000
DISK = DiskFacts("/data", 80 * GB, 900_000, 1_000_000, (2.0, 3.0, 40.0))
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
POWER = PowerFacts(4, 8 * GB, 6 * GB, 1_100_000_000, box_runs=False)
FREE = PortFacts("sip.port", "udp", "10.0.0.5", 5060, True)
TAKEN = PortFacts("sip.port", "udp", "10.0.0.5", 5060, False, "Address already in use")


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (DISK, State.OK),
        (replace(DISK, free_bytes=3 * GB), State.WARN),
        (replace(DISK, free_bytes=GB // 10), State.FAIL),
        (replace(DISK, inodes_free=100), State.FAIL),
        (replace(DISK, inodes_free=0, inodes=0), State.OK),  # btrfs counts none
        (replace(DISK, fsync_ms=(80.0, 90.0, 100.0)), State.WARN),
        (replace(DISK, fsync_ms=(700.0, 900.0, 800.0)), State.FAIL),
    ],
)
def test_a_disk_is_judged_by_room_inodes_and_the_usual_write(facts, state):
    finding = judge.disk(facts)
    assert finding.state is state
    assert bool(finding.remedy) is (state is not State.OK)


def test_one_slow_write_is_told_and_not_held_against_the_disk():
    finding = judge.disk(DISK)
    assert finding.figures["fsync_worst_ms"] == 40.0
    assert finding.state is State.OK


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (ClockFacts(NOW, synchronised=True), State.OK),
        (ClockFacts(NOW, synchronised=False), State.WARN),
        (ClockFacts(NOW, synchronised=None), State.WARN),
        (ClockFacts(NOW, True, NOW - timedelta(days=1)), State.OK),
        (ClockFacts(NOW, True, NOW + timedelta(hours=1)), State.FAIL),
    ],
)
def test_a_clock_is_wrong_when_it_is_behind_its_own_records(facts, state):
    assert judge.clock(facts).state is state


def test_one_core_is_enough_to_run_and_not_to_answer_in_time():
    assert judge.cores(replace(POWER, cores=1)).state is State.WARN
    assert judge.cores(POWER).state is State.OK


def test_memory_counts_what_is_available_before_the_start_and_what_there_is_after_it():
    tight = replace(POWER, available_bytes=GB)
    assert judge.memory(POWER).state is State.OK
    assert judge.memory(tight).state is State.WARN
    assert judge.memory(replace(tight, box_runs=True)).state is State.OK
    assert judge.memory(replace(POWER, available_bytes=2 * GB, model_bytes=0)).state is State.OK


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (RealtimeFacts(True, may=False, unit_gives=False), State.OK),
        (RealtimeFacts(False, may=True, unit_gives=True), State.WARN),  # it could, and does not
        (RealtimeFacts(None, may=True, unit_gives=False), State.OK),
        (RealtimeFacts(None, may=False, unit_gives=True), State.OK),
        (RealtimeFacts(None, may=False, unit_gives=False), State.WARN),
    ],
)
def test_real_time_is_what_the_line_has_or_would_have(facts, state):
    assert judge.realtime(facts).state is state


def test_a_port_that_somebody_has_is_a_failure_with_the_command_that_shows_who():
    finding = judge.ports([TAKEN], box_runs=False)
    assert finding.state is State.FAIL
    assert "10.0.0.5:5060/udp: Address already in use" in finding.told
    assert "ss -lunp sport = :5060" in finding.remedy


def test_the_ports_of_a_running_box_are_its_own():
    assert judge.ports([TAKEN], box_runs=True).state is State.OK
    assert judge.ports([FREE], box_runs=False).state is State.OK
    assert "none is fixed" in judge.ports([], box_runs=False).told
