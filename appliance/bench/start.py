"""How fast a box is there and what it costs to be there: start, greeting, memory, idle CPU, command line.

A report, not a timed test. Memory is the proportional set size (PSS) of all processes: pages that two of them
share count once. Models are mapped files, so PSS holds the part of them that is in memory.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from appliance import __version__, settings
from appliance.bench.box import Box, free_udp_port, write_config
from appliance.bench.dialer import Dialer
from appliance.bench.processes import cpu_s, descendants, machine, process_name, pss_mb
from appliance.clock import Clock

_CLI_RUNS = 5
_REGISTERED = '"registered": true'  # in the agent's log, once the line has told it
_SETTLE_MAX_S = 60
_SETTLED_CPU_S = 0.1  # of a second: under a tenth of a core is idling


@dataclass(frozen=True, slots=True)
class StartReport:
    """What was measured; `rows` sets it beside what is aimed at."""

    profile: str
    ready_s: float
    registered_s: float | None
    greeting_ms: float | None
    memory_mb: float
    memory_by_process_mb: dict[str, float]
    idle_cpu_percent: float
    cli_start_ms: float
    machine: str
    version: str

    def rows(self, memory_aim_mb: float) -> list[tuple[str, str, str, bool]]:
        """(what, measured, aim, met) for a table."""
        greeting = "no greeting" if self.greeting_ms is None else f"{self.greeting_ms:.0f} ms"
        return [
            ("ready to answer", f"{self.ready_s:.1f} s", "5 s", self.ready_s <= 5),
            *self._registration_row(),
            (
                "greeting after the INVITE is accepted",
                greeting,
                "200 ms",
                self.greeting_ms is not None and self.greeting_ms <= 200,
            ),
            (
                "whole stack idle, memory",
                f"{self.memory_mb:.0f} MB",
                f"{memory_aim_mb:.0f} MB",
                self.memory_mb <= memory_aim_mb,
            ),
            ("idle CPU of a core", f"{self.idle_cpu_percent:.1f} %", "3 %", self.idle_cpu_percent <= 3),
            ("command line start", f"{self.cli_start_ms:.0f} ms", "300 ms", self.cli_start_ms <= 300),
        ]

    def _registration_row(self) -> list[tuple[str, str, str, bool]]:
        if self.registered_s is None:
            return []
        return [("registered after that", f"{self.registered_s:.1f} s", "1 s", self.registered_s <= 1)]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def measure(
    folder: Path, profile: str, clock: Clock, *, idle_s: float = 10.0, account: dict[str, str] | None = None
) -> StartReport:
    """Start a box twice (the second time with warm files), call it once, then let it idle.

    `account` holds `registrar` and `user` of a phone system to register with (its password is the secret
    sip_password); without one, registration is not measured.
    """
    config = write_config(
        folder,
        tables={
            "sip": {"bind_address": "127.0.0.1", "port": free_udp_port(), "rtp_port": 0, **(account or {})},
            "models": {"profile": profile},
        },
    )
    with Box(config, folder) as box:
        box.wait_ready()
    began_s = clock.monotonic_s()
    with Box(config, folder) as box:
        box.wait_ready()
        ready_s = clock.monotonic_s() - began_s
        if account:
            box.wait_for(_REGISTERED)
        registered_s = clock.monotonic_s() - began_s - ready_s if account else None
        greeting_ms = _greeting_ms(config)
        pids = [box.pid, *descendants(box.pid)]
        _settle(pids)
        busy_before = sum(map(cpu_s, pids))
        threading.Event().wait(idle_s)
        busy_s = sum(map(cpu_s, pids)) - busy_before
        memory = {process_name(pid): pss_mb(pid) for pid in pids}
    return StartReport(
        profile=profile,
        ready_s=round(ready_s, 2),
        registered_s=None if registered_s is None else round(registered_s, 2),
        greeting_ms=greeting_ms,
        memory_mb=round(sum(memory.values()), 1),
        memory_by_process_mb=memory,
        idle_cpu_percent=round(100 * busy_s / idle_s, 2),
        cli_start_ms=round(_cli_start_ms(clock), 0),
        machine=machine(),
        version=__version__,
    )


def _settle(pids: list[int]) -> None:
    """Wait until nothing is being prepared any more: the mind evaluates its system prompt after it is ready."""
    for _ in range(_SETTLE_MAX_S):
        busy_before = sum(map(cpu_s, pids))
        threading.Event().wait(1.0)
        if sum(map(cpu_s, pids)) - busy_before < _SETTLED_CPU_S:
            return


def _greeting_ms(config: Path) -> float | None:
    """First packet of the greeting at the caller, ms after its INVITE was accepted."""
    with Dialer(f"sip:attendant@127.0.0.1:{settings.load(config).sip.port}") as dialer:
        dialer.wait_agent()
        dialer.hang_up()
        dialer.wait_end()
        found = dialer.all("first_agent_packet")
    return float(found[0]["ms"]) if found else None


def _cli_start_ms(clock: Clock) -> float:
    times_ms = []
    for _ in range(_CLI_RUNS):
        began_s = clock.monotonic_s()
        subprocess.run(
            [sys.executable, "-m", "appliance.cli.app", "--version"], check=True, stdout=subprocess.DEVNULL
        )
        times_ms.append((clock.monotonic_s() - began_s) * 1000)
    return median(times_ms)
