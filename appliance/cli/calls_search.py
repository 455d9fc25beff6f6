"""`appliance calls search` and `dispose`: finding calls by what was said, and putting right how one ended."""

from __future__ import annotations

import getpass
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from appliance.cli.calls_shelf import Call, Config, Json, _local, _moment, _print, _shelf
from appliance.clock import SystemClock
from appliance.domain.call import Disposition
from appliance.errors import NotFound

if TYPE_CHECKING:
    from rich.text import Text

    from appliance.store.search import Hit

Ended = Annotated[
    Disposition | None, typer.Option("--disposition", metavar="HOW", help="Only calls that ended so.")
]


def search(
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORDS", help='All must have been said; "in quotes" together; oil*.'),
    ],
    *,
    since: Annotated[
        str | None, typer.Option(metavar="AGO", help="Only calls since 30m, 12h, 30d, 1w or a date.")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="AGO", help="Only calls before then.")] = None,
    disposition: Ended = None,
    caller: Annotated[str | None, typer.Option(metavar="NUMBER", help="Only calls from this number.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most, the best first.")] = 20,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Calls in which these words were said, by the caller or by us; finished calls only.

    \b
    Examples:
      appliance calls search oil light
      appliance calls search "oil light" --since 30d --disposition booked --json
      appliance calls search '"check engine" transm*' --caller 303-555-0123
    """
    from appliance.store.search import Search

    now, shelf = SystemClock().now(), _shelf(config)
    hits: list[Hit] = []
    if shelf.database is not None:
        hits = Search(shelf.database).find(
            " ".join(words),
            since=None if since is None else _moment(since, now),
            until=None if until is None else _moment(until, now),
            disposition=disposition,
            caller=caller,
            limit=limit,
        )
    _say_what_is_missing(0 if shelf.database is None else Search(shelf.database).waiting())
    if as_json:
        typer.echo(json.dumps([_plain(hit) for hit in hits], indent=2, ensure_ascii=False))
    elif hits:
        _print(*(line for hit in hits for line in _lines(hit)))
    else:
        typer.echo("No call has these words.")


def dispose(
    call: Call,
    disposition: Annotated[
        Disposition, typer.Argument(metavar="HOW", help="How it ended: answered, booked, message ...")
    ],
    *,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who says so; you, unless told.")] = "",
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Put right how a call ended. The record keeps who changed it, when, and what it was.

    \b
    Examples:
      appliance calls dispose 7f3a booked
      appliance calls dispose last message --by maria
    """
    from appliance import settings
    from appliance.store.calls import Calls
    from appliance.store.database import Database

    shelf = _shelf(config)
    if shelf.database is None:
        raise NotFound("No calls yet.")
    told = settings.load(config).told_of(settings.Tells.DISPOSITION)
    with Database(shelf.database.path) as database:
        calls = Calls(database, correcting=told)
        before = calls.dispose(call, disposition, by=by or _user(), now=SystemClock().now())
    changed = {"call_id": before.call_id, "was": before.disposition, "disposition": disposition}
    if as_json:
        typer.echo(json.dumps(changed))
    elif before.disposition is disposition:
        typer.echo(f"Call {before.call_id} ended so already: {disposition}.")
    else:
        typer.echo(f"Call {before.call_id}: {before.disposition} -> {disposition}.")


def _say_what_is_missing(calls: int) -> None:
    if calls:
        typer.echo(
            f"{calls} older calls are not in the index yet; the box puts them in while idle.", err=True
        )


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no name for this user on this machine
        return "desk"


def _plain(hit: Hit) -> dict[str, Any]:
    plain = asdict(hit) | {"offered_at": hit.offered_at.isoformat(), "snippet": hit.snippet}
    plain["found"] = [piece["text"] for piece in plain.pop("said") if piece["is_hit"]]
    return plain


def _lines(hit: Hit) -> list[Text]:
    """A line about the call and one of what was said, the words that were looked for in bold."""
    from rich.text import Text

    from appliance.store.export import clock

    said = Text(f"  {clock(hit.started_ms)} {hit.speaker}: ")
    for piece in hit.said:
        said.append(piece.text, style="bold" if piece.is_hit else "")
    return [Text(f"{hit.call_id}  {_local(hit.offered_at)}  {hit.caller}  {hit.disposition}"), said]
