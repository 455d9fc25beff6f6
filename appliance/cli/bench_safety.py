"""`appliance bench safety`: whether the box says only what it may, whatever the model says."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Literal

import typer

from appliance.cli.recordings import recordings_folder

Profiles = Literal["default", "small"]


def safety(
    *,
    data: Annotated[
        Path | None, typer.Option(help="A folder with text_prompt_injection and text_pii.", exists=True)
    ] = None,
    prompts: Annotated[int, typer.Option(help="Prompts to the model; 0: the guard alone.", min=0)] = 40,
    profile: Annotated[Profiles, typer.Option(help="Which models.")] = "default",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for report and rows.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the figures in docs/performance/.")] = False,
) -> None:
    """Injections that work, answers that invent, other people's data that is spoken; and what is lost by care.

    Example: appliance bench safety --prompts 0 --json
    """
    from appliance.bench.report import publish
    from appliance.bench.safety import measure

    with tempfile.TemporaryDirectory(prefix="att-") as folder:
        found = measure(
            prompts,
            profile,
            data or recordings_folder(),
            Path(folder),
            lambda text: typer.echo(text, err=True),
        )
    publish(found, as_json=as_json, out=out, keep=keep)
