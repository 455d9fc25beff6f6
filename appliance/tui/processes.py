"""The box's processes as the kernel counts them: those that were started beside the agent. Source: proc(5)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_MODULE: Final = "appliance.wiring"
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")
_TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Process:
    """One process: what it has used since it began, and what it holds now."""

    name: str
    pid: int
    cpu_s: float
    memory_bytes: int
    threads: int


def beside(pid: int, proc: Path = Path("/proc")) -> list[Process]:
    """The process `pid` and those with its parent and its settings, by name."""
    arguments, parent = _arguments(proc / str(pid)), _parent(proc / str(pid))
    same = arguments[4:]
    near = (one for one in _ours(proc) if _arguments(one)[4:] == same and _parent(one) == parent)
    found = (_process(folder) for folder in near)
    return sorted((one for one in found if one is not None), key=lambda one: one.name)


def _ours(proc: Path) -> Iterator[Path]:
    for folder in proc.iterdir():
        if folder.name.isdigit() and _arguments(folder)[2:3] == [_MODULE]:
            yield folder


def _arguments(folder: Path) -> list[str]:
    """As it was started: python -m appliance.wiring NAME ...; empty when it is gone."""
    try:
        return folder.joinpath("cmdline").read_text(encoding="utf-8", errors="replace").split("\0")
    except OSError:
        return []


def _figures(folder: Path) -> list[str]:
    """stat(5) after the name, which may hold anything: [0] is the state, [1] the parent."""
    try:
        return (
            folder.joinpath("stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
    except OSError:
        return []


def _parent(folder: Path) -> str:
    return next(iter(_figures(folder)[1:2]), "")


def _process(folder: Path) -> Process | None:
    figures, arguments = _figures(folder), _arguments(folder)
    if len(figures) < 22 or len(arguments) < 4:
        return None
    return Process(
        name=arguments[3],
        pid=int(folder.name),
        cpu_s=(int(figures[11]) + int(figures[12])) / _TICKS_PER_S,
        memory_bytes=int(figures[21]) * _PAGE_BYTES,
        threads=int(figures[17]),
    )
