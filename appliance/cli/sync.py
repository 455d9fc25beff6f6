"""`appliance sync`: what is on its way to other machines, how far it is, and what to do when it does not go."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from appliance.cli.calls import Config, Json, _local, _print, _row, _table
from appliance.cli.sync_connect import connect
from appliance.clock import SystemClock

if TYPE_CHECKING:
    from datetime import datetime

    from appliance.settings import Settings
    from appliance.store.backlog import Backlog, Standing
    from appliance.store.database import Database
    from appliance.store.outbox import Delivery
    from appliance.sync.forwarder import Forwarder

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.command()(connect)

RowNumber = Annotated[int, typer.Argument(help="The number of a row, as `show` lists it.", metavar="ROW")]
_UNITS = (("days", 86_400), ("h", 3600), ("min", 60), ("s", 1))
To = Annotated[str, typer.Option("--destination", metavar="NAME", help="Only email, webhook or crm.")]


@app.command()
def status(as_json: Json = False, config: Config = None) -> None:
    """How things stand with each destination: what waits, since when, what was sent, what goes wrong and why.

    \b
    Examples:
      appliance sync status
      appliance sync status --json
    """
    with _shelf(config) as shelf:
        standing = shelf.backlog.standing(shelf.settings.destinations)
        sender = _sender(shelf.settings)
    if as_json:
        plain = {"sending_process": sender, "destinations": [_plain_standing(one) for one in standing]}
        typer.echo(json.dumps(plain, indent=2, ensure_ascii=False))
        return
    if not standing:
        typer.echo("Nothing is sent anywhere: see [deliver] and [crm] in the settings.")
        return
    typer.echo(f"Process {sender} sends." if sender else "No process sends at present: `appliance run`.")
    _print(_standing_table(standing), *(line for one in standing for line in _troubles(one)))


@app.command()
def now(as_json: Json = False, config: Config = None) -> None:
    """Try everything that waits now: the sync process does, or, where none runs, this command.

    \b
    Examples:
      appliance sync now
    """
    from appliance.sync.bell import ring
    from appliance.wiring import run_directory

    with _shelf(config, writes=True) as shelf:
        if ring(run_directory(shelf.settings)):
            said = {"by": "process", "waiting": shelf.backlog.waiting()}
            _say(as_json, said, "The sync process tries everything now: `appliance sync status`.")
            return
        attempts = _drain(shelf, shows=not as_json)
        waiting = shelf.backlog.waiting()
        said = {"by": "command", "attempts": attempts, "waiting": waiting}
        why = " `appliance sync status` says why." if waiting else ""
        _say(as_json, said, f"{attempts} attempts; {waiting} still waiting.{why}")


@app.command()
def retry(
    row: Annotated[
        int | None, typer.Argument(metavar="[ROW]", help="One row; without it all that wait.")
    ] = None,
    *,
    buried: Annotated[bool, typer.Option("--buried", help="Those that were given up.")] = False,
    destination: To = "",
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Have rows tried again now: one, all that wait, or all that were given up.

    \b
    Examples:
      appliance sync retry 4711
      appliance sync retry --buried --destination crm
    """
    from appliance.sync.bell import ring
    from appliance.wiring import run_directory

    with _shelf(config, writes=True) as shelf:
        rows = shelf.backlog.retry(number=row, destination=destination, buried=buried)
        ring(run_directory(shelf.settings))
    _say(as_json, {"rows": rows}, f"{rows} to be sent now.")


