"""How many callers a box serves at once, from what was measured with one, two, three ... of them. Pure.

measure.md: the largest number of simultaneous calls at which p95 of the response gap stays within 1.5 x its
one-call value, no packet is sent more than 20 ms late at p99, and word error does not rise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from statistics import mean, median
from typing import Any, Final

from appliance.bench.exchanges import STEPS, Exchange
from appliance.bench.figures import Curves, Distribution, Figure, Findings, Plot
from appliance.bench.gap_figures import Setting, spans, spread
from appliance.domain.call import LineQuality, TurnClass

P95_RATIO_MAX: Final = 1.5
TICK_LATE_P99_MAX_MS: Final = 20.0
_CALLS_AIM: Final = 4
_STANDARD_ERRORS: Final = 2.0
_PREPARED: Final = (TurnClass.PHRASE, TurnClass.FLOW)
CALLERS: Final = "callers"

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Served:
    """One call: what was exchanged while all callers were on the line, and its line and words from end to end."""

    caller: str
    exchanges: Sequence[Exchange]
    words: int
    word_errors: int
    quality: LineQuality | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """So many callers at once, from the first ring to the last good-bye.

    `processor_percent` is of one core, by process, while all were on the line; `memory_mb` is proportional.
    """

    number: int
    callers: int
    served: Sequence[Served]
    processor_percent: Mapping[str, float] = field(default_factory=dict)
    memory_mb: Mapping[str, float] = field(default_factory=dict)

    @property
    def failed(self) -> int:
        """Callers who got no conversation at all."""
        return self.callers - len(self.served)


def findings(rounds: Sequence[Round], setting: Setting) -> Findings:
    """All that a run found out."""
    rows = table(rounds)
    told = {
        "rows": rows,
        "capacity": capacity(rows),
        "machine": setting.conditions["machine"],
        "models": dict(setting.models),
        "revision": setting.conditions["revision"],
    }
    models = ", ".join(f"{role} {name}" for role, name in setting.models.items())
    return Findings(
        bench=setting.bench,
        command=setting.command,
        summary=told,
        figures=_figures(rows),
        rows=[
            _measurement(one, call, turn) for one in rounds for call in one.served for turn in call.exchanges
        ],
        plots=_plots(rounds, rows),
        conditions={**setting.conditions, "models": models},
        notes=_notes(rows),
    )


# --- a row a number of calls ------------------------------------------------------------------------


def table(rounds: Sequence[Round]) -> list[dict[str, Any]]:
    """One row a number of calls, fewest first, each compared with the first."""
    rows: list[dict[str, Any]] = []
    for calls in sorted({one.callers for one in rounds}):
        row = _row(calls, [one for one in rounds if one.callers == calls])
        alone = rows[0] if rows else row
        row |= {
            "p50_ratio": _ratio(row, alone, "p50_ms"),
            "p95_ratio": _ratio(row, alone, "p95_ms"),
            "word_error_max": _word_error_max(row, alone),
        }
        rows.append(row | {"served_well": served_well(row)})
    return rows


def _row(calls: int, rounds: Sequence[Round]) -> dict[str, Any]:
    served = [call for one in rounds for call in one.served]
    turns = [turn for call in served for turn in call.exchanges]
    prepared = _by_gap(turns)
    words = sum(call.words for call in served)
    return {
        "calls": calls,
        "rounds": len(rounds),
        "failed_calls": sum(one.failed for one in rounds),
        "turns": len(turns),
        "phrase_flow": spread(_gaps_ms(turns, *_PREPARED)),
        "phrase_flow_steps_ms": _steps_ms(prepared),
        "phrase_flow_slowest_steps_ms": _steps_ms(prepared[-max(1, len(prepared) // 10) :]),
        "fact": spread(_gaps_ms(turns, TurnClass.FACT)),
        "open": spread(_gaps_ms(turns, TurnClass.OPEN)),
        **_lateness([call.quality for call in served if call.quality is not None]),
        "words": words,
        "word_error_rate": _share(sum(call.word_errors for call in served), words),
        "false_endings_share": _share(sum(turn.cut for turn in turns), len(turns)),
        "premature_replies": sum(turn.premature for turn in turns),
        "unanswered": sum(turn.gap_ms is None and not turn.premature for turn in turns),
        "processor_percent": _means([one.processor_percent for one in rounds]),
        "memory_mb": _means([one.memory_mb for one in rounds]),
    }


def _gaps_ms(turns: Iterable[Exchange], *kinds: TurnClass) -> list[int]:
    return [turn.gap_ms for turn in turns if turn.turn_class in kinds and turn.gap_ms is not None]


def _by_gap(turns: Iterable[Exchange]) -> list[Exchange]:
    """The phrase and flow turns that were answered, the quickest first."""
    answered = [turn for turn in turns if turn.turn_class in _PREPARED and turn.gap_ms is not None]
    return sorted(answered, key=lambda turn: turn.gap_ms or 0)


def _steps_ms(turns: Iterable[Exchange]) -> dict[str, float]:
    """What each step of these answers took at the median: where the time goes when it gets scarce."""
    took_ms: dict[str, list[float]] = {}
    for turn in turns:
        for name, began_ms, done_ms in spans(turn):
            took_ms.setdefault(name, []).append(done_ms - began_ms)
    return {name: median(values) for name, values in took_ms.items()}


def _lateness(lines: Sequence[LineQuality]) -> dict[str, float | None]:
    """How late packets were: of the usual call at the median, of the worst call at the 99th percentile."""
    if not lines:
        return dict.fromkeys(("tick_late_p50_ms", "tick_late_p99_ms", "tick_late_worst_ms"))
    return {
        "tick_late_p50_ms": median(line.tick_late_p50_ms for line in lines),
        "tick_late_p99_ms": max(line.tick_late_p99_ms for line in lines),
        "tick_late_worst_ms": max(line.tick_late_worst_ms for line in lines),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _means(of_rounds: Sequence[Mapping[str, float]]) -> dict[str, float]:
    names = dict.fromkeys(name for one in of_rounds for name in one)
    return {name: round(mean(one[name] for one in of_rounds if name in one), 1) for name in names}


# --- the comparison with one call -------------------------------------------------------------------


def _ratio(row: Row, alone: Row, cut: str) -> float | None:
    this_ms, alone_ms = row["phrase_flow"][cut], alone["phrase_flow"][cut]
    return round(this_ms / alone_ms, 3) if this_ms is not None and alone_ms else None


def _word_error_max(row: Row, alone: Row) -> float | None:
    """The word error up to which it has not risen: that of one call, and what chance makes of so many words."""
    rate: float | None = alone["word_error_rate"]
    if rate is None or not row["words"]:
        return None
    spread_of_both = sqrt(rate * (1 - min(rate, 1)) * (1 / alone["words"] + 1 / row["words"]))
    return round(rate + _STANDARD_ERRORS * spread_of_both, 4)


def served_well(row: Row) -> bool | None:
    """Whether so many callers are served as the definition wants it; None when too little was measured."""
    if row["failed_calls"]:
        return False
    bounds = (
        (row["p95_ratio"], P95_RATIO_MAX),
        (row["tick_late_p99_ms"], TICK_LATE_P99_MAX_MS),
        (row["word_error_rate"], row["word_error_max"]),
    )
    kept = [None if value is None or bound is None else value <= bound for value, bound in bounds]
    return False if False in kept else (None if None in kept else True)


def capacity(rows: Sequence[Row]) -> int | None:
    """The most calls that are served well, as are all fewer; None when too little was measured to say."""
    most = 0
    for row in rows:
        if row["served_well"] is None:
            return None
        if not row["served_well"]:
            return most
        most = row["calls"]
    return most


# --- figures and pictures ---------------------------------------------------------------------------


def _figures(rows: Sequence[Row]) -> list[Figure]:
    found = capacity(rows)
    return [
        Figure("capacity", found, "calls", _CALLS_AIM, at_most=False),
        *(figure for row in rows for figure in _figures_of(row, rows[0])),
    ]


def _figures_of(row: Row, alone: Row) -> list[Figure]:
    calls, gaps, error_max = _at_once(row), row["phrase_flow"], row["word_error_max"]
    fewest = min(gaps["n"], alone["phrase_flow"]["n"])
    name = f"flow+phrase p95, {calls} / {_at_once(alone)}"
    compared = [Figure(name, row["p95_ratio"], "x", P95_RATIO_MAX, n=fewest)]
    return [
        *(compared if row is not alone else []),
        Figure(f"flow+phrase p50, {calls}", gaps["p50_ms"], "ms", n=gaps["n"]),
        Figure(f"flow+phrase p95, {calls}", gaps["p95_ms"], "ms", n=gaps["n"]),
        Figure(f"fact p50, {calls}", row["fact"]["p50_ms"], "ms", n=row["fact"]["n"]),
        Figure(f"fact p95, {calls}", row["fact"]["p95_ms"], "ms", n=row["fact"]["n"]),
        Figure(f"open p50, {calls}", row["open"]["p50_ms"], "ms", n=row["open"]["n"]),
        Figure(f"packets late p99, {calls}", row["tick_late_p99_ms"], "ms", TICK_LATE_P99_MAX_MS),
        Figure(
            f"word error, {calls}",
            _percent(row["word_error_rate"]),
            "%",
            None if row is alone else _percent(error_max),
            n=row["words"],
        ),
        Figure(f"false endings, {calls}", _percent(row["false_endings_share"]), "%", n=row["turns"]),
        Figure(f"processor of the box, {calls}", _of_the_box(row["processor_percent"]), "% of a core"),
        Figure(f"memory of the box, {calls}", _of_the_box(row["memory_mb"]), "MB"),
    ]


def _at_once(row: Row) -> str:
    return "1 call" if row["calls"] == 1 else f"{row['calls']} calls"


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 2)


def _of_the_box(by_process: Mapping[str, float]) -> float | None:
    """All processes but the callers, who call from outside; None when nothing was counted."""
    of_box = [value for name, value in by_process.items() if name != CALLERS]
    return round(sum(of_box), 1) if of_box else None


def _measurement(one: Round, call: Served, turn: Exchange) -> dict[str, Any]:
    """One turn without a word of what was said."""
    return {
        "calls": one.callers,
        "round": one.number,
        "caller": call.caller,
        "class": turn.turn_class,
        "gap_ms": turn.gap_ms,
        "first_sound_ms": turn.first_sound_ms,
        **{f"{name.replace(' ', '_')}_ms": turn.done_ms.get(name) for name, _ in STEPS},
        "prepared": turn.prepared,
        "turns_heard": turn.turns_heard,
        "premature": turn.premature,
    }


def _plots(rounds: Sequence[Round], rows: Sequence[Row]) -> list[Plot]:
    gaps = {
        _at_once(row): [
            gap_ms
            for one in rounds
            if one.callers == row["calls"]
            for call in one.served
            for gap_ms in _gaps_ms(call.exchanges, *_PREPARED)
        ]
        for row in rows
    }
    across = "calls at once"
    return [
        Distribution("Response gap of phrase and flow turns", "ms", gaps),
        Curves(
            "Response gap by number of calls",
            across,
            "ms",
            {
                "flow+phrase p50": _curve(rows, "phrase_flow", "p50_ms"),
                "flow+phrase p95": _curve(rows, "phrase_flow", "p95_ms"),
                "fact p50": _curve(rows, "fact", "p50_ms"),
                "open p50": _curve(rows, "open", "p50_ms"),
            },
        ),
        Curves(
            "Where the time of phrase and flow turns goes, at the median",
            across,
            "ms",
            _curves(rows, "phrase_flow_steps_ms"),
        ),
        Curves(
            "How late packets are sent",
            across,
            "ms",
            {"p99 of the worst call": _curve(rows, "tick_late_p99_ms")},
        ),
        Curves(
            "Processor time",
            across,
            "% of a core",
            _curves(rows, "processor_percent"),
        ),
    ]


def _curves(rows: Sequence[Row], key: str) -> dict[str, list[tuple[float, float]]]:
    """A curve for each name under `key`."""
    names = dict.fromkeys(name for row in rows for name in row[key])
    return {name: _curve(rows, key, name) for name in names}


def _curve(rows: Sequence[Row], *keys: str) -> list[tuple[float, float]]:
    points = []
    for row in rows:
        value: Any = row
        for key in keys:
            value = value.get(key)
        if value is not None:
            points.append((row["calls"], value))
    return points


def _notes(rows: Sequence[Row]) -> list[str]:
    notes = [
        "Turns count while all callers of a round were on the line. Packets late: of the worst call, over all of it.",
        "Word error: the whole call's transcript on record against all that was said, so that an utterance cut "
        f"in two costs no word; it has risen when it is over that of one call by {_STANDARD_ERRORS:g} standard "
        "errors of so many words.",
    ]
    for row in rows:
        if (row["p95_ratio"] or 0) > P95_RATIO_MAX:
            steps = ", ".join(
                f"{name} {ms:.0f} ms" for name, ms in row["phrase_flow_slowest_steps_ms"].items()
            )
            notes.append(f"{_at_once(row)} at once: medians of the steps of the slowest tenth: {steps}.")
        if row["failed_calls"]:
            notes.append(f"{_at_once(row)} at once: {row['failed_calls']} callers got no conversation.")
        if callers := row["processor_percent"].get(CALLERS):
            notes.append(
                f"{_at_once(row)}: the callers themselves took {callers:g} % of a core beside the box."
            )
    return notes
