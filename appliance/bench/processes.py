"""The box's processes as the kernel counts them: who is whose child, processor time, memory."""

from __future__ import annotations

import os
from pathlib import Path

_CLOCK_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def descendants(pid: int) -> list[int]:
    """The process ids under `pid`, children before grandchildren."""
    children = [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and _parent(int(entry.name)) == pid
    ]
    return [one for child in children for one in (child, *descendants(child))]


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name, which may hold spaces; [] when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _parent(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[1]) if fields else -1


def cpu_s(pid: int) -> float:
    """Processor time used so far, seconds; 0 when the process is gone."""
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / _CLOCK_TICKS_PER_S if fields else 0.0


def pss_mb(pid: int) -> float:
    """Proportional set size in MiB; 0 when the process is gone."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    kilobytes = next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return round(kilobytes / 1024, 1)


def process_name(pid: int) -> str:
    """What the process is in the box: line, agent, mind, supervisor."""
    arguments = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    if "appliance.wiring" in arguments:
        return arguments[arguments.index("appliance.wiring") + 1]
    return "supervisor"


def machine() -> str:
    """The machine a figure was taken on."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        "unknown processor",
    )
    return f"{os.cpu_count()} cores, {model or 'unnamed x86-64'}"
