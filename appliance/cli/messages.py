"""`appliance messages`: what callers left for the office, who it is for, and whether it has been seen to."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from appliance.cli.calls import Config, Json, _local, _moment, _print, _row, _table
from appliance.clock import SystemClock
from appliance.errors import StoreFault

if TYPE_CHECKING:
    from appliance.store.database import Database
    from appliance.store.inbox import InboxPage
    from appliance.store.messages import InboxEntry
    from appliance.store.outbox import Delivery

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Message = Annotated[
    str, typer.Argument(help='A message id, the beginning of one, or "last".', metavar="MESSAGE|last")
]
Every = Annotated[bool, typer.Option("--all", help="Those that have been seen to as well.")]
Since = Annotated[str | None, typer.Option(metavar="AGO", help="Only since 30m, 12h, 2d, 1w or a date.")]
_FORMULA = frozenset("=+-@\t\r")
_EXPORT_MAX = 100_000
_COLUMNS = (
    *("message_id", "taken_at", "urgent", "whom", "name", "phone", "matter"),
    *("done_at", "call_id", "recording", "starts_ms"),
)


@app.command("list")
def list_messages(
    *,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20,
    every: Every = False,
    since: Since = None,
    whom: Annotated[str, typer.Option(metavar="NAME", help="Only those for this person.")] = "",
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Messages nobody has seen to: the urgent ones first, then the newest.

    \b
    Examples:
      appliance messages list
      appliance messages list --whom maria
      appliance messages list --all --since 1w --json
    """
    with _inbox(config) as box:
        pages = _pages(box, limit, since, every=every, whom=whom)
    if as_json:
        typer.echo(json.dumps([_plain(page) for page in pages], indent=2, ensure_ascii=False))
    elif pages:
        _print(_list_table(pages))
    else:
        typer.echo("No messages." if every else "No open messages.")


@app.command()
def show(message: Message, as_json: Json = False, config: Config = None) -> None:
    """One message whole: who, when, where it stands in the recording, and where it has been sent.

    \b
    Examples:
      appliance messages show last
      appliance messages show 7f3a --json
    """
    from appliance.store.inbox import page_of

    with _inbox(config) as box:
        page = page_of(box.found(message), box.database_or_fault(), box.directory)
    if as_json:
        typer.echo(json.dumps(_plain(page), indent=2, ensure_ascii=False))
    else:
        _print(*_lines(page))


@app.command()
def done(message: Message, as_json: Json = False, config: Config = None) -> None:
    """Somebody has seen to it.

    \b
    Examples:
      appliance messages done 7f3a
    """
    _mark(message, config, as_json=as_json, is_done=True)


@app.command()
def reopen(message: Message, as_json: Json = False, config: Config = None) -> None:
    """It is to be seen to again.

    \b
    Examples:
      appliance messages reopen 7f3a
    """
    _mark(message, config, as_json=as_json, is_done=False)


@app.command()
def resend(message: Message, as_json: Json = False, config: Config = None) -> None:
    """Send what has not arrived now, also what was given up; what has arrived is not sent again.

    \b
    Examples:
      appliance messages resend 7f3a
    """
    from appliance.store.outbox import Outbox

    with _inbox(config, writes=True) as box:
        found = box.found(message).message.message_id
        outbox = Outbox(box.database_or_fault())
        waiting = outbox.retry(found)
        deliveries = outbox.of_subject(found)
    if as_json:
        typer.echo(json.dumps([_delivery(one) for one in deliveries], indent=2))
    else:
        typer.echo(f"{waiting} to be sent now.")


