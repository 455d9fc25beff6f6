"""How late the 20 ms ticks of a call fire (measure.md: tick_lateness_ms), counted in half milliseconds.

A tick's RTP packet is sent in the tick itself, so a tick that is late is a packet that is late.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Final

from appliance.domain.sound import TICK_MS

BUCKET_MS: Final = 0.5
_BUCKETS: Final = 400  # to 200 ms; what is later stands in the last
_STANDSTILL_MS: Final = 500.0  # pjmedia's clock gives up catching up and counts from where it is


@dataclass(slots=True)
class TickLateness:
    """Told of every tick; ticks are due every 20 ms from the one that was earliest for its place.

    The first tick may have been late itself: when a later one comes before it is due, the due times move.
    """

    worst_ms: float = 0.0
    _due_ms: float | None = None
    _counts: list[int] = field(default_factory=lambda: [0] * _BUCKETS)

    def fired(self, now_s: float) -> None:
        """A tick fires now, in seconds that never go back."""
        now_ms = now_s * 1000
        late_ms = 0.0 if self._due_ms is None else now_ms - self._due_ms
        if late_ms <= 0 or late_ms > _STANDSTILL_MS:
            self._due_ms = now_ms
        self._due_ms = (now_ms if self._due_ms is None else self._due_ms) + TICK_MS
        self._count(max(0.0, late_ms))

    def _count(self, late_ms: float) -> None:
        self.worst_ms = max(self.worst_ms, late_ms)
        self._counts[min(_BUCKETS - 1, int(late_ms / BUCKET_MS))] += 1

    def counts_between(self, bounds_ms: Sequence[float]) -> tuple[int, ...]:
        """How many ticks were late by up to each bound, but over the one before; last, those over all bounds."""
        edges = [0, *(int(bound_ms / BUCKET_MS) for bound_ms in bounds_ms), _BUCKETS]
        return tuple(sum(self._counts[lower:upper]) for lower, upper in pairwise(edges))

    @property
    def together_ms(self) -> float:
        """How late all ticks were together, each counted as the middle of its half millisecond."""
        return sum((index + 0.5) * BUCKET_MS * count for index, count in enumerate(self._counts) if count)

    def percentile_ms(self, percent: float) -> float:
        """What `percent` of the ticks did not exceed, to the half millisecond above; 0 without ticks."""
        wanted = sum(self._counts) * percent / 100
        if wanted == 0:
            return 0.0
        bucket = next(index for index, reached in enumerate(accumulate(self._counts)) if reached >= wanted)
        return min(round(self.worst_ms, 1), (bucket + 1) * BUCKET_MS)
