"""Time, handed in: the one place that reads a clock, so that everything else can be given one."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What a room may ask of time."""

    def now(self) -> datetime:
        """Wall time, timezone-aware, local to the office."""
        ...

    def monotonic_s(self) -> float:
        """Seconds that never go back; only differences mean anything."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Wall time in the machine's time zone."""
        return datetime.now(UTC).astimezone()

    def monotonic_s(self) -> float:
        """Seconds since some fixed moment in the past."""
        return time.monotonic()


@dataclass
class SetClock:
    """A clock that stands still until it is moved: for tests and for replaying a call."""

    at: datetime
    elapsed_s: float = field(default=0.0)

    def now(self) -> datetime:
        """The moment it was set to, plus what `advance` added."""
        return self.at

    def monotonic_s(self) -> float:
        """Seconds advanced so far."""
        return self.elapsed_s

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self.at += timedelta(seconds=seconds)
        self.elapsed_s += seconds
