"""`appliance bench sync`: what sync costs a running box, how fast it drains, and that nothing is lost or twice."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def sync(
    *,
    rows: Annotated[int, typer.Option(help="Queue so many rows.", min=100, max=1_000_000)] = 100_000,
    drain: Annotated[int, typer.Option(help="Measure the drain over so many.", min=50)] = 3000,
    seconds: Annotated[float, typer.Option(help="Close calls for so long.", min=1, max=3600)] = 60.0,
    out: Annotated[Path | None, typer.Option(help="Folder for the report and its rows.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the figures for comparison.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """The real sync process against a strict customer system on loopback, from a full outbox.

    Example: appliance bench sync --rows 5000 --drain 1000 --seconds 20 --json
    """
    import tempfile

    from appliance.bench import report
    from appliance.bench import sync as bench
    from appliance.clock import SystemClock

    with tempfile.TemporaryDirectory(prefix="attendant-") as folder:
        findings = bench.measure(
            Path(folder),
            SystemClock(),
            queued_rows=rows,
            drained_rows=drain,
            writing_s=seconds,
            command=f"appliance bench sync --rows {rows} --drain {drain} --seconds {seconds:g}",
            conditions={"destination": "strict customer system on loopback, HTTP"},
            tell=lambda done: typer.echo(done, err=True),
        )
    report.publish(findings, as_json=as_json, out=out, keep=keep)
