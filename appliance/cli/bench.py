"""`appliance bench`: what a caller would notice, measured where the caller is; a table, or --json."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from appliance.cli.bench_recognition import recognition

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
    registrar: Annotated[str, typer.Option(help="Phone system to register with, host:port.")] = "",
    user: Annotated[str, typer.Option(help="Extension; its password is ATTENDANT_SIP_PASSWORD.")] = "",
) -> None:
    """Start, registration, greeting, memory and idle cost of a box of its own on loopback.

    Example: appliance bench start --profile small --json
    """
    from appliance.bench.start import measure
    from appliance.clock import SystemClock
    from appliance.settings import Profile

    Profile(profile)
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


@app.command()
def gap(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    calls: Annotated[int, typer.Option(help="How many calls, each of 14 sentences.", min=1, max=500)] = 10,
    profile: Annotated[str, typer.Option(help="Which models: default or small.")] = "default",
) -> None:
    """How long a caller waits for an answer, by class of turn, at the caller's RTP.

    Example: appliance bench gap --calls 15
    """
    from appliance.bench.gaps import measure
    from appliance.domain.call import TurnClass
    from appliance.settings import Profile

    Profile(profile)
    with tempfile.TemporaryDirectory(prefix="att-") as folder:
        report = measure(
            Path(folder), calls, profile, lambda done: typer.echo(f"call {done} of {calls}", err=True)
        )
    if as_json:
        typer.echo(json.dumps(report))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"appliance bench gap, {calls} calls, {report['machine']}", box=None)
    for column in ("class", "n", "p50 ms", "p95 ms", "p99 ms"):
        table.add_column(column, justify="left" if column == "class" else "right")
    for kind in (*TurnClass, "first_sound"):
        row = report[kind]
        table.add_row(kind, *(str(row[one] or "-") for one in ("n", "p50_ms", "p95_ms", "p99_ms")))
    console = Console()
    console.print(table)
    console.print(
        f"premature replies {report['premature_replies']}, false endings {report['false_endings_share']}"
    )
    console.print(f"speech {report['speech']}, revision {report['revision']}")


app.command()(recognition)
