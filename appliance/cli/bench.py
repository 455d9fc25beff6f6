"""`appliance bench`: what a caller would notice, measured where the caller is; a table, or --json."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True)
_MEMORY_AIM_MB = {"default": 2600.0, "small": 700.0}


@app.callback()
def _root() -> None:
    pass


@app.command()
def start(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    profile: Annotated[str, typer.Option(help="Which models: default or small.")] = "default",
    idle_s: Annotated[float, typer.Option(help="How long to watch the idle box.", min=1, max=600)] = 10.0,
) -> None:
    """Start, greeting, memory and idle cost of a box of its own on loopback.

    Example: appliance bench start --profile small --json
    """
    from appliance.bench.start import measure
    from appliance.clock import SystemClock
    from appliance.settings import Profile

    Profile(profile)
    with tempfile.TemporaryDirectory(prefix="attendant-") as folder:
        report = measure(Path(folder), profile, SystemClock(), idle_s=idle_s)
    if as_json:
        typer.echo(json.dumps(report.as_json()))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"appliance bench start, profile {profile}, {report.machine}", box=None)
    for column in ("", "measured", "aim", ""):
        table.add_column(column)
    for what, measured, aim, met in report.rows(_MEMORY_AIM_MB[profile]):
        table.add_row(what, measured, aim, "met" if met else "missed")
    Console().print(table)
