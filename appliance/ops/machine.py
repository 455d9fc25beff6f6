"""Asks the machine what the doctor wants to know of it: disk, clock, memory, scheduling, ports, processes."""

from __future__ import annotations

import ctypes
import fcntl
import os
import re
import resource
import socket
import subprocess
import time
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from appliance.errors import StoreFault
from appliance.ops.checks_keeping import UnitFacts
from appliance.ops.checks_machine import ClockFacts, DiskFacts, PortFacts, PowerFacts, RealtimeFacts

_WRITES: Final = 7
_WRITE_BYTES: Final = 4096
_RT_PRIORITY: Final = 10
_CAP_SYS_NICE: Final = 23  # capabilities(7)
_STA_UNSYNC: Final = 0x0040  # adjtimex(2)
_TIMEX_BYTES: Final = 256  # struct timex is 208 on 64 bits
_TIMEX_STATUS_OFFSET: Final = 40
_UNIT_FOLDERS: Final = (Path("/etc/systemd/system"), Path("/lib/systemd/system"))
_LINE_UNIT: Final = "attendant-line.service"
_SYSTEMCTL: Final = ("systemctl", "--no-pager")
_SYSTEMCTL_LIMIT_S: Final = 20.0
_UNIT_PROPERTIES: Final = (
    *("Id", "LoadState", "UnitFileState", "ActiveState", "Result", "ExecMainStatus"),
    *("NRestarts", "WatchdogUSec"),
)
_UNIT_S: Final = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0}
_REALTIME: Final = frozenset({os.SCHED_RR, os.SCHED_FIFO})


def disk_facts(folder: Path) -> DiskFacts:
    """Room under `folder`, and some writes to it. StoreFault when it does not take them."""
    stat = os.statvfs(folder)
    return DiskFacts(
        place=str(folder),
        free_bytes=stat.f_bavail * stat.f_frsize,
        inodes_free=stat.f_favail,
        inodes=stat.f_files,
        fsync_ms=tuple(_timed_writes(folder)),
    )


def _timed_writes(folder: Path) -> Iterator[float]:
    """How long each of a few small writes took to be safe, ms; the file is gone afterwards."""
    probe = folder / f".doctor-{os.getpid()}"
    try:
        with probe.open("wb", buffering=0) as file:
            for _ in range(_WRITES):
                began_s = time.monotonic()
                file.write(bytes(_WRITE_BYTES))
                os.fsync(file.fileno())
                yield (time.monotonic() - began_s) * 1000
    except OSError as error:
        raise StoreFault(
            f"{folder}: cannot be written ({error.strerror}).",
            remedy="Free space, and give the folder to the user the appliance runs as.",
        ) from error
    finally:
        probe.unlink(missing_ok=True)


def clock_facts(now: datetime, newest_record_at: datetime | None) -> ClockFacts:
    """What the kernel knows of its clock."""
    return ClockFacts(now, _is_synchronised(), newest_record_at)


def _is_synchronised() -> bool | None:
    """The kernel's own flag, which every NTP client keeps (timedatectl shows the same); None: it does not say."""
    try:
        adjtimex = ctypes.CDLL(None, use_errno=True).adjtimex
    except (AttributeError, OSError):
        return None
    timex = ctypes.create_string_buffer(_TIMEX_BYTES)  # modes 0: only read
    if adjtimex(timex) < 0:
        return None
    status = ctypes.c_int.from_buffer(timex, _TIMEX_STATUS_OFFSET).value
    return not status & _STA_UNSYNC


def power_facts(model_bytes: int, *, box_runs: bool) -> PowerFacts:
    """Cores this process may use, and the machine's memory."""
    text = Path("/proc/meminfo").read_text(encoding="ascii")
    kilobytes = {key: int(value) for key, value in re.findall(r"(\w+):\s+(\d+) kB", text)}
    return PowerFacts(
        cores=len(os.sched_getaffinity(0)),
        memory_bytes=kilobytes["MemTotal"] * 1024,
        available_bytes=kilobytes["MemAvailable"] * 1024,
        model_bytes=model_bytes,
        box_runs=box_runs,
    )


def realtime_facts(line_pid: int | None) -> RealtimeFacts:
    """How the line process `line_pid` is scheduled, and what we may ask for."""
    return RealtimeFacts(
        line_is_realtime=None if line_pid is None else _is_realtime(line_pid),
        may=_may_be_realtime(),
        unit_gives=_unit_gives_realtime(),
    )


