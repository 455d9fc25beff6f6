"""Shows downloads: bars with size, speed and remaining time on a terminal, now and then a line elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from appliance.clock import Clock, SystemClock

_LINE_EVERY_S = 5.0


class Display(Protocol):
    """What `weights.workshop.Progress` asks for, on a screen."""

    def moved(self, model: str, done_bytes: int, total_bytes: int) -> None:
        """So much of `model` has arrived."""
        ...

    def said(self, model: str, text: str) -> None:
        """Something worth a line."""
        ...


@contextmanager
def display(stream: TextIO) -> Iterator[Display]:
    """A display on `stream`, as it suits it."""
    console = Console(file=stream, highlight=False)
    if not console.is_terminal:
        yield Lines(lambda line: print(line, file=stream, flush=True), SystemClock())
        return
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console,
    ) as bars:
        yield Bars(bars)


class Bars:
    """One bar a model."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def moved(self, model: str, done_bytes: int, total_bytes: int) -> None:
        """Move the model's bar."""
        if model not in self._tasks:
            self._tasks[model] = self._bars.add_task(model)
        self._bars.update(self._tasks[model], completed=done_bytes, total=total_bytes)

    def said(self, model: str, text: str) -> None:
        """Print above the bars."""
        self._bars.console.print(f"{model}: {text}", style="dim")


class Lines:
    """A line when a model begins, every few seconds, and when it is complete: for logs."""

    def __init__(self, write: Callable[[str], None], clock: Clock) -> None:
        self._write = write
        self._clock = clock
        self._begun: dict[str, tuple[float, int]] = {}
        self._last_s = 0.0
        self._last = ("", 0, 0)

    def moved(self, model: str, done_bytes: int, total_bytes: int) -> None:
        """Write a line if it is time for one."""
        now_s = self._clock.monotonic_s()
        if model not in self._begun:
            self._begun[model] = (now_s, done_bytes)
        elif done_bytes < total_bytes and now_s - self._last_s < _LINE_EVERY_S:
            return
        if self._last == (model, done_bytes, total_bytes):
            return
        self._last, self._last_s = (model, done_bytes, total_bytes), now_s
        self._write(f"{model}: {self._line(model, done_bytes, total_bytes, now_s)}")

    def _line(self, model: str, done_bytes: int, total_bytes: int, now_s: float) -> str:
        begun_s, begun_bytes = self._begun[model]
        progress = f"{done_bytes / 1e6:.1f} of {total_bytes / 1e6:.1f} MB"
        per_s = (done_bytes - begun_bytes) / (now_s - begun_s) if now_s > begun_s else 0.0
        if per_s <= 0 or done_bytes >= total_bytes:
            return progress
        return f"{progress}, {per_s / 1e6:.1f} MB/s, {(total_bytes - done_bytes) / per_s:.0f} s left"

    def said(self, model: str, text: str) -> None:
        """Write it."""
        self._write(f"{model}: {text}")
