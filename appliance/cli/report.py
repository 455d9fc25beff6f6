"""`appliance report`: what happened in a day, a week or a month. Looks at the database without touching it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from appliance.cli.calls import Config, Json, _moment
from appliance.clock import SystemClock
from appliance.errors import NotFound, StoreFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from appliance.business import Business
    from appliance.reports.alike import Group
    from appliance.reports.figures import Report
    from appliance.reports.periods import Period
    from appliance.store.database import Database

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Date = Annotated[
    str, typer.Argument(metavar="[DATE|now|last]", help="A date in it; last: the newest one that is over.")
]
To = Annotated[
    Path | None,
    typer.Option("--to", metavar="FILE", help="Write it: .html, .txt, .json, .csv or .parquet."),
]
_SHOWN = 20


@app.command()
def day(date: Date = "now", to: To = None, as_json: Json = False, config: Config = None) -> None:
    """One day, hour by hour; compared with the day before.

    \b
    Examples:
      appliance report day
      appliance report day last --to yesterday.html
      appliance report day 2026-11-20 --json
    """
    _report("day", date, to, as_json, config)


@app.command()
def week(date: Date = "now", to: To = None, as_json: Json = False, config: Config = None) -> None:
    """Monday to Sunday, day by day; compared with the week before.

    \b
    Examples:
      appliance report week
      appliance report week last --to week.csv
    """
    _report("week", date, to, as_json, config)


@app.command()
def month(date: Date = "now", to: To = None, as_json: Json = False, config: Config = None) -> None:
    """A month, day by day; compared with the month before.

    \b
    Examples:
      appliance report month 2026-10-01
      appliance report month last --to october.parquet
    """
    _report("month", date, to, as_json, config)


@app.command()
def questions(
    since: Annotated[
        str, typer.Option(metavar="AGO", help="Asked since 30m, 12h, 2d, 1w ago or a date.")
    ] = "30d",
    limit: Annotated[int, typer.Option(min=1, help="How many at most, the most asked first.")] = _SHOWN,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """What callers asked and nobody could answer, alike questions together, and how to have them answered.

    \b
    Examples:
      appliance report questions
      appliance report questions --since 7d --json
    """
    from appliance.reports import gathering

    now = SystemClock().now()
    business, database = _opened(config)
    found: tuple[Group, ...] = ()
    if database is not None:
        with database:
            found = gathering.unanswered_in(database, business, _moment(since, now), now)
    if as_json:
        from dataclasses import asdict

        typer.echo(json.dumps([asdict(one) for one in found[:limit]], indent=2, ensure_ascii=False))
    else:
        _show_questions(found, limit, business.language, since)


@app.command()
def mail(
    to: Annotated[
        str, typer.Option("--to", metavar="ADDRESS", help="To this address instead of mail_to.")
    ] = "",
    config: Config = None,
) -> None:
    """Send the newest report that is over by e-mail now, as the box does by itself ([reports] in the settings).

    It comes beside the one that the box sends, and shows whether that one will arrive.

    \b
    Examples:
      appliance report mail
      appliance report mail --to owner@office.example
    """
    from appliance import settings
    from appliance.reports import mailing, periods
    from appliance.web.mailing import MailServer

    loaded = settings.load(config)
    mail_to = (to,) if to else loaded.reports.mail_to
    if not mail_to or not loaded.deliver.smtp_host:
        raise NotFound(
            "report mail: nobody gets it, or there is no mail server.",
            remedy="Set mail_to in [reports] and smtp_host in [deliver]; docs/reports.md shows both.",
        )
    now = SystemClock().now()
    business, database = _opened(config)
    made = _made(database, business, periods.last_over(loaded.reports.every, now, business.zone), now)
    server = MailServer(loaded.deliver, settings.secret("smtp_password"))
    server.send(mailing.written(made, mail_to, loaded.deliver))
    typer.echo(f"Sent to {', '.join(mail_to)}.")


# --- making ---------------------------------------------------------------------------------------


def _report(every: str, date: str, to: Path | None, as_json: bool, config: Path | None) -> None:
    from appliance.reports import gathering
    from appliance.reports.periods import Every

    write = None if to is None else _writer(to)
    now = SystemClock().now()
    business, database = _opened(config)
    period = gathering.period_named(Every(every), date, now, business.zone)
    made = _made(database, business, period, now)
    if to is not None and write is not None:
        _write(to, write(made))
        typer.echo(str(to), err=as_json)
    if as_json:
        typer.echo(_json(made))
    elif to is None:
        from appliance.reports import text

        text.show(made)


def _made(database: Database | None, business: Business, period: Period, now: datetime) -> Report:
    from appliance.reports import gathering

    if database is None:
        return gathering.empty_report(business, period, now)
    with database:
        return gathering.report_of(database, business, period, now)


def _opened(config: Path | None) -> tuple[Business, Database | None]:
    """The business, and what there is on record of it; None before the first call."""
    from appliance import business, settings
    from appliance.store.database import FILE_NAME, Database

    loaded = settings.load(config)
    file = settings.data_directory(loaded) / FILE_NAME
    begun = file.exists() and file.stat().st_size > 0
    return business.load(loaded.business), Database(file, read_only=True) if begun else None


# --- writing --------------------------------------------------------------------------------------


def _json(made: Report) -> str:
    from appliance.reports import sheets

    return json.dumps(sheets.plain(made), indent=2, ensure_ascii=False)


def _html(made: Report) -> bytes:
    from appliance.reports import pages

    return pages.html(made).encode()


def _text(made: Report) -> bytes:
    from appliance.reports import text

    return text.text(made).encode()


def _csv(made: Report) -> bytes:
    from appliance.reports import sheets

    return sheets.as_csv(made)


def _parquet(made: Report) -> bytes:
    from appliance.reports import parquet

    return parquet.as_parquet(made)


_WRITERS: dict[str, Callable[[Any], bytes]] = {
    ".html": _html,
    ".txt": _text,
    ".json": lambda made: f"{_json(made)}\n".encode(),
    ".csv": _csv,
    ".parquet": _parquet,
}


def _writer(to: Path) -> Callable[[Any], bytes]:
    """What writes a file with this ending; a mistyped one is said before anything is counted."""
    if (write := _WRITERS.get(to.suffix.lower())) is None:
        raise typer.BadParameter(f'"{to}" ends in none of {", ".join(_WRITERS)}.', param_hint="--to")
    return write


def _write(to: Path, content: bytes) -> None:
    try:
        to.write_bytes(content)
    except OSError as error:
        raise StoreFault(
            f"{to}: cannot be written ({error.strerror}).", remedy="Choose another place."
        ) from error


# --- questions ------------------------------------------------------------------------------------


def _show_questions(found: tuple[Group, ...], limit: int, language: str, since: str) -> None:
    from appliance.reports.words import words_of

    words = words_of(language)
    if not found:
        typer.echo(f"No question went without an answer since {since}.")
        return
    for group in found[:limit]:
        left = f"{group.messages} left a message, " if group.messages else ""
        typer.echo(f"{group.times:>4} x  {group.wordings[0]}  ({left}newest call {group.last_call_id})")
        for other in group.wordings[1:]:
            typer.echo(f"        {other}")
    if len(found) > limit:
        typer.echo(f"{len(found) - limit} more: --limit {len(found)} shows them.")
    typer.echo()
    for line in words.how_to_answer:
        typer.echo(line.format(question=found[0].wordings[0]))
