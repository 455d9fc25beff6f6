"""A report on a terminal, or as plain text in a mail: readable in 80 columns."""

from __future__ import annotations

import sys
from io import StringIO
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from appliance.press.page import Definitions, Picture, Sentences, Table
from appliance.reports import blocks
from appliance.reports.figures import Report

COLUMNS: Final = 80


def show(report: Report) -> None:
    """Print the report; piped, in 80 columns."""
    _print(report, Console(highlight=False, width=None if sys.stdout.isatty() else COLUMNS))


def text(report: Report) -> str:
    """The report as plain text of 80 columns."""
    out = StringIO()
    _print(report, Console(file=out, highlight=False, width=COLUMNS, color_system=None))
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def _print(report: Report, console: Console) -> None:
    console.print(blocks.title(report), style="bold", markup=False)
    console.print(blocks.subtitle(report), markup=False)
    for block in blocks.blocks(report):
        console.print()
        match block:
            case Table():
                console.print(block.title, style="bold", markup=False)
                console.print(_table(block))
            case Sentences():
                for sentence in block.sentences:
                    console.print(sentence, markup=False)
            case Definitions() | Picture():  # a report has none of them on a terminal
                pass
    console.print(f"\n{blocks.footer(report)}", style="dim", markup=False)


def _table(block: Table) -> RichTable:
    """Cells as they are: what people ask may look like markup."""
    table = RichTable(box=box.SIMPLE_HEAD, pad_edge=False)
    for index, column in enumerate(block.columns):
        table.add_column(column, justify="right" if index else "left", overflow="fold")
    for row in block.rows:
        table.add_row(*map(Text, row))
    return table
