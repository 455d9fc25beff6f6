"""What the commands about calls share, and others with them: options, where calls are kept, tables on a screen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from appliance.store.database import Database

Config = Annotated[
    Path | None,
    typer.Option("--config", envvar="ATTENDANT_CONFIG", metavar="FILE", help="Settings file of the box."),
]
Call = Annotated[str, typer.Argument(help='A call id, the beginning of one, or "last".', metavar="CALL|last")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document instead of tables.")]

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Where calls are kept; `database` is None before the first call."""

    directory: Path
    database: Database | None


def _shelf(config: Path | None) -> _Shelf:
    from appliance import settings
    from appliance.store.database import FILE_NAME, Database

    directory = settings.data_directory(settings.load(config))
    file = directory / FILE_NAME
    begun = file.exists() and file.stat().st_size > 0
    return _Shelf(directory, Database(file, read_only=True) if begun else None)


def _moment(text: str, now: datetime) -> datetime:
    """`2d` ago, or the beginning of a date."""
    if ago := re.fullmatch(r"(\d{1,6})\s*([mhdw])", text.strip()):
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(
            f'"{text}" is neither like 30m, 12h, 2d, 1w nor a date like 2026-11-21.', param_hint="--since"
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=now.tzinfo)


def _print(*things: Any) -> None:
    from rich.console import Console

    console = Console()
    for thing in things:
        console.print(thing, markup=False, highlight=False)


def _table(*columns: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _row(table: Table, *cells: str) -> None:
    """Cells as they are: what people say may look like markup."""
    from rich.text import Text

    table.add_row(*map(Text, cells))


def _local(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S}"
