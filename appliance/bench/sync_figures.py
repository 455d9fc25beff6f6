"""What a run of `appliance bench sync` amounts to: figures with their aims, from what was counted. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Final

from appliance.bench.figures import Distribution, Figure, Findings

COMMIT_AIM_MS: Final = 50.0
"""What writes a call may keep its thread no longer than the agent may keep its loop."""
DRAIN_AIM_ROWS_S: Final = 3.5
"""A hundred thousand rows within a night of eight hours."""
MEMORY_AIM_MB: Final = 8.0
_P99_LEAST = 100


@dataclass(frozen=True, slots=True)
class Commit:
    """One call that was closed with its outbox rows; `draining`: while the forwarder was at work."""

    draining: bool
    took_ms: float


@dataclass(frozen=True, slots=True)
class Counted:
    """What came of it all. `happened` things, each with one row; the rest is what was found afterwards.

    `held`: at the destination; `still_queued`; `lost`: neither; `duplicated`: there under two keys, or told again
    although it was acknowledged; `told_again`: told again because an answer was lost, and recognised.
    """

    happened: int
    held: int
    still_queued: int
    lost: int
    duplicated: int
    told_again: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything a run measured; memory is the proportional set size of the sync process."""

    commits: Sequence[Commit]
    queued_rows: int
    drained_rows: int
    drained_s: float
    memory_empty_mb: float
    memory_queued_mb: float
    counted: Counted


def findings(measured: Measured, *, command: str, conditions: Mapping[str, str]) -> Findings:
    """The figures of a run."""
    told = figures(measured)
    summary = {one.name.replace(" ", "_").replace(",", ""): one.value for one in told}
    return Findings(
        bench="sync",
        command=command,
        summary={**summary, "queued_rows": measured.queued_rows, "happened": measured.counted.happened},
        figures=told,
        rows=[{"draining": one.draining, "commit_ms": round(one.took_ms, 3)} for one in measured.commits],
        plots=[
            Distribution(
                "Closing a call with its outbox rows",
                "ms",
                {
                    "forwarder at rest": _times_ms(measured.commits, draining=False),
                    "forwarder draining": _times_ms(measured.commits, draining=True),
                },
            )
        ],
        conditions=conditions,
        notes=(
            "Calls are closed at the pace of four callers and more, in turns with the forwarder draining and at rest.",
            "The destination drops one answer in fifty after it has taken the row; the sync process is killed once.",
        ),
    )


def figures(measured: Measured) -> list[Figure]:
    """In the order they are shown."""
    resting, draining = (_times_ms(measured.commits, draining=one) for one in (False, True))
    counted = measured.counted
    return [
        Figure("commit p50, draining", _p50(draining), "ms", n=len(draining)),
        Figure("commit p99, draining", _p99(draining), "ms", COMMIT_AIM_MS, n=len(draining)),
        Figure("commit p50, at rest", _p50(resting), "ms", n=len(resting)),
        Figure("commit p99, at rest", _p99(resting), "ms", COMMIT_AIM_MS, n=len(resting)),
        Figure(
            "drain rate",
            round(measured.drained_rows / measured.drained_s, 1) if measured.drained_s else None,
            "rows/s",
            DRAIN_AIM_ROWS_S,
            at_most=False,
            n=measured.drained_rows,
        ),
        Figure(
            "memory queued",
            round(max(0.0, measured.memory_queued_mb - measured.memory_empty_mb), 1),
            "MB",
            MEMORY_AIM_MB,
            n=measured.queued_rows,
        ),
        Figure("lost", counted.lost, "things", 0, n=counted.happened),
        Figure("duplicated", counted.duplicated, "things", 0, n=counted.held),
        Figure("told again and recognised", counted.told_again, "things", n=counted.held),
    ]


def _times_ms(commits: Sequence[Commit], *, draining: bool) -> list[float]:
    return [one.took_ms for one in commits if one.draining is draining]


def _p50(values_ms: Sequence[float]) -> float | None:
    return round(median(values_ms), 2) if values_ms else None


def _p99(values_ms: Sequence[float]) -> float | None:
    """None under a hundred values: it would be the worst of few."""
    if len(values_ms) < _P99_LEAST:
        return None
    return round(quantiles(values_ms, n=100, method="inclusive")[-1], 2)
