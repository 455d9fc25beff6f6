"""A running box as it is seen from outside: what its agent tells of it, and the memory of its processes.

Used by the observe process; doctor and TUI may look through the same window. Nothing here waits long: an agent
that does not answer within ASK_LIMIT_S is as good as none, which is the point of asking.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from appliance.ops.health import AgentState

SOCKET: Final = "figures.sock"
ASK_LIMIT_S: Final = 2.0
_TOLD_BYTES_MAX: Final = 200_000
_MODULE: Final = "appliance.wiring"
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")
_CLOCK_TICKS_HZ: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Told:
    """One answer of the agent: how it stands, and its figures in Prometheus's text format."""

    state: AgentState
    metrics: str


_DECODER: Final = msgspec.json.Decoder(Told)


def decode(packet: bytes) -> Told | None:
    """What the agent sent; None when that is no answer."""
    try:
        return _DECODER.decode(packet)
    except msgspec.MsgspecError:
        return None


@dataclass(frozen=True, slots=True)
class ProcessUse:
    """What one process of the box uses: memory that lies in RAM, processor time since it started."""

    name: str
    memory_bytes: int
    cpu_s: float


def processes(arguments: Sequence[str], root: Path = Path("/proc")) -> Iterator[ProcessUse]:
    """The processes that were started with these arguments after their name, as all of one box are.

    Those we may not see are left out.
    """
    for folder in root.glob("[0-9]*"):
        try:
            name = _name_of(folder, list(arguments))
            if name is not None:
                yield _use(name, folder)
        except (OSError, ValueError, IndexError):
            continue  # it ended while we looked


def _name_of(folder: Path, arguments: list[str]) -> str | None:
    """The name of a process of ours: `python -m appliance.wiring NAME [--config FILE]`."""
    words = (folder / "cmdline").read_bytes().decode(errors="replace").rstrip("\0").split("\0")
    if len(words) < 4 or words[1:3] != ["-m", _MODULE] or words[4:] != arguments:
        return None
    return words[3]


def _use(name: str, folder: Path) -> ProcessUse:
    resident_pages = int((folder / "statm").read_text().split()[1])
    after_name = (
        (folder / "stat").read_text().rpartition(")")[2].split()
    )  # proc(5): field 3 is the first here
    user, system = int(after_name[11]), int(after_name[12])
    return ProcessUse(name, resident_pages * _PAGE_BYTES, (user + system) / _CLOCK_TICKS_HZ)
