"""Time, handed in: the one place that reads a clock, so that everything else can be given one."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

REHEARSED_AT: Final = "ATTENDANT_REHEARSED_AT"
"""In the environment of a box on loopback: the moment (ISO 8601 with offset) at which its clock stands still."""


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


@dataclass(frozen=True, slots=True)
class StandingClock:
    """Wall time stands still at one moment and seconds pass all the same: a rehearsal of a day that is not today."""

    at: datetime

    def now(self) -> datetime:
        """The moment it stands at."""
        return self.at

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
