"""The findings of `bench echo`: what was measured of each canceller, against the aims of the issue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from statistics import median
from typing import Any, Final

from appliance.bench.aecmos import Scenario
from appliance.bench.echo import CANCELLERS, LEVELS_DB, SETTLED_S, LineRun, Score, mean, row_of
from appliance.bench.echo_words import WITHOUT_ECHO, Understood, error_rate
from appliance.bench.figures import Curves, Figure, Findings, Plot

OURS: Final = "ours"
_ERLE_AIM_DB: Final = 30.0
_OTHER_AIM: Final = 3.5  # AEC3 has 2.57
_ECHO_AIM: Final = 4.1
_WORDS_AIM: Final = 1.2
_TICK_AIM_SHARE: Final = 0.08
_TICK_US: Final = 20_000
_NOTES: Final = (
    "AEC3's own figures stand beside ours: the same sound, in the same run.",
    "ERLE counts only ticks in which an echo came back; lines go through G.711 both ways.",
    "A line whose delay jumps is counted apart: its settled ERLE holds the seconds of the jump.",
    "AECMOS was taught on wide-band sound: on G.711 compare cancellers, not with the literature.",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that was measured."""

    scores: Sequence[Score]
    runs: Sequence[LineRun]
    words: Sequence[Understood]


def findings(measured: Measured, command: str, conditions: Mapping[str, str]) -> Findings:
    """Figures, rows and curves."""
    figures = [
        *_line_figures(measured.runs),
        *_opinion_figures(measured.scores),
        *_word_figures(measured.words),
        *_cost_figures(measured.runs),
    ]
    rows = [
        *map(row_of, measured.scores),
        *({"kind": "line", **asdict(one)} for one in measured.runs),
        *({"kind": "words", **asdict(one)} for one in measured.words),
    ]
    summary = {one.name: one.value for one in figures}
    return Findings("echo", command, summary, figures, rows, _plots(measured.runs), conditions, _NOTES)


def _rounded(value: float | None, digits: int = 2) -> float | None:
    return None if value is None else round(value, digits)


def _line_figures(runs: Sequence[LineRun]) -> list[Figure]:
    found = []
    for name in (OURS, "aec3"):
        steady = [one for one in runs if one.canceller == name and "then" not in one.line]
        jumped = [one for one in runs if one.canceller == name and "then" in one.line]
        aim = _ERLE_AIM_DB if name == OURS else None
        first = mean(one.erle_first_db for one in steady)
        worst = min((one.erle_settled_db for one in steady), default=None)
        after = mean(point[1] for one in jumped for point in one.curve[-2:])
        false = sum(one.holds for one in (*steady, *jumped))
        n = len(steady)
        found += [
            Figure(f"{name} ERLE first {SETTLED_S} s, mean", _rounded(first, 1), "dB", None, False, n),
            Figure(f"{name} ERLE after {SETTLED_S} s, worst line", _rounded(worst, 1), "dB", aim, False, n),
            Figure(f"{name} ERLE 3 s after a delay jump", _rounded(after, 1), "dB", aim, False, len(jumped)),
            Figure(
                f"{name} false barge-ins on echo",
                false if runs else None,
                "",
                0 if name == OURS else None,
                n=n + len(jumped),
            ),
        ]
    return found


def _opinion_figures(scores: Sequence[Score]) -> list[Figure]:
    found = []
    for band in ("wide", "G.711"):
        for name in CANCELLERS:
            aimed = band == "wide" and name == OURS
            for scenario, what, aim in (
                (Scenario.DOUBLE_TALK, "other", _OTHER_AIM),
                (Scenario.DOUBLE_TALK, "echo", _ECHO_AIM),
                (Scenario.NEAR_END, "other", None),
                (Scenario.FAR_END, "echo", None),
            ):
                values = [
                    getattr(one.opinion, what)
                    for one in scores
                    if (one.band, one.canceller, one.scenario) == (band, name, scenario)
                ]
                said = f"AECMOS {band} {scenario} {what}, {name}"
                value = _rounded(mean(values))
                found.append(Figure(said, value, "MOS", aim if aimed else None, False, len(values)))
    return found


def _word_figures(words: Sequence[Understood]) -> list[Figure]:
    alone = error_rate(words, WITHOUT_ECHO, None)
    count = sum(one.canceller == WITHOUT_ECHO for one in words)
    found = [Figure("word error without echo", _rounded(alone, 3), "", n=count)]
    for name in CANCELLERS:
        for level_db, talks_on in product(LEVELS_DB, (False, True)):
            rate = error_rate(words, name, level_db, talks_on=talks_on)
            times = rate / alone if rate is not None and alone else None
            aim = _WORDS_AIM if name == OURS else None
            how = "we talk on" if talks_on else "we fall silent"
            said = f"word error at {level_db} dB, {name}, {how}, to that without echo"
            found.append(Figure(said, _rounded(times), "x", aim, n=count))
    return found


def _cost_figures(runs: Sequence[LineRun]) -> list[Figure]:
    found = []
    for name in (OURS, "aec3"):
        costs = [one.cpu_us_a_tick for one in runs if one.canceller == name]
        share = median(costs) / _TICK_US if costs else None
        aim = _TICK_AIM_SHARE if name == OURS else None
        found.append(Figure(f"{name} share of a core a call", _rounded(share, 4), "", aim, n=len(costs)))
    return found


def _plots(runs: Sequence[LineRun]) -> list[Plot]:
    """ERLE by the second: one picture a line, our curve and AEC3's."""
    by_line: dict[str, dict[str, Any]] = {}
    for one in runs:
        if one.canceller in (OURS, "aec3"):
            by_line.setdefault(one.line, {})[one.canceller] = one.curve
    return [Curves(f"ERLE, line {line}", "s", "dB", curves) for line, curves in by_line.items()]
