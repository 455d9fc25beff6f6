"""`appliance bench mood`: whether callers who are cross are noticed, and nobody else is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from appliance.cli.recordings import recordings_folder


def mood(
    *,
    data: Annotated[
        Path | None, typer.Option(help="The data folder: its text_emotion and what callers say.", exists=True)
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the report and its rows.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the figures for comparison.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Complaints, confusion and abuse in public sets of labelled sentences, and false alarms among ordinary ones.

    Example: appliance bench mood --json
    """
    from appliance.bench import mood as bench
    from appliance.bench import report
    from appliance.bench.checkout import revision
    from appliance.bench.processes import machine
    from appliance.errors import NotFound

    if (folder := data or recordings_folder()) is None:
        raise NotFound("bench mood: there is no data.", remedy="Give a folder: --data DIR.")
    findings = bench.measure(
        folder,
        command="appliance bench mood" + (" --data DIR" if data else ""),
        conditions={"machine": machine(), "revision": revision()},
    )
    report.publish(findings, as_json=as_json, out=out, keep=keep)
