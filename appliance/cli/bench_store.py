"""`appliance bench store`: how long searching and reporting take over many calls."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from appliance.bench.store import ReportOf
    from appliance.business import Business
    from appliance.reports.figures import Report
    from appliance.store.database import Database


def store(
    *,
    calls: Annotated[int, typer.Option(min=100, help="How many calls are on record.")] = 100_000,
    queries: Annotated[int, typer.Option(min=1, help="How many things are looked for.")] = 240,
    seed: Annotated[int, typer.Option(min=0, help="Another seed is another year of calls.")] = 1,
    business: Annotated[str, typer.Option(help="Whose calls they are.")] = "auto_repair",
    out: Annotated[Path | None, typer.Option(help="Folder for the report and its rows.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the figures for comparison.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Search and reports over a year of made-up calls, and what writing a turn costs there. Takes two minutes.

    Example: appliance bench store --json
    """
    import tempfile

    from appliance import business as businesses
    from appliance.bench import report
    from appliance.bench import store as bench
    from appliance.bench.many_calls import Setting

    office = businesses.load(business)
    setting = Setting(seed, calls)
    with tempfile.TemporaryDirectory(prefix="attendant-bench-") as folder:
        findings = bench.measure(
            Path(folder),
            office,
            setting,
            queries,
            _report_of(office),
            command=f"appliance bench store --calls {calls} --queries {queries} --seed {seed}",
            conditions={"business": office.name},
            tell=lambda done: typer.echo(done, err=True),
        )
    report.publish(findings, as_json=as_json, out=out, keep=keep)


def _report_of(office: Business) -> ReportOf:
    from appliance.reports import gathering, periods
    from appliance.reports.periods import Every

    def make(database: Database, every: str, at: datetime) -> Report:
        period = periods.of(Every(every), at.astimezone(office.zone).date(), office.zone)
        return gathering.report_of(database, office, period, at + timedelta(days=62))

    return make