@app.command()
def show(
    row: Annotated[int | None, typer.Argument(metavar="[ROW]", help="One row, with what is sent.")] = None,
    *,
    destination: To = "",
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """What waits and what was given up; of one row what will be sent.

    \b
    Examples:
      appliance sync show
      appliance sync show --destination crm --limit 100
      appliance sync show 4711 --json
    """
    from appliance.store.outbox import DeliveryState as State

    with _shelf(config) as shelf:
        if row is not None:
            _show_one(shelf, row, as_json=as_json)
            return
        rows = shelf.backlog.rows((State.WAITING, State.CLAIMED, State.BURIED), destination, limit)
    if as_json:
        typer.echo(json.dumps([_plain_row(one) for one in rows], indent=2, ensure_ascii=False))
    elif rows:
        _print(_rows_table(rows))
    else:
        typer.echo("Nothing waits, and nothing was given up.")


@app.command()
def bury(
    row: RowNumber,
    *,
    why: Annotated[str, typer.Option(metavar="REASON", help="Why it is given up.")],
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Give a row up; `retry` takes it back.

    \b
    Examples:
      appliance sync bury 4711 --why "the office has it on paper"
    """
    with _shelf(config, writes=True) as shelf:
        shelf.backlog.bury(row, why)
    _say(as_json, {"row": row, "state": "buried", "reason": why}, f"Row {row} is given up.")


# --- the box --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shelf:
    settings: Settings
    database: Database
    backlog: Backlog


@contextmanager
def _shelf(config: Path | None, *, writes: bool = False) -> Iterator[_Shelf]:
    from appliance import settings
    from appliance.errors import NotFound
    from appliance.store.backlog import Backlog
    from appliance.store.database import FILE_NAME, Database

    loaded = settings.load(config)
    file = settings.data_directory(loaded) / FILE_NAME
    if not file.exists() or file.stat().st_size == 0:
        raise NotFound("Nothing has happened yet: no calls, nothing to send.")
    with Database(file, read_only=not writes) as database:
        yield _Shelf(loaded, database, Backlog(database))


def _sender(config: Settings) -> int | None:
    """The process that sends; None: nobody."""
    from appliance.sync.lease import Lease
    from appliance.wiring import run_directory

    lease = Lease(run_directory(config))
    return lease.holder() if lease.is_taken() else None


def _drain(shelf: _Shelf, *, shows: bool) -> int:
    from appliance import settings
    from appliance.business import load
    from appliance.errors import AlreadyRunning
    from appliance.store.outbox import Outbox
    from appliance.sync.destinations import forwarding
    from appliance.sync.lease import Lease
    from appliance.wiring import run_directory

    logging.getLogger("appliance").addHandler(logging.NullHandler())  # `status` tells it, in words
    office, lease = load(shelf.settings.business), Lease(run_directory(shelf.settings))
    with forwarding(shelf.settings, office, shelf.database, settings.secret) as (forwarder, _):
        if not lease.take():
            raise AlreadyRunning(f"Process {lease.holder()} sends already, and does not hear the bell.")
        try:
            Outbox(shelf.database).release()
            forwarder.hurry()
            return _sent_with_bar(forwarder, shelf.backlog) if shows else forwarder.send_due()
        except KeyboardInterrupt:
            raise typer.Abort from None
        finally:
            lease.give_back()


def _sent_with_bar(forwarder: Forwarder, backlog: Backlog) -> int:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=Console(stderr=True), disable=not Console(stderr=True).is_terminal
    ) as bar:
        task = bar.add_task("sending", total=backlog.waiting())

        def attempted(count: int) -> None:
            bar.update(task, advance=count)

        return forwarder.send_due(attempted)


# --- showing --------------------------------------------------------------------------------------


def _say(as_json: bool, plain: dict[str, Any], text: str) -> None:
    typer.echo(json.dumps(plain) if as_json else text)


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone().isoformat(timespec="seconds")


def _state(one: Standing) -> str:
    return "resting" if one.rests_until else "failing" if one.failing_since else "well"


def _plain_standing(one: Standing) -> dict[str, Any]:
    from appliance.sync.remedies import remedy_of

    return {
        "destination": one.destination,
        "state": _state(one),
        "waiting": one.waiting,
        "oldest_at": _iso(one.oldest_at),
        "sent_today": one.sent_today,
        "sent_ever": one.sent_ever,
        "sent_last_minute": one.sent_lately,
        "done_in_s": None if one.done_in_s is None else round(one.done_in_s),
        "buried": one.buried,
        "last_sent_at": _iso(one.last_sent_at),
        "failing_since": _iso(one.failing_since),
        "rests_until": _iso(one.rests_until),
        "last_error": one.error,
        "last_error_at": _iso(one.error_at),
        "remedy": remedy_of(one.error) if one.failing_since else "",
    }


def _standing_table(standing: list[Standing]) -> Any:
    table = _table("to", "", "waiting", "since", "sent today", "last", "given up", "done in")
    for one in standing:
        left = "" if one.done_in_s is None else f"{one.done_in_s / 60:.0f} min"
        sent = (str(one.sent_today), _ago(one.last_sent_at), str(one.buried))
        _row(table, one.destination, _state(one), str(one.waiting), _ago(one.oldest_at), *sent, left)
    return table


def _troubles(one: Standing) -> Iterator[str]:
    from appliance.sync.remedies import remedy_of

    if one.failing_since:
        rest = f", left alone until {_local(one.rests_until)}" if one.rests_until else ""
        said = f"{one.destination} since {_local(one.failing_since)}{rest}: {one.error}"
        yield " ".join([said if said.endswith(".") else f"{said}.", remedy_of(one.error)]).rstrip()
    if one.buried:
        yield f"{one.destination}: {one.buried} given up; `appliance sync show` says why."


def _ago(at: datetime | None) -> str:
    """How long ago, in one unit: `5 h`; `-` for never."""
    if at is None:
        return "-"
    seconds = max(0.0, (SystemClock().now() - at).total_seconds())
    return next((f"{seconds / unit_s:.0f} {unit}" for unit, unit_s in _UNITS if seconds >= 2 * unit_s), "now")


def _plain_row(one: Delivery) -> dict[str, Any]:
    return {
        "row": one.number,
        "kind": one.kind,
        "subject": one.subject,
        "destination": one.destination,
        "call_id": one.call_id,
        "state": str(one.state),
        "attempts": one.attempts,
        "created_at": _iso(one.created_at),
        "due_at": _iso(one.due_at) if one.settled_at is None else None,
        "settled_at": _iso(one.settled_at),
        "reason": one.reason,
    }


def _rows_table(rows: list[Delivery]) -> Any:
    table = _table("row", "to", "tells of", "since", "state", "tries", "why")
    for one in rows:
        what = (one.destination, f"{one.kind} {one.subject}", _ago(one.created_at))
        _row(table, str(one.number), *what, str(one.state), str(one.attempts), one.reason)
    return table


def _show_one(shelf: _Shelf, number: int, *, as_json: bool) -> None:
    one = shelf.backlog.get(number)
    plain = _plain_row(one) | {"sends": _what_is_sent(shelf, one)}
    if as_json:
        typer.echo(json.dumps(plain, indent=2, ensure_ascii=False))
        return
    _print(_rows_table([one]))
    typer.echo(json.dumps(plain["sends"], indent=2, ensure_ascii=False))


def _what_is_sent(shelf: _Shelf, one: Delivery) -> Any:
    """What happened, as an event; None where it was sent or is no longer kept."""
    from appliance.business import load
    from appliance.errors import NotFound
    from appliance.store.outbox import DeliveryState
    from appliance.sync.cloudevents import event_of
    from appliance.sync.reading import happening_of

    if one.state is DeliveryState.SENT:
        return None
    try:
        happening = happening_of(
            one, load(shelf.settings.business), shelf.database, shelf.database.path.parent
        )
    except NotFound:
        return None
    return json.loads(event_of(happening))
