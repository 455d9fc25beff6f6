"""`appliance bench start`: how fast a box is there, and what it costs to be there."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Annotated, Literal

import typer

Profiles = Literal["default", "small"]
_MEMORY_AIM_MB = {"default": 2600.0, "small": 700.0}


def start(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    profile: Annotated[Profiles, typer.Option(help="Which models.")] = "default",
    idle_s: Annotated[float, typer.Option(help="How long to watch the idle box.", min=1, max=600)] = 10.0,
    registrar: Annotated[str, typer.Option(help="Phone system to register with, host:port.")] = "",
    user: Annotated[str, typer.Option(help="Extension; its password is ATTENDANT_SIP_PASSWORD.")] = "",
) -> None:
    """Start, registration, greeting, memory and idle cost of a box of its own on loopback.

    Example: appliance bench start --profile small --json
    """
    from appliance.bench.start import measure
    from appliance.clock import SystemClock

    with tempfile.TemporaryDirectory(prefix="attendant-") as folder:
        account = {"registrar": registrar, "user": user} if registrar else None
        report = measure(Path(folder), profile, SystemClock(), idle_s=idle_s, account=account)
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
