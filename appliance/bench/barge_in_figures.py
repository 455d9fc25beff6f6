"""What the trials of `bench barge-in` amount to. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any, Final

from appliance.bench.figures import Distribution, Figure, Findings

INTERRUPTION: Final = "interruption"
ECHO: Final = "echo"
FALSE_STOP_MS: Final = 300
_STOP_AIM_MS, _RECALL_AIM, _FALSE_STOPS_AIM = 150.0, 0.98, 0.05
_ENOUGH_FOR_P95: Final = 30


@dataclass(frozen=True, slots=True)
class Condition:
    """One line and one room, and how often it is tried there."""

    name: str
    interruptions: int = 0
    distractors: int = 0
    echo_db: float | None = None
    echo_ms: int = 0
    noise: Path | None = None
    snr_db: float = 15.0
    jitter_ms: float = 0.0
    loss_percent: float = 0.0

    @property
    def is_disturbed(self) -> bool:
        """Whether the line itself makes a sound that could stop the agent."""
        return self.echo_db is not None or self.noise is not None

    @property
    def has_network(self) -> bool:
        """Whether packets come late or not at all."""
        return self.jitter_ms > 0 or self.loss_percent > 0


@dataclass(frozen=True, slots=True)
class Trial:
    """One sound over the agent. `held_ms`: each time it fell silent and for how long, beyond its own pauses."""

    condition: str
    kind: str
    source: str = ""
    at_ms: int = 0
    stop_ms: int | None = None
    held_ms: list[int] = field(default_factory=list)
    abandoned: bool = False
    first_word_lost: bool | None = None

    @property
    def is_false_stop(self) -> bool:
        """Silent for long enough to be noticed as a stop, or the sentence given up."""
        return self.abandoned or any(one >= FALSE_STOP_MS for one in self.held_ms)


def findings(trials: Sequence[Trial], command: str, conditions: Mapping[str, str]) -> Findings:
    """The report of a run."""
    found = summary(trials)
    interrupted = [one for one in trials if one.kind == INTERRUPTION]
    distracted = [one for one in trials if one.kind != INTERRUPTION]
    figures = [
        Figure("stop p50", found["stop_p50_ms"], "ms", None, n=found["n"]),
        Figure("stop p95", found["stop_p95_ms"], "ms", _STOP_AIM_MS, n=found["n"]),
        Figure("recall", found["recall"], "share", _RECALL_AIM, at_most=False, n=len(interrupted)),
        Figure("false stops", found["false_stops_share"], "share", _FALSE_STOPS_AIM, n=len(distracted)),
        Figure("sentences given up", found["abandoned_share"], "share", _FALSE_STOPS_AIM, n=len(distracted)),
        Figure("stops for our own echo", found["echo_stops"], "stops", 0.0),
        Figure("first words lost", found["first_words_lost"], "words", 0.0, n=found["first_words_checked"]),
    ]
    return Findings(
        bench="barge-in",
        command=command,
        summary=found,
        figures=figures,
        rows=[asdict(one) for one in trials],
        plots=[
            Distribution(
                "From the caller's first packet to our last", "ms", _stops_by_condition(interrupted)
            ),
            Distribution("How long sounds that mean nothing keep us silent", "ms", _held_by_kind(distracted)),
        ],
        conditions=conditions,
        notes=(
            f"A false stop is a sound at which the agent was silent for {FALSE_STOP_MS} ms or more beyond its "
            "own pauses, or gave its sentence up; a hold is silence of 100 ms or more, taken up from the word.",
            "First words: only those that the recogniser hears from the same recording without an agent.",
        ),
    )


def summary(trials: Sequence[Trial]) -> dict[str, Any]:
    """What `--json` prints. None where nothing was tried."""
    interrupted = [one for one in trials if one.kind == INTERRUPTION]
    distracted = [one for one in trials if one.kind != INTERRUPTION]
    stops_ms = sorted(one.stop_ms for one in interrupted if one.stop_ms is not None)
    checked = [one for one in interrupted if one.first_word_lost is not None]
    return {
        "n": len(stops_ms),
        "stop_p50_ms": _percentile(stops_ms, 50),
        "stop_p95_ms": _percentile(stops_ms, 95) if len(stops_ms) >= _ENOUGH_FOR_P95 else None,
        "recall": _share([one.stop_ms is not None for one in interrupted]),
        "false_stops_share": _share([one.is_false_stop for one in distracted]),
        "first_words_lost": sum(bool(one.first_word_lost) for one in checked),
        "first_words_checked": len(checked),
        "holds_share": _share([bool(one.held_ms) for one in distracted]),
        "resumed_share": _share([not one.abandoned for one in distracted if one.held_ms or one.abandoned]),
        "abandoned_share": _share([one.abandoned for one in distracted]),
        "echo_stops": sum(one.is_false_stop for one in distracted if one.kind == ECHO),
        "echo_holds": sum(len(one.held_ms) for one in distracted if one.kind == ECHO),
        "by_kind": {kind: _of_kind(distracted, kind) for kind in sorted({one.kind for one in distracted})},
        "by_condition": {
            name: _of_condition(interrupted, name) for name in dict.fromkeys(one.condition for one in trials)
        },
    }


def _of_kind(distracted: Sequence[Trial], kind: str) -> dict[str, Any]:
    some = [one for one in distracted if one.kind == kind]
    return {
        "n": len(some),
        "false_stops": sum(one.is_false_stop for one in some),
        "abandoned": sum(one.abandoned for one in some),
        "holds": sum(bool(one.held_ms) for one in some),
        "held_p50_ms": _percentile(sorted(max(one.held_ms) for one in some if one.held_ms), 50),
    }


def _of_condition(interrupted: Sequence[Trial], name: str) -> dict[str, Any]:
    some = [one for one in interrupted if one.condition == name]
    stops_ms = sorted(one.stop_ms for one in some if one.stop_ms is not None)
    return {"n": len(some), "stopped": len(stops_ms), "stop_p50_ms": _percentile(stops_ms, 50)}


def _percentile(ordered: Sequence[int], which: int) -> int | None:
    if len(ordered) < 2:
        return ordered[0] if ordered else None
    return round(quantiles(ordered, n=100, method="inclusive")[which - 1])


def _share(yes: Sequence[bool]) -> float | None:
    return round(sum(yes) / len(yes), 4) if yes else None


def _stops_by_condition(interrupted: Sequence[Trial]) -> dict[str, list[float]]:
    groups: dict[str, list[float]] = {}
    for one in interrupted:
        if one.stop_ms is not None:
            groups.setdefault(one.condition, []).append(one.stop_ms)
    return groups


def _held_by_kind(distracted: Sequence[Trial]) -> dict[str, list[float]]:
    groups: dict[str, list[float]] = {}
    for one in distracted:
        groups.setdefault(one.kind, []).append(float(max(one.held_ms, default=0)))
    return groups
