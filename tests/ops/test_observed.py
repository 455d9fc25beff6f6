"""A box from outside: what its agent sent is read or refused, its processes are found by how they were started."""

from __future__ import annotations

from pathlib import Path

import msgspec

from appliance.ops.health import AgentState
from appliance.ops.observed import ProcessUse, Told, decode, processes

OURS = ["--config", "/etc/box.toml"]


def process(root: Path, pid: int, *command: str) -> None:
    folder = root / str(pid)
    folder.mkdir()
    (folder / "cmdline").write_bytes("\0".join(command).encode() + b"\0")
    (folder / "statm").write_text("90000 1000 500 1 0 80000 0\n")
    (folder / "stat").write_text(
        f"{pid} (python (x) -m) S 1 1 1 0 -1 4194560 9000 0 2 0 250 50 0 0 20 0 9 0 5 1 1\n"
    )


def test_the_processes_of_this_box_and_of_no_other(tmp_path: Path):
    process(tmp_path, 11, "/venv/bin/python", "-m", "appliance.wiring", "agent", *OURS)
    process(tmp_path, 12, "/venv/bin/python", "-m", "appliance.wiring", "line", "--config", "/etc/other.toml")
    process(tmp_path, 13, "/venv/bin/python", "-m", "appliance.cli.app", "run", *OURS)
    process(tmp_path, 14, "/bin/sh")
    (tmp_path / "15").mkdir()  # it ended while we looked
    (found,) = processes(OURS, tmp_path)
    assert found.name == "agent"
    assert found.memory_bytes % 1000 == 0
    assert found.memory_bytes >= 1000 * 4096
    assert found.cpu_s > 0


def test_without_a_settings_file_too(tmp_path: Path):
    process(tmp_path, 11, "python", "-m", "appliance.wiring", "mind")
    assert [one.name for one in processes([], tmp_path)] == ["mind"]


def test_what_the_agent_sent_is_read_or_refused():
    told = Told(AgentState("full", ("mind",), calls=2, beat_s=0.5), "# HELP\n")
    assert decode(msgspec.json.encode(told)) == told
    assert decode(b"") is None
    assert decode(b'{"state": 1}') is None


def test_this_very_machine_can_be_looked_at():
    assert all(isinstance(one, ProcessUse) for one in processes(["--config", "/nowhere"]))
