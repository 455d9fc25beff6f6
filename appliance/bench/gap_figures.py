"""What many exchanges say together: percentiles by class of turn, false endings, where the time went. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, median_low, quantiles
from typing import Any, Final

from appliance.bench.exchanges import STEPS, Exchange
from appliance.bench.figures import Distribution, Figure, Findings, Plot, Spans
from appliance.domain.call import TurnClass

_TURNS_FOR_P95: Final = 30
_AIMS_MS: Final = {
    TurnClass.PHRASE: (300, 600),
    TurnClass.FLOW: (300, 600),
    TurnClass.FACT: (400, 800),
    TurnClass.OPEN: (1000, 1800),
}
_FIRST_SOUND_AIM_MS: Final = 400
_FALSE_ENDINGS_AIM: Final = 3.0
_DICTATION_AIM: Final = 5.0
_PREMATURE_AIM: Final = 1.0
_ON_THE_LINE: Final = "at the caller"


@dataclass(frozen=True, slots=True)
class Setting:
    """What was measured where, for the report."""

    bench: str
    command: str
    conditions: Mapping[str, str]
    models: Mapping[str, str]


def findings(found: Sequence[Exchange], calls: int, setting: Setting) -> Findings:
    """All that a run found out. A p95 stands on 30 turns or more, else it is None."""
    told = summary(found) | {
        "calls": calls,
        "machine": setting.conditions["machine"],
        "models": dict(setting.models),
        "revision": setting.conditions["revision"],
        "speech": setting.conditions["speech"],
    }
    figures = _figures(found, told)
    return Findings(
        bench=setting.bench,
        command=setting.command,
        summary=told,
        figures=figures,
        rows=[_row(one) for one in found],
        plots=_plots(found),
        conditions={**setting.conditions, "models": _listed(setting.models)},
        notes=_notes(found, figures),
    )


def _listed(models: Mapping[str, str]) -> str:
    return ", ".join(f"{role} {name}" for role, name in models.items())


# --- figures ----------------------------------------------------------------------------------------


def summary(found: Sequence[Exchange]) -> dict[str, Any]:
    """The figures of all exchanges as plain values."""
    by_class: dict[str, Any] = {kind.value: spread(_gaps_ms(found, kind)) for kind in TurnClass}
    dictated = [one for one in found if one.utterance.dictated]
    answered = [one for one in found if one.prepared is not None]
    return by_class | {
        "first_sound": spread(_first_sounds_ms(found)),
        "premature_replies": sum(one.premature for one in found),
        "false_endings_share": _share(found, lambda one: one.cut),
        "dictation_false_endings_share": _share(dictated, lambda one: one.cut),
        "prepared_share": _share(answered, lambda one: bool(one.prepared)),
        "utterances": len(found),
        "dictated_utterances": len(dictated),
        "unanswered": sum(one.gap_ms is None and not one.premature for one in found),
    }


def _gaps_ms(found: Sequence[Exchange], kind: TurnClass) -> list[int]:
    return [one.gap_ms for one in found if one.turn_class == kind and one.gap_ms is not None]


def _first_sounds_ms(found: Sequence[Exchange]) -> list[int]:
    """Of open answers: with the others the first sound is the answer."""
    sounds = (one.first_sound_ms for one in found if one.turn_class == TurnClass.OPEN)
    return [sound_ms for sound_ms in sounds if sound_ms is not None]


def _share(of: Sequence[Exchange], holds: Callable[[Exchange], bool]) -> float | None:
    return round(sum(map(holds, of)) / len(of), 4) if of else None


def spread(values_ms: Sequence[int]) -> dict[str, int | None]:
    """n, p50, p95 and p99 of some times; None where there are too few."""
    count = len(values_ms)
    cuts = quantiles(values_ms, n=100, method="inclusive") if count > 1 else []
    enough = count >= _TURNS_FOR_P95
    return {
        "n": count,
        "p50_ms": round(cuts[49]) if cuts else None,
        "p95_ms": round(cuts[94]) if enough else None,
        "p99_ms": round(cuts[98]) if enough else None,
    }


def _figures(found: Sequence[Exchange], told: Mapping[str, Any]) -> list[Figure]:
    figures = [
        Figure(f"{kind} {cut}", told[kind][f"{cut}_ms"], "ms", aim_ms, n=told[kind]["n"])
        for kind, aims_ms in _AIMS_MS.items()
        for cut, aim_ms in zip(("p50", "p95"), aims_ms, strict=True)
    ]
    sound = told["first_sound"]
    count, dictated = len(found), told["dictated_utterances"]
    return [
        *figures,
        Figure("open first sound p50", sound["p50_ms"], "ms", _FIRST_SOUND_AIM_MS, n=sound["n"]),
        Figure("false endings", _percent(told["false_endings_share"]), "%", _FALSE_ENDINGS_AIM, n=count),
        Figure(
            "false endings, dictated",
            _percent(told["dictation_false_endings_share"]),
            "%",
            _DICTATION_AIM,
            n=dictated,
        ),
        Figure(
            "premature replies",
            _percent(_share(found, lambda one: one.premature)),
            "%",
            _PREMATURE_AIM,
            n=count,
        ),
        Figure(
            "answers prepared",
            _percent(told["prepared_share"]),
            "%",
            at_most=False,
            n=sum(one.prepared is not None for one in found),
        ),
        Figure("unanswered", _percent(told["unanswered"] / count if count else None), "%", n=count),
    ]


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 2)


# --- one line, one picture --------------------------------------------------------------------------


def _row(one: Exchange) -> dict[str, Any]:
    """One measurement without a word of what was said."""
    return {
        "class": one.turn_class,
        "gap_ms": one.gap_ms,
        "first_sound_ms": one.first_sound_ms,
        **{f"{name.replace(' ', '_')}_ms": one.done_ms.get(name) for name, _ in STEPS},
        "prepared": one.prepared,
        "turns_heard": one.turns_heard,
        "premature": one.premature,
        "dictated": one.utterance.dictated,
        "speech": one.utterance.speech,
    }


def _plots(found: Sequence[Exchange]) -> list[Plot]:
    groups = {kind.value: _gaps_ms(found, kind) for kind in TurnClass}
    spread_plot = Distribution(
        "Response gap by class of turn", "ms", {**groups, "first sound": _first_sounds_ms(found)}
    )
    middles = [(kind, middle) for kind in TurnClass if (middle := _median_exchange(found, kind))]
    return [spread_plot, *(_waterfall(kind, one) for kind, one in middles)]


def _median_exchange(found: Sequence[Exchange], kind: TurnClass) -> Exchange | None:
    """The exchange whose gap is the median of its class."""
    of_kind = [one for one in found if one.turn_class == kind and one.gap_ms is not None]
    if not of_kind:
        return None
    middle_ms = median_low([one.gap_ms for one in of_kind if one.gap_ms is not None])
    return next(one for one in of_kind if one.gap_ms == middle_ms)


def _waterfall(kind: TurnClass, one: Exchange) -> Spans:
    title = f"Where the time of the median {kind} turn went"
    return Spans(title, "ms after the caller's last sample", spans(one))


def spans(one: Exchange) -> list[tuple[str, float, float]]:
    """The steps of a response after each other: (what, from, to), the way over the line last.

    A step that was done ahead, because the answer was prepared while the caller spoke, takes no time.
    """
    bars: list[tuple[str, float, float]] = []
    at_ms = 0
    for name, _ in STEPS:
        if name in one.done_ms:
            done_ms = max(at_ms, one.done_ms[name])
            bars.append((name, at_ms, done_ms))
            at_ms = done_ms
    return [*bars, (_ON_THE_LINE, at_ms, max(at_ms, one.gap_ms or 0))]


def _notes(found: Sequence[Exchange], figures: Sequence[Figure]) -> list[str]:
    """For each class that misses its aim, the medians of the steps: where the time is."""
    missed = [
        kind for kind in TurnClass if any(f.met is False for f in figures if f.name.startswith(f"{kind} p"))
    ]
    return [f"{kind} misses its aim; medians of its steps: {_steps(found, kind)}." for kind in missed]


def _steps(found: Sequence[Exchange], kind: TurnClass) -> str:
    took_ms: dict[str, list[float]] = {}
    for one in found:
        if one.turn_class == kind and one.gap_ms is not None:
            for name, start_ms, end_ms in spans(one):
                took_ms.setdefault(name, []).append(end_ms - start_ms)
    return ", ".join(f"{name} {median(values):.0f} ms" for name, values in took_ms.items())
