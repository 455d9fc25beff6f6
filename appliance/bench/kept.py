"""Figures kept in the repository: one small JSON file a bench, and the page that is made from all of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from appliance.bench import checkout
from appliance.bench.figures import Figure, Findings
from appliance.errors import StoreFault

_FOLDER = "docs/performance"
_PAGE = "docs/performance.md"
_SAME_WITHIN = 0.05  # a shared machine moves a figure that much by itself


@dataclass(frozen=True, slots=True)
class Kept:
    """What of a run of a bench is worth keeping: its figures, how they were taken, what is to be said of them."""

    bench: str
    command: str
    taken_on: str
    figures: tuple[Figure, ...]
    summary: Mapping[str, Any] = field(default_factory=dict)
    conditions: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A figure against the one that was kept: their ratio, and whether that is better, worse or the same."""

    before: float
    ratio: float | None
    verdict: str

    def __str__(self) -> str:
        shown = f"was {number(self.before)}" if self.ratio is None else f"x {self.ratio:.2f}"
        return f"{shown} {self.verdict}"


def kept_of(findings: Findings, taken_on: date) -> Kept:
    """The part of `findings` that is kept."""
    return Kept(
        findings.bench,
        findings.command,
        taken_on.isoformat(),
        tuple(findings.figures),
        dict(findings.summary),
        dict(findings.conditions),
        tuple(findings.notes),
    )


def change(figure: Figure, before: Kept | None) -> Change | None:
    """What became of `figure` since `before`; None where one of the two is missing."""
    old = next((one for one in before.figures if one.name == figure.name), None) if before else None
    if old is None or old.value is None or figure.value is None:
        return None
    if abs(figure.value - old.value) <= _SAME_WITHIN * abs(old.value):
        verdict = "same"
    else:
        verdict = "better" if (figure.value < old.value) == figure.at_most else "worse"
    return Change(old.value, figure.value / old.value if old.value else None, verdict)


def number(value: float) -> str:
    """A figure as people read it: three digits that mean something, no more."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def measured(figure: Figure) -> str:
    """The value with its unit, or why there is none."""
    if figure.value is None:
        return "too few" if figure.n is None else f"too few ({figure.n})"
    return f"{number(figure.value)} {figure.unit}".rstrip()


def aim(figure: Figure) -> str:
    """What it should be, with the side that is good."""
    if figure.aim is None:
        return ""
    return f"{'<=' if figure.at_most else '>='} {number(figure.aim)} {figure.unit}".rstrip()


def verdict(figure: Figure) -> str:
    """met, missed, or nothing to say."""
    return {True: "met", False: "missed", None: ""}[figure.met]


# --- files ------------------------------------------------------------------------------------------


def load(bench: str, root: Path | None = None) -> Kept | None:
    """The kept figures of `bench`; None when there are none, or no checkout."""
    folder = root or checkout.root()
    file = folder / _FOLDER / f"{bench}.json" if folder else None
    return _read(file) if file is not None and file.is_file() else None


def load_all(root: Path) -> list[Kept]:
    """Everything kept, by name of the bench."""
    return [_read(file) for file in sorted((root / _FOLDER).glob("*.json"))]


def _read(file: Path) -> Kept:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Kept)
    except msgspec.MsgspecError as error:
        raise StoreFault(
            f"{file.name}: is no file of kept figures ({error}).", remedy="Run its bench with --keep again."
        ) from error


def keep(one: Kept, root: Path | None = None) -> list[Path]:
    """Keep these figures instead of the last ones, and make the page anew; what was written."""
    folder = root or checkout.root()
    if folder is None:
        raise StoreFault("figures are kept in a checkout, and this is none.", remedy="Use --out instead.")
    file = folder / _FOLDER / f"{one.bench}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(one), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    page = folder / _PAGE
    page.write_text(document(load_all(folder)), encoding="utf-8")
    return [file, page]


# --- the page ---------------------------------------------------------------------------------------


def document(all_kept: Sequence[Kept]) -> str:
    """docs/performance.md: per bench what was measured, what is aimed at, how and under which conditions."""
    return "\n".join([*_PREFACE, *(line for one in all_kept for line in _section(one))])


_PREFACE = (
    "# Performance",
    "",
    "Generated from `docs/performance/*.json` by `appliance bench ... --keep`; not written by hand.",
    "Measured where the caller is, at the far end of a real SIP call, unless a section says otherwise.",
    "The machine is shared: read absolute times as context, ratios as results.",
    "A p95 needs 30 measurements; a figure without enough of them says so.",
    "",
)


def _section(one: Kept) -> list[str]:
    return [
        f"## {one.bench}",
        "",
        "```",
        one.command,
        "```",
        "",
        "| figure | measured | aim | | n |",
        "|---|---:|---:|---|---:|",
        *(_line(figure) for figure in one.figures),
        "",
        f"- taken: {one.taken_on}",
        *(f"- {name}: {value}" for name, value in one.conditions.items()),
        "",
        *(line for note in one.notes for line in (note, "")),
    ]


def _line(figure: Figure) -> str:
    count = "" if figure.n is None else str(figure.n)
    cells = (figure.name, measured(figure), aim(figure), verdict(figure), count)
    return f"| {' | '.join(cells)} |"
