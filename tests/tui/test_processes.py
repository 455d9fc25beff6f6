"""The box's processes, found in a /proc made for it, and our own in the real one."""

from __future__ import annotations

from pathlib import Path

from appliance.tui.processes import Process, beside

_STAT = "{pid} (python3 (x)) S {parent} 1 1 0 -1 4194560 9 0 0 0 250 50 0 0 20 0 7 0 100 999999 2560 1 0 0"


def _process(proc: Path, pid: int, parent: int, *arguments: str) -> None:
    folder = proc / str(pid)
    folder.mkdir()
    (folder / "cmdline").write_text("\0".join(["python", "-m", *arguments, ""]))
    (folder / "stat").write_text(_STAT.format(pid=pid, parent=parent))


def test_those_beside_the_agent_with_the_same_settings(tmp_path: Path) -> None:
    config = ("--config", "/etc/a.toml")
    _process(tmp_path, 10, 1, "appliance.wiring", "agent", *config)
    _process(tmp_path, 11, 1, "appliance.wiring", "line", *config)
    _process(tmp_path, 12, 1, "appliance.wiring", "line", "--config", "/etc/b.toml")
    _process(tmp_path, 13, 9, "appliance.wiring", "mind", *config)
    _process(tmp_path, 14, 1, "http.server", "line", *config)
    (tmp_path / "self").mkdir()
    (tmp_path / "15").mkdir()  # gone while we looked
    found = beside(10, tmp_path)
    assert [(one.name, one.pid) for one in found] == [("agent", 10), ("line", 11)]
    assert found[0].threads == 7
    assert found[0].cpu_s > 0
    assert found[0].memory_bytes >= 2560 * 4096


def test_a_box_that_is_gone_has_no_processes(tmp_path: Path) -> None:
    assert beside(10, tmp_path) == []


def test_the_kernels_own_proc_is_read() -> None:
    assert all(isinstance(one, Process) for one in beside(1))
