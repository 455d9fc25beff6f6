"""Two appliances never share a data directory; a dead one holds nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from appliance.errors import EXIT_BUSY, EXIT_CANNOT_CREATE, AlreadyRunning, StoreFault
from appliance.ops.single import LOCK_NAME, single_instance

HOLDER = """
import sys
from pathlib import Path
from appliance.ops.single import single_instance
with single_instance(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_second_is_refused_with_pid_and_remedy_until_the_first_is_gone(tmp_path):
    run = tmp_path / "run"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(run)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunning) as caught, single_instance(run):
            pass
        assert caught.value.exit_status == EXIT_BUSY
        assert f"(pid {holder.pid})" in caught.value.message
        assert f"kill {holder.pid}" in caught.value.remedy
        holder.send_signal(signal.SIGKILL)
    with single_instance(run):
        assert (run / LOCK_NAME).read_text() == f"{os.getpid()}\n"


def test_the_lock_is_let_go_even_when_the_block_fails(tmp_path):
    for _ in range(2):
        with pytest.raises(RuntimeError), single_instance(tmp_path):
            raise RuntimeError


def test_a_folder_that_cannot_be_written_is_a_clear_fault(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with (
        pytest.raises(StoreFault, match="cannot be written") as caught,
        single_instance(tmp_path / "file" / "run"),
    ):
        pass
    assert caught.value.exit_status == EXIT_CANNOT_CREATE
    assert caught.value.remedy
