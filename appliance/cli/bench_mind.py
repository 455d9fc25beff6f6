"""`appliance bench mind`: how soon the language model has something to say, and whether it is right."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Literal

import typer

Profiles = Literal["default", "small"]


def mind(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    questions: Annotated[int, typer.Option(help="Questions to each business.", min=1, max=100)] = 100,
    profile: Annotated[Profiles, typer.Option(help="Which models.")] = "default",
    threads: Annotated[int, typer.Option(help="Threads of the model; 0: the default.", min=0, max=64)] = 0,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for report and rows.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the figures in docs/performance/.")] = False,
) -> None:
    """From an open question to the first words of its answer, at the model; and how often they are right.

    Example: appliance bench mind --questions 4 --json
    """
    from appliance.bench.mind import Plan, measure
    from appliance.bench.report import publish

    plan = Plan(questions, profile, threads or None)
    with tempfile.TemporaryDirectory(prefix="att-") as folder:
        found = measure(plan, Path(folder), lambda text: typer.echo(text, err=True))
    publish(found, as_json=as_json, out=out, keep=keep)
