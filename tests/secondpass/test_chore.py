"""The second pass is started when the box is idle and gone when somebody calls."""

from __future__ import annotations

import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.clock import SystemClock
from appliance.errors import EngineFault
from appliance.secondpass.chore import SecondPassing

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
WORKS = """
import os, sys, time
from pathlib import Path
assert os.environ["PARENT"] == str(os.getppid()) and "NOTIFY_SOCKET" not in os.environ
Path(sys.argv[1]).write_text(str(os.getpid()))
time.sleep(float(sys.argv[2]))
sys.exit(int(sys.argv[3]))
"""


class Second:
    def __init__(self, *waiting: str) -> None:
        self.calls = list(waiting)

    def waiting(self, since: datetime, limit: int = 1) -> list[str]:
        return self.calls[:limit]


def chore(
    folder: Path, works_s: float, status: int = 0, quiet=lambda now: True, second=None
) -> SecondPassing:
    command = (sys.executable, "-c", WORKS, str(folder / "pid"), str(works_s), str(status))
    return SecondPassing(command, second or Second("c1"), SystemClock(), quiet, parent_variable="PARENT")


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


def pid_in(folder: Path) -> int:
    deadline = time.monotonic() + 30
    while not (folder / "pid").exists() or not (folder / "pid").read_text():
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)
    return int((folder / "pid").read_text())


def test_due_only_when_idle_and_something_waits(tmp_path: Path) -> None:
    assert chore(tmp_path, 0).is_due(NOW, idle=True)
    assert not chore(tmp_path, 0).is_due(NOW, idle=False)
    assert not chore(tmp_path, 0, second=Second()).is_due(NOW, idle=True)


def test_it_runs_to_its_end_when_nobody_calls(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", "/nowhere")
    chore(tmp_path, 0).do(threading.Event())
    assert not is_alive(pid_in(tmp_path))


def test_it_is_gone_when_somebody_calls(tmp_path: Path) -> None:
    """Nobody is on the line until the process works; then somebody is."""
    chore(tmp_path, 600, quiet=lambda now: not (tmp_path / "pid").exists()).do(threading.Event())
    assert not is_alive(pid_in(tmp_path))


def test_it_is_gone_when_the_box_stops(tmp_path: Path) -> None:
    stop = threading.Event()
    doing = threading.Thread(target=chore(tmp_path, 600).do, args=(stop,))
    doing.start()
    pid = pid_in(tmp_path)
    assert is_alive(pid)
    stop.set()
    doing.join(30)
    assert not doing.is_alive()
    assert not is_alive(pid)


def test_a_process_that_fails_is_said(tmp_path: Path) -> None:
    with pytest.raises(EngineFault, match="status 69"):
        chore(tmp_path, 0, status=69).do(threading.Event())
