"""The machine the tests run on, asked: what comes back fits what the kernel says elsewhere."""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.errors import StoreFault
from appliance.ops import machine
from appliance.ops.single import LOCK_NAME, single_instance

UNIT = """Id=attendant-line.service
LoadState=loaded
UnitFileState=enabled
ActiveState=active
Result=success
ExecMainStatus=0
NRestarts=2
WatchdogUSec=5s
"""


def test_a_disk_is_asked_by_writing_to_it_and_left_as_it_was(tmp_path):
    facts = machine.disk_facts(tmp_path)
    assert facts.free_bytes > 0
    assert all(ms >= 0 for ms in facts.fsync_ms)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_nothing_is_a_fault_with_a_remedy(tmp_path, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StoreFault, match="No space left"):
        machine.disk_facts(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_clock_says_whether_it_is_kept_or_nothing():
    now = datetime.now(UTC)
    facts = machine.clock_facts(now, None)
    assert facts.now == now
    assert facts.synchronised in (True, False, None)


def test_cores_and_memory_are_those_of_this_process():
    facts = machine.power_facts(17, box_runs=False)
    assert facts.cores == len(os.sched_getaffinity(0))
    assert 0 < facts.available_bytes <= facts.memory_bytes
    assert facts.model_bytes == 17


def test_no_line_process_is_neither_real_time_nor_not():
    assert machine.realtime_facts(None).line_is_realtime is None
    assert machine.realtime_facts(os.getpid()).line_is_realtime in (True, False)


@pytest.mark.parametrize(("transport", "kind"), [("udp", socket.SOCK_DGRAM), ("tcp", socket.SOCK_STREAM)])
def test_a_port_that_is_taken_is_seen_and_a_free_one_is_given_back(transport, kind):
    with socket.socket(socket.AF_INET, kind) as holder:
        holder.bind(("127.0.0.1", 0))
        if kind is socket.SOCK_STREAM:
            holder.listen()
        port = holder.getsockname()[1]
        taken = machine.port_facts("sip.port", transport, "127.0.0.1", port)
    assert not taken.is_free
    assert "in use" in taken.fault


def test_a_port_nobody_has_is_free():
    assert machine.port_facts("sip.port", "udp", "127.0.0.1", 0).is_free  # the kernel chooses one that is


def test_a_process_of_another_box_is_not_ours():
    assert machine.process_of("line", ("/nobody/has/this.toml",)) is None


def test_the_holder_of_a_box_is_known_while_it_runs(tmp_path):
    lock = tmp_path / LOCK_NAME
    assert machine.holder_of(lock) is None
    with single_instance(tmp_path):
        assert machine.holder_of(lock) == os.getpid()
    assert machine.holder_of(lock) is None


def test_a_unit_is_read_as_systemd_shows_it():
    unit = machine.read_unit(UNIT)
    assert unit is not None
    assert (unit.name, unit.active, unit.restarts, unit.watchdog_s) == (
        "attendant-line.service",
        "active",
        2,
        5.0,
    )


def test_a_process_that_had_nothing_to_do_is_no_failure_and_one_that_died_is():
    ended = UNIT.replace("ActiveState=active", "ActiveState=inactive")
    assert (unit := machine.read_unit(ended)) is not None
    assert unit.active == "active"
    assert (died := machine.read_unit(ended.replace("Result=success", "Result=watchdog"))) is not None
    assert died.active == "inactive"


@pytest.mark.parametrize("change", [("loaded", "not-found"), ("enabled", "disabled")])
def test_a_unit_that_is_not_installed_is_none(change):
    assert machine.read_unit(UNIT.replace(*change)) is None


@pytest.mark.parametrize(
    ("text", "seconds"), [("5s", 5.0), ("1min 30s", 90.0), ("500ms", 0.5), ("0", 0.0), ("infinity", 0.0)]
)
def test_a_watchdog_is_read_in_systemds_spans(text, seconds):
    unit = machine.read_unit(UNIT.replace("WatchdogUSec=5s", f"WatchdogUSec={text}"))
    assert unit is not None
    assert unit.watchdog_s == pytest.approx(seconds)


def test_without_systemd_there_are_no_units(monkeypatch):
    monkeypatch.setattr(machine, "_SYSTEMCTL", (str(Path("/no/such/systemctl")),))
    assert machine.units() == []