@app.command("export")
def export_messages(
    to: Annotated[Path, typer.Option(metavar="FILE", help="A new file; .csv, else JSON.")],
    every: Every = False,
    since: Since = None,
    config: Config = None,
) -> None:
    """Write messages to a file, for a spreadsheet or another program.

    \b
    Examples:
      appliance messages export --to open.csv
      appliance messages export --all --since 2026-11-01 --to november.json
    """
    with _inbox(config) as box:
        plain = [_plain(page) for page in _pages(box, _EXPORT_MAX, since, every=every, whom="")]
    try:
        with to.open("x", newline="", encoding="utf-8") as file:
            if to.suffix.lower() == ".csv":
                writer = csv.DictWriter(file, _COLUMNS)
                writer.writeheader()
                writer.writerows({name: _cell(one[name]) for name in _COLUMNS} for one in plain)
            else:
                file.write(json.dumps(plain, indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        raise StoreFault(
            f"{to}: cannot be written ({error.strerror}).", remedy="Choose another name or folder."
        ) from error
    typer.echo(f"{to}: {len(plain)} messages")


# --- finding --------------------------------------------------------------------------------------


class _Inbox:
    """The messages of a box; `database` is None before the first call."""

    def __init__(self, directory: Path, database: Database | None) -> None:
        self.directory = directory
        self._database = database

    def database_or_fault(self) -> Database:
        if self._database is None:
            from appliance.errors import NotFound

            raise NotFound("No messages yet.")
        return self._database

    def found(self, name: str) -> InboxEntry:
        from appliance.store.messages import Messages

        return Messages(self.database_or_fault()).find(name)

    @property
    def is_empty(self) -> bool:
        return self._database is None


@contextmanager
def _inbox(config: Path | None, *, writes: bool = False) -> Iterator[_Inbox]:
    from appliance import settings
    from appliance.store.database import FILE_NAME, Database

    directory = settings.data_directory(settings.load(config))
    file = directory / FILE_NAME
    if not file.exists() or file.stat().st_size == 0:
        yield _Inbox(directory, None)
        return
    with Database(file, read_only=not writes) as database:
        yield _Inbox(directory, database)


def _pages(box: _Inbox, limit: int, since: str | None, *, every: bool, whom: str) -> list[InboxPage]:
    from appliance.store.inbox import page_of
    from appliance.store.messages import Messages

    earliest = None if since is None else _moment(since, SystemClock().now())
    if box.is_empty:
        return []
    database = box.database_or_fault()
    most = _EXPORT_MAX if whom else limit
    entries = Messages(database).inbox(most, open_only=not every, since=earliest)
    wanted = [one for one in entries if whom.casefold() in one.message.whom.casefold()]
    return [page_of(one, database, box.directory) for one in wanted[:limit]]


def _mark(name: str, config: Path | None, *, as_json: bool, is_done: bool) -> None:
    from appliance.store.messages import Messages

    with _inbox(config, writes=True) as box:
        found = box.found(name)
        messages = Messages(box.database_or_fault())
        message_id = found.message.message_id
        (messages.mark_read if is_done else messages.reopen)(message_id)
        done_at = messages.find(message_id).done_at
        found = replace(found, done_at=done_at)
    if as_json:
        typer.echo(json.dumps({"message_id": message_id, "done_at": _iso(found.done_at)}))
    else:
        typer.echo(f"{message_id} is {'done' if is_done else 'open'}.")


# --- showing --------------------------------------------------------------------------------------


def _iso(at: Any) -> str | None:
    return None if at is None else at.astimezone().isoformat(timespec="seconds")


def _plain(page: InboxPage) -> dict[str, Any]:
    import msgspec

    plain: dict[str, Any] = msgspec.to_builtins(page.entry.message)
    return plain | {
        "taken_at": _iso(page.entry.taken_at),
        "done_at": _iso(page.entry.done_at),
        "recording": None if page.recording is None else str(page.recording),
        "starts_ms": page.place_ms,
        "deliveries": [_delivery(one) for one in page.deliveries],
    }


def _delivery(one: Delivery) -> dict[str, Any]:
    return {
        "destination": one.destination,
        "state": str(one.state),
        "attempts": one.attempts,
        "due_at": _iso(one.due_at) if one.settled_at is None else None,
        "settled_at": _iso(one.settled_at),
        "reason": one.reason,
    }


def _cell(value: Any) -> Any:
    """A spreadsheet takes a cell that begins so for a formula; a caller's words are none, nor is a number."""
    if not isinstance(value, str) or value[:1] not in _FORMULA or value.removeprefix("+").isdecimal():
        return value
    return f"'{value}"


def _list_table(pages: list[InboxPage]) -> Any:
    table = _table("message", "taken", "", "for", "from", "number", "matter", "sent")
    for page in pages:
        entry, left = page.entry, page.entry.message
        mark = "done" if entry.done_at else "urgent" if left.urgent else ""
        sent = ", ".join(f"{one.destination} {one.state}" for one in page.deliveries)
        who = (left.whom, left.name, left.phone, left.matter)
        _row(table, left.message_id, _local(entry.taken_at), mark, *who, sent)
    return table


def _lines(page: InboxPage) -> list[str]:
    entry, left = page.entry, page.entry.message
    standing = f"done {_local(entry.done_at)}" if entry.done_at else "open"
    lines = [
        f"Message {left.message_id}, taken {_local(entry.taken_at)}, {standing}"
        + (", urgent" if left.urgent else ""),
        f"For: {left.whom or 'anybody'}",
        f"From: {left.name or 'unnamed'}, {left.phone or 'no number'}",
        f"Matter: {left.matter}",
        f"Call: {left.call_id}",
        f"Recording: {page.recording or 'none'}{_place(page)}",
    ]
    return [*lines, *(_sent(one) for one in page.deliveries)]


def _place(page: InboxPage) -> str:
    from appliance.store.export import clock

    return "" if page.recording is None or page.place_ms is None else f", from {clock(page.place_ms)} on"


def _sent(one: Delivery) -> str:
    tries = f"{one.attempts} attempt{'' if one.attempts == 1 else 's'}"
    reason = f" ({one.reason})" if one.reason else ""
    moment = f", next {_local(one.due_at)}" if one.settled_at is None else f" {_local(one.settled_at)}"
    return f"By {one.destination}: {one.state}{moment}, {tries}{reason}"
