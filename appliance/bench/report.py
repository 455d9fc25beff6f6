"""What every bench does with what it found: shows it, writes it down, and keeps it if asked to."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from appliance import settings
from appliance.bench import checkout, kept
from appliance.bench.figures import Figure, Findings
from appliance.bench.processes import machine
from appliance.clock import Clock, SystemClock
from appliance.errors import StoreFault
from appliance.press import drawing, page

if TYPE_CHECKING:
    from rich.table import Table

_RUNS_KEPT = 10
_COLUMNS = ("figure", "measured", "aim", "", "n", "against the kept")
_COLOURS = {"met": "green", "missed": "red", "better": "green", "worse": "red"}
_WIDTH_PIPED = 110
_CLOCK = SystemClock()


def publish(
    findings: Findings,
    *,
    as_json: bool,
    out: Path | None,
    keep: bool,
    root: Path | None = None,
    clock: Clock = _CLOCK,
) -> None:
    """Show `findings` on stdout and write them into a folder; with `keep`, into the checkout as well.

    `as_json` prints exactly one JSON object, the summary. `out` names the folder, else one of the last ten
    runs under the box's own. `root` is the checkout (this one). StoreFault when a folder cannot be written.
    """
    found = replace(findings, conditions=_conditions(findings.conditions))
    before = kept.load(found.bench, root)
    try:
        folder = _run_folder(found.bench, clock.now()) if out is None else out
        write(found, folder, before)
        written = [folder / "report.html"]
        if keep:
            written += kept.keep(kept.kept_of(found, clock.now().date()), root)
    except OSError as error:
        raise StoreFault(
            f"{error.filename}: cannot be written ({error.strerror}).", remedy="Choose another folder."
        ) from error
    if as_json:
        print(json.dumps(found.summary))
    else:
        _show(found, before)
    for path in written:
        print(path, file=sys.stderr)


def write(findings: Findings, folder: Path, before: kept.Kept | None = None) -> None:
    """summary.json, rows.jsonl and report.html in `folder`, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "summary.json").write_text(_json(findings.summary, indent=1) + "\n", encoding="utf-8")
    rows = "".join(_json(row) + "\n" for row in findings.rows)
    (folder / "rows.jsonl").write_text(rows, encoding="utf-8")
    (folder / "report.html").write_text(html(findings, before), encoding="utf-8")


def html(findings: Findings, before: kept.Kept | None = None) -> str:
    """The report as one self-contained HTML page."""
    marks = [{True: "good", False: "bad", None: ""}[one.met] for one in findings.figures]
    rows = [_cells(one, before) for one in findings.figures]
    blocks: list[page.Block] = [page.Table("Figures", _COLUMNS, rows, marks)]
    if findings.notes:
        blocks.append(page.Sentences("Notes", findings.notes))
    blocks.append(page.Definitions("Conditions", findings.conditions))
    blocks += [page.Picture(plot.title, drawing.svg(plot)) for plot in findings.plots]
    return page.html(page.Page(f"appliance bench {findings.bench}", findings.command, blocks))


def _json(value: Mapping[str, Any], indent: int | None = None) -> str:
    return json.dumps(value, indent=indent, ensure_ascii=False)


def _conditions(said: Mapping[str, str]) -> dict[str, str]:
    """What the bench says of its conditions; the machine and the revision whether it says so or not."""
    return {"machine": machine(), "revision": checkout.revision(), **said}


def _run_folder(bench: str, now: datetime) -> Path:
    """A folder for this run; of the runs of this bench the last ten stay."""
    parent = settings.home() / "bench"
    parent.mkdir(parents=True, exist_ok=True)
    earlier = sorted(
        one for one in parent.iterdir() if one.name.rpartition("-")[0].rpartition("-")[0] == bench
    )
    for old in earlier[: -(_RUNS_KEPT - 1)]:
        shutil.rmtree(old, ignore_errors=True)
    return parent / f"{bench}-{now:%Y%m%d-%H%M%S}"


def _cells(figure: Figure, before: kept.Kept | None) -> tuple[str, ...]:
    change = kept.change(figure, before)
    return (
        figure.name,
        kept.measured(figure),
        kept.aim(figure),
        kept.verdict(figure),
        "" if figure.n is None else str(figure.n),
        "" if change is None else str(change),
    )


# --- on a terminal ----------------------------------------------------------------------------------


def _show(findings: Findings, before: kept.Kept | None) -> None:
    from rich.console import Console

    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH_PIPED)
    console.print(_table(findings, before))
    for name, value in findings.conditions.items():
        console.print(f"{name}: {value}", style="dim", markup=False)
    for note in findings.notes:
        console.print(note, markup=False)


def _table(findings: Findings, before: kept.Kept | None) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=f"appliance bench {findings.bench}", title_justify="left", box=box.SIMPLE_HEAD)
    for index, column in enumerate(_COLUMNS):
        table.add_column(column, justify="left" if index == 0 else "right")
    for figure in findings.figures:
        table.add_row(*(Text(cell, style=_colour(cell)) for cell in _cells(figure, before)))
    return table


def _colour(cell: str) -> str:
    """By the last word: a verdict is coloured, everything else is not."""
    return _COLOURS.get(cell.rpartition(" ")[2], "")
