"""`appliance calls`: what was said, and by whom. Looks at the database without touching it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from appliance.cli.calls_search import dispose, search
from appliance.cli.calls_second import second_lines
from appliance.cli.calls_shelf import (
    Call,
    Config,
    Json,
    _local,
    _moment,
    _print,
    _row,
    _shelf,
    _table,
)
from appliance.clock import SystemClock
from appliance.errors import NotFound

if TYPE_CHECKING:
    from rich.table import Table

    from appliance.domain.call import CallRecord
    from appliance.store.calls import Calls
    from appliance.store.database import Database
    from appliance.store.whole_calls import WholeCall

__all__ = ["Config", "Json", "_local", "_moment", "_print", "_row", "_table", "app"]

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.command()(search)
app.command()(dispose)


@app.command("list")
def list_calls(
    limit: Annotated[int, typer.Option(min=1, help="How many at most, newest first.")] = 20,
    since: Annotated[
        str | None, typer.Option(metavar="AGO", help="Only calls since 30m, 12h, 2d, 1w or a date.")
    ] = None,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """The latest calls, newest first.

    \b
    Examples:
      appliance calls list
      appliance calls list --since 2d --limit 100
      appliance calls list --json
    """
    shelf = _shelf(config)
    earliest = None if since is None else _moment(since, SystemClock().now())
    calls = [] if shelf.database is None else _calls(shelf.database).recent(limit, earliest)
    if as_json:
        typer.echo(json.dumps([_summary(call) for call in calls], indent=2, ensure_ascii=False))
    elif calls:
        _print(_list_table(calls))
    else:
        typer.echo("No calls yet." if since is None else f"No calls since {since}.")


@app.command()
def show(call: Call, as_json: Json = False, config: Config = None) -> None:
    """One call whole: transcript, times, what came of it.

    \b
    Examples:
      appliance calls show last
      appliance calls show 7f3a --json
    """
    found = _found(call, config)
    if as_json:
        plain = _whole(found)
        typer.echo(json.dumps(plain, indent=2, ensure_ascii=False))
    else:
        _print_call(found)


@app.command()
def play(call: Call, config: Config = None) -> None:
    """Play the recording: caller on the left, agent on the right.

    \b
    Examples:
      appliance calls play last
    """
    recording = _found(call, config).recording_or_fault()
    from appliance.engines import loudspeaker

    loudspeaker.play(recording)


@app.command("export")
def export_call(
    call: Call,
    to: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the files; made if need be.")],
    config: Config = None,
) -> None:
    """Write record.json, transcript.txt and recording.flac of a call to a folder.

    \b
    Examples:
      appliance calls export last --to ./complaint
    """
    from appliance.store.whole_calls import export_to

    for file in export_to(_found(call, config), to):
        typer.echo(str(file))


# --- finding --------------------------------------------------------------------------------------


def _calls(database: Database) -> Calls:
    from appliance.store.calls import Calls

    return Calls(database)


def _found(name: str, config: Path | None) -> WholeCall:
    from appliance.store.whole_calls import whole_call

    shelf = _shelf(config)
    if shelf.database is None:
        raise NotFound("No calls yet.")
    return whole_call(shelf.database, shelf.directory, name)


def _whole(found: WholeCall) -> dict[str, Any]:
    from appliance.store import whole_calls

    return whole_calls.as_json(found)


# --- showing --------------------------------------------------------------------------------------


def _summary(call: CallRecord) -> dict[str, Any]:
    from appliance.store import export

    whole = export.as_json(call)
    return {key: whole[key] for key in _SUMMARY}


_SUMMARY = (
    "call_id",
    "caller",
    "called",
    "offered_at",
    "answered_at",
    "ended_at",
    "disposition",
    "recording",
    "summary",
)


def _list_table(calls: list[CallRecord]) -> Table:
    table = _table("call", "when", "caller", "lasted", "disposition")
    for call in calls:
        _row(table, call.call_id, _local(call.offered_at), call.caller, _lasted(call), call.disposition)
    return table


def _print_call(found: WholeCall) -> None:
    record = found.record
    _print(
        f"Call {record.call_id} from {record.caller} to {record.called}",
        f"{_local(record.offered_at)}, lasted {_lasted(record)}, {record.disposition}",
        *([record.summary.text] if record.summary else []),
        _turns_table(record),
        *_belongings(found),
    )
    if record.events:
        _print(_events_table(record))


def _belongings(found: WholeCall) -> list[str]:
    record = found.record
    lines = []
    if one := found.appointment:
        lines.append(
            f"Appointment ({one.standing}): {one.service}, {one.starts_at:%a %d %b %Y %H:%M},"
            f" {one.name}, {one.phone}"
        )
    if left := found.message:
        lines.append(f"Message: from {left.name}, {left.phone}: {left.matter}")
    if record.slots:
        lines.append("Told: " + ", ".join(f"{name} {value}" for name, value in record.slots.items()))
    lines.append(f"Recording: {found.recording or 'none'}")
    if quality := record.quality:
        lines.append(
            f"Line: {quality.codec}, {quality.packets_lost} of {quality.packets_received} packets lost,"
            f" jitter {quality.jitter_ms:.1f} ms, echo removed {quality.erle_db:.0f} dB,"
            f" {quality.frames_dropped} frames dropped"
            + (f", MOS {quality.mos:.1f}" if quality.mos is not None else "")
        )
        if quality.tick_late_worst_ms:  # calls kept by earlier versions were not measured
            lines.append(
                f"Packets sent late: half up to {quality.tick_late_p50_ms:.1f} ms,"
                f" 99 % up to {quality.tick_late_p99_ms:.1f} ms, the worst {quality.tick_late_worst_ms:.1f} ms"
            )
    lines += second_lines(record, found.second)
    if record.versions:
        lines.append("Versions: " + ", ".join(f"{name} {value}" for name, value in record.versions.items()))
    return lines


def _turns_table(record: CallRecord) -> Table:
    from appliance.store import export

    table = _table("time", "who", "said", "class", "gap ms", "of which, ms")
    for turn in record.turns:
        gap = "" if turn.response_gap_ms is None else str(turn.response_gap_ms)
        said = f"{turn.text} (interrupted)" if turn.interrupted else turn.text
        waterfall = "" if turn.waterfall is None else export.steps(turn.waterfall)
        _row(table, export.clock(turn.started_ms), turn.speaker, said, turn.turn_class or "", gap, waterfall)
    return table


def _events_table(record: CallRecord) -> Table:
    from appliance.store import export

    table = _table("time", "event", "detail")
    for event in record.events:
        _row(table, export.clock(event.at_ms), event.kind, event.detail)
    return table


def _lasted(call: CallRecord) -> str:
    if call.answered_at is None:
        return "not answered"
    if call.ended_at is None:
        return "still open"
    seconds = round((call.ended_at - call.answered_at).total_seconds())
    return f"{seconds // 60}:{seconds % 60:02}"
