"""`appliance bench gap`: how long a caller waits for an answer."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Literal

import typer

Profiles = Literal["default", "small"]
Codecs = Literal["PCMU", "PCMA", "G722"]


def gap(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    calls: Annotated[
        int, typer.Option(help="How many: 21 sentences each, 8 with --data, 3 numbers.", min=1, max=500)
    ] = 8,
    profile: Annotated[Profiles, typer.Option(help="Which models.")] = "default",
    data: Annotated[
        Path | None,
        typer.Option(
            help="Recordings of people instead: a folder with a refs.tsv, or the table.", exists=True
        ),
    ] = None,
    numbers: Annotated[
        bool, typer.Option("--numbers", help="They are telephone numbers: say each when one is asked for.")
    ] = False,
    loss: Annotated[int, typer.Option(help="Percent of the caller's packets to lose.", min=0, max=50)] = 0,
    codec: Annotated[Codecs, typer.Option(help="What the caller speaks.")] = "PCMU",
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for report and rows.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the figures in docs/performance/.")] = False,
) -> None:
    """How long a caller waits for an answer, by class of turn, at the caller's RTP.

    Examples:

      appliance bench gap --calls 8 --out ./gap

      appliance bench gap --data ./recordings --calls 5 --json

      appliance bench gap --data ./digits/phone10_refs.tsv --numbers --calls 12
    """
    from appliance.bench.gaps import Plan, measure
    from appliance.bench.report import publish

    plan = Plan(calls, profile, data, numbers=numbers and data is not None, codec=codec, loss_percent=loss)
    with tempfile.TemporaryDirectory(prefix="att-") as folder:
        found = measure(plan, Path(folder), lambda text: typer.echo(text, err=True))
    publish(found, as_json=as_json, out=out, keep=keep)
