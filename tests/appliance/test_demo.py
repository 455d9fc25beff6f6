"""The demo that waits for a softphone, and the report on starting."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading

import pytest

from appliance.bench.box import free_udp_port
from appliance.bench.dialer import Dialer

pytestmark = pytest.mark.real


def test_listening_a_softphone_is_answered_until_ctrl_c():
    port = free_udp_port()
    command = [sys.executable, "-u", "-m", "appliance.cli.app", "demo", "--listen", "--port", str(port)]
    with subprocess.Popen(
        [*command, "--profile", "small"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as demo:
        assert demo.stdout is not None
        address = next(found[0] for line in demo.stdout if (found := re.search(r"sip:\S+:\d+", line)))
        assert address.endswith(f":{port}")
        lines: list[str] = []
        reader = threading.Thread(target=lambda: lines.extend(demo.stdout or ()))
        reader.start()
        with Dialer(f"sip:attendant@127.0.0.1:{port}") as dialer:
            dialer.wait_agent()
            dialer.hang_up()
            dialer.wait_end()
            assert dialer.all("first_agent_packet")
        demo.send_signal(signal.SIGINT)
        assert demo.wait(30) == 0
        reader.join()
    assert any("Thank you for calling" in line for line in lines)
    assert not any("Traceback" in line for line in lines)


def test_the_start_report_measures_everything():
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "appliance.cli.app",
            "bench",
            "start",
            "--profile",
            "small",
            "--idle-s",
            "2",
            "--json",
        ],
        capture_output=True,
        text=True,
        timeout=200,
        check=True,
    )
    report = json.loads(done.stdout)
    assert report["greeting_ms"] >= 0
    assert report["ready_s"] > 0
    assert report["memory_by_process_mb"].keys() == {"supervisor", "line", "agent", "mind", "upkeep"}
    assert report["memory_mb"] == pytest.approx(sum(report["memory_by_process_mb"].values()), abs=0.2)
    assert 0 <= report["idle_cpu_percent"] < 200
    assert report["cli_start_ms"] > 0


def test_the_gap_report_counts_every_answer_of_a_call_by_class():
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "appliance.cli.app",
            "bench",
            "gap",
            "--profile",
            "small",
            "--calls",
            "1",
            "--json",
        ],
        capture_output=True,
        text=True,
        timeout=280,
        check=True,
    )
    report = json.loads(done.stdout)
    for kind in ("phrase", "flow", "fact"):
        assert report[kind]["n"] >= 2, report
        assert report[kind]["p50_ms"] > 0
        assert report[kind]["p95_ms"] is None  # one call is not enough for one
    assert report.keys() >= {"open", "first_sound", "premature_replies", "false_endings_share", "revision"}
