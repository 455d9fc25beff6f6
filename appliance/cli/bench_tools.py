"""`appliance bench tools`: whether the language model looks up the right thing, and only what was asked."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Literal

import typer

Profiles = Literal["default", "small"]


def tools(
    *,
    questions: Annotated[int, typer.Option(help="Questions to each business.", min=1)] = 100,
    profile: Annotated[Profiles, typer.Option(help="Which models.")] = "default",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for report and rows.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the figures in docs/performance/.")] = False,
) -> None:
    """Right tools with right arguments, tools used for nothing, and how fast the model is under a grammar.

    Example: appliance bench tools --questions 10 --json
    """
    from appliance.bench.report import publish
    from appliance.bench.tools import measure

    with tempfile.TemporaryDirectory(prefix="att-") as folder:
        found = measure(questions, profile, Path(folder), lambda text: typer.echo(text, err=True))
    publish(found, as_json=as_json, out=out, keep=keep)
