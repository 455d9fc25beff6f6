"""A box that somebody started ends with them, however they ended."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from appliance.bench.box import free_udp_port, write_config

STARTER = """
import sys
from pathlib import Path
from appliance.bench.box import Box
with Box(Path(sys.argv[1]), Path(sys.argv[2])) as box:
    box.wait_for("starting")
    print(box.pid, flush=True)
    sys.stdin.read()
"""
LIMIT_S = 60.0


def is_alive(pid: int) -> bool:
    """Whether the process still does something; one that nobody has asked about its end does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.real
def test_a_box_whose_starter_was_killed_is_gone(folder: Path) -> None:
    sip = {"bind_address": "127.0.0.1", "port": free_udp_port(), "rtp_port": 0}
    config = write_config(folder, tables={"sip": sip, "models": {"language_model": "none"}})
    command = [sys.executable, "-c", STARTER, str(config), str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        pid = int(starter.stdout.readline())
        assert is_alive(pid)
        starter.kill()
        deadline = time.monotonic() + LIMIT_S
        while is_alive(pid) and time.monotonic() < deadline:
            threading.Event().wait(0.02)
        assert not is_alive(pid)
