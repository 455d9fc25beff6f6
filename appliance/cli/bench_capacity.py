"""`appliance bench capacity`: how many callers at once a box serves."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Literal

import typer

Profiles = Literal["default", "small"]


def capacity(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    calls: Annotated[
        int,
        typer.Option(
            help="How many at least for each number of callers; four have all conversations.", min=1, max=100
        ),
    ] = 4,
    most: Annotated[
        int, typer.Option(help="How many callers at once at most; the pjsua2 wheel takes 4.", min=1, max=64)
    ] = 4,
    profile: Annotated[Profiles, typer.Option(help="Which models.")] = "default",
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for report and rows.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the figures in docs/performance/.")] = False,
) -> None:
    """How many callers a box serves at once: gaps, lateness of packets and word error by number of calls.

    Examples:

      appliance bench capacity --calls 4 --out ./capacity

      appliance bench capacity --most 2 --profile small --json
    """
    from appliance.bench.capacity import Plan, measure
    from appliance.bench.report import publish

    with tempfile.TemporaryDirectory(prefix="att-") as folder:
        found = measure(Plan(calls, most, profile), Path(folder), lambda text: typer.echo(text, err=True))
    publish(found, as_json=as_json, out=out, keep=keep)