def _is_realtime(pid: int) -> bool | None:
    """Whether any thread of it is: the telephone's are, the main one need not be."""
    try:
        threads = [int(one.name) for one in Path(f"/proc/{pid}/task").iterdir()]
        return any(os.sched_getscheduler(one) in _REALTIME for one in threads)
    except OSError:
        return None  # gone meanwhile


def _may_be_realtime() -> bool:
    _, hard = resource.getrlimit(resource.RLIMIT_RTPRIO)
    if hard == resource.RLIM_INFINITY or hard >= _RT_PRIORITY:
        return True
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"^CapEff:\s*([0-9a-f]+)$", status, re.MULTILINE)
    return bool(found and int(found[1], 16) >> _CAP_SYS_NICE & 1)


def _unit_gives_realtime() -> bool:
    files = (folder / _LINE_UNIT for folder in _UNIT_FOLDERS)
    return any(
        "CPUSchedulingPolicy=rr" in file.read_text(encoding="utf-8") for file in files if file.is_file()
    )


def port_facts(setting: str, transport: str, address: str, port: int) -> PortFacts:
    """Whether `port` can be taken: it is, for a moment."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    try:
        with socket.socket(family, kind) as sock:
            if kind is socket.SOCK_STREAM:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind((address, port))
    except OSError as error:
        return PortFacts(setting, transport, address, port, False, error.strerror or "cannot be had")
    return PortFacts(setting, transport, address, port, True)


def process_of(name: str, settings_files: Collection[str]) -> int | None:
    """The pid of this box's process `name` (line, agent, mind); None when none runs that we may see.

    Of several boxes on one machine it is the one that was given one of these settings files; "": none was given.
    """
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().decode(errors="replace").rstrip("\0").split("\0")
        except OSError:
            continue  # gone meanwhile
        if words[1:4] == ["-m", "appliance.wiring", name] and _settings_in(words) in settings_files:
            return int(entry.name)
    return None


def _settings_in(words: list[str]) -> str:
    return words[words.index("--config") + 1] if "--config" in words[:-1] else ""


def holder_of(lock: Path) -> int | None:
    """The process that holds a lock of `ops.single`; None: nobody does, or it cannot be seen."""
    try:
        with lock.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                words = file.read(32).split()
                return int(words[0]) if words and words[0].isdigit() else 0
    except OSError:
        return None
    return None


def units() -> list[UnitFacts]:
    """Our systemd units that are enabled, as systemd has them; none where there is no systemd."""
    try:
        done = subprocess.run(
            [*_SYSTEMCTL, "show", f"--property={','.join(_UNIT_PROPERTIES)}", *_our_units()],
            capture_output=True,
            text=True,
            timeout=_SYSTEMCTL_LIMIT_S,
            check=True,
        )
    except (subprocess.SubprocessError, OSError):
        return []
    return [one for one in map(read_unit, done.stdout.split("\n\n")) if one is not None]


def _our_units() -> list[str]:
    """Installed units of processes, except those that only some offices start."""
    found = {file.name for folder in _UNIT_FOLDERS for file in folder.glob("attendant-*.service")}
    return sorted(found) or [_LINE_UNIT]


def read_unit(text: str) -> UnitFacts | None:
    """One unit from `systemctl show`; None for one that is not installed, or never started on purpose."""
    said = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    if said.get("LoadState") != "loaded" or said.get("UnitFileState") not in ("enabled", "static"):
        return None
    return UnitFacts(
        name=said.get("Id", ""),
        active="active" if _ended_well(said) else said.get("ActiveState", ""),
        restarts=int(said.get("NRestarts") or 0),
        watchdog_s=_seconds(said.get("WatchdogUSec", "")),
    )


def _ended_well(said: dict[str, str]) -> bool:
    """A process the settings want nothing of says it is ready and ends: that is no failure."""
    return (
        said.get("ActiveState") == "inactive"
        and said.get("Result") == "success"
        and said.get("ExecMainStatus") == "0"
    )


def _seconds(text: str) -> float:
    """A time span as systemd prints it: "5s", "1min 30s", "0", "infinity"."""
    spans = re.findall(r"([\d.]+)(us|ms|s|min|h)", text)
    return sum(float(number) * _UNIT_S[unit] for number, unit in spans)
