"""Real processes under a real supervisor: what dies, hangs or will not stop, and nobody stays behind."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from appliance.ops.notify import NotifySocket
from tests.fakes import children

BOX = Path(children.__file__).parent / "box.py"
LIMIT_S = 30.0  # how long a test waits for what must come; never measured


class Box:
    """A supervisor in a process of its own, read line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []

    def until(self, *wanted: str) -> str:
        """Read until a line holds one of `wanted`; that line."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if any(text in line for text in wanted):
                return line.rstrip()
        pytest.fail(f"ended without {wanted}: {self.lines}")

    def end(self) -> int:
        """Read to the end; the exit status."""
        assert self.process.stdout is not None
        self.lines += [line.rstrip() for line in self.process.stdout]
        return self.process.wait(LIMIT_S)

    def pids(self) -> list[int]:
        """Every child that was ever started."""
        return [int(found[1]) for line in self.lines if (found := re.search(r"\(pid (\d+)\)", line))]

    def count(self, text: str) -> int:
        return sum(text in line for line in self.lines)


@pytest.fixture
def start() -> Iterator[Callable[..., Box]]:
    with contextlib.ExitStack() as stack:

        def start_box(*specs: str, **environment: str) -> Box:
            process = stack.enter_context(
                subprocess.Popen(
                    [sys.executable, str(BOX), *specs],
                    stdout=subprocess.PIPE,
                    text=True,
                    env={**os.environ, **environment},
                )
            )
            watchdog = threading.Timer(LIMIT_S, process.kill)
            watchdog.start()
            stack.callback(process.kill)
            stack.callback(watchdog.cancel)
            return Box(process)

        yield start_box


def gone(pid: int) -> bool:
    """Whether the process is gone, or goes within the limit."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], LIMIT_S)[0])
    finally:
        os.close(handle)


def test_sigterm_stops_all_and_ends_with_0(start):
    box = start("agent=serves", "line=serves", "mind?=serves")
    box.until("all ready")
    box.process.send_signal(signal.SIGTERM)
    assert box.end() == 0
    assert box.lines[-2:] == ["stopping (SIGTERM)", "stopped"]
    assert len(box.pids()) == 3
    assert all(gone(pid) for pid in box.pids())


def test_ctrl_c_reaches_the_children_through_the_supervisor_only(start):
    box = start("agent=serves")
    box.until("all ready")
    assert os.getpgid(box.pids()[0]) != os.getpgid(box.process.pid)
    box.process.send_signal(signal.SIGINT)
    assert box.end() == 0
    assert box.lines[-2:] == ["stopping (SIGINT)", "stopped"]


def test_a_child_that_does_not_stop_is_killed_when_asked_twice(start):
    box = start("agent=deaf", "line=serves")
    box.until("all ready")
    box.process.send_signal(signal.SIGTERM)
    box.until("stopping (SIGTERM)")
    box.process.send_signal(signal.SIGTERM)
    assert box.end() == 0
    assert box.lines[-2:] == ["stopping at once (SIGTERM)", "stopped"]
    assert all(gone(pid) for pid in box.pids())


def test_a_child_that_does_not_stop_is_killed_in_the_end(start):
    box = start("agent=deaf", "line=serves")
    box.until("all ready")
    box.process.send_signal(signal.SIGTERM)
    assert box.end() == 0
    assert box.lines[-2:] == ["killed, did not stop in 4 s: agent", "stopped"]


def test_a_killed_child_is_started_again(start):
    box = start("agent=serves", "line=serves")
    box.until("all ready")
    os.kill(box.pids()[1], signal.SIGKILL)
    box.until("line died (SIGKILL): restart 1 of 5 in 60 s")
    box.until("line ready")
    box.process.send_signal(signal.SIGTERM)
    assert box.end() == 0
    assert len(set(box.pids())) == 3


def test_a_stuck_child_is_killed_and_started_again(start):
    box = start("line=stuck")
    box.until("line is stuck (no sign of life for 0.2 s): killed")
    box.until("line died (SIGKILL): restart 1 of 5")
    box.until("line ready")


@pytest.mark.parametrize(
    ("behaviour", "how"), [("fails", "exit status 69"), ("crashes", "SIGSEGV"), ("absent", "exit status 127")]
)
def test_a_child_that_dies_six_times_stops_everything(start, behaviour, how):
    box = start("agent=serves", f"line={behaviour}")
    assert box.end() == 69
    assert box.count("line died") == 5
    assert box.count(f"GIVING UP on line: it died 6 times within 60 s ({how})") == 1
    assert box.lines[-1] == "stopped"
    assert all(gone(pid) for pid in box.pids())


def test_what_a_child_says_of_itself_is_shown(start):
    box = start("line=fails")
    box.end()
    assert box.count("line: the port is taken") == 6


def test_wrong_settings_are_not_tried_again(start):
    box = start("agent=serves", "line=misconfigured")
    assert box.end() == 78
    assert box.count("GIVING UP on line: its settings are wrong") == 1
    assert box.count("restart") == 0


def test_an_optional_child_that_gives_up_leaves_the_others(start):
    box = start("agent=serves", "mind?=fails")
    box.until("WITHOUT MIND")
    if not box.count("all ready"):
        box.until("all ready")
    box.process.send_signal(signal.SIGTERM)
    assert box.end() == 0
    assert box.count("agent died") == 0


def test_no_child_outlives_a_killed_supervisor(start):
    box = start("agent=deaf", "line=serves")
    box.until("all ready")
    box.process.kill()
    box.process.wait(LIMIT_S)
    assert all(gone(pid) for pid in box.pids())


def test_whoever_started_the_supervisor_is_told(start):
    with contextlib.closing(NotifySocket()) as ours:
        box = start("agent=serves", NOTIFY_SOCKET=ours.address)
        assert select.select([ours], [], [], LIMIT_S)[0]
        (notice,) = ours.receive()
        assert notice.is_ready
        assert notice.pid == box.process.pid
