"""`appliance backup`: a whole, checked copy of the database, now; which there are; whether the database is whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from appliance.cli.calls_shelf import Config, Json, _local, _print, _row, _table

if TYPE_CHECKING:
    from appliance.store.backups import Backup, Backups

app = typer.Typer(invoke_without_command=True, rich_markup_mode=None)


@app.callback()
def make(
    context: typer.Context,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="Another folder than [keep] backups.")
    ] = None,
    recordings: Annotated[bool, typer.Option("--recordings", help="Copy the sound as well.")] = False,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Back up the database, now, while calls go on. Each night the box does so by itself.

    \b
    Examples:
      appliance backup
      appliance backup --to /media/stick --recordings
      appliance backup list
      appliance restore latest
    """
    if context.invoked_subcommand is not None:
        return
    backups = _backups(config, to)
    backup = backups.make(recordings=recordings)
    if as_json:
        typer.echo(json.dumps(_plain(backups, backup), indent=2))
    else:
        typer.echo(f"{backups.path_of(backup)}: {_contents(backup)}")


@app.command("list")
def list_backups(
    to: Annotated[Path | None, typer.Option("--to", metavar="DIR", help="Look in this folder.")] = None,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """The backups there are, newest first; each is read whole to see that it is good.

    \b
    Examples:
      appliance backup list
      appliance backup list --to /media/stick --json
    """
    backups = _backups(config, to)
    every = backups.all()
    if as_json:
        typer.echo(json.dumps([_plain(backups, one) for one in every], indent=2))
    elif not every:
        typer.echo(f"{backups.folder}: no backups yet.")
    else:
        table = _table("backup", "made", "MB", "holds", "")
        for one in every:
            fault = backups.fault_of(one) or "good"
            _row(table, one.file, _local(one.made_at), f"{one.size_bytes / 1e6:.1f}", _contents(one), fault)
        _print(table)


@app.command()
def check(as_json: Json = False, config: Config = None) -> None:
    """Read the whole database and say what is wrong with it; exit status 1 when anything is.

    \b
    Examples:
      appliance backup check
    """
    from appliance import settings
    from appliance.store.database import FILE_NAME
    from appliance.store.integrity import problems_of

    path = settings.data_directory(settings.load(config)) / FILE_NAME
    problems = problems_of(path, thorough=True)
    if as_json:
        typer.echo(json.dumps({"database": str(path), "whole": not problems, "problems": list(problems)}))
    elif problems:
        typer.echo("\n".join((f"{path}: damaged.", *problems)), err=True)
        typer.echo(
            "The running box restores its last backup by itself; else: appliance restore latest", err=True
        )
    else:
        typer.echo(f"{path}: whole.")
    if problems:
        raise typer.Exit(1)


def _backups(config: Path | None, folder: Path | None) -> Backups:
    from appliance import settings
    from appliance.clock import SystemClock
    from appliance.store.backups import Backups
    from appliance.store.database import FILE_NAME

    loaded = settings.load(config)
    path = settings.data_directory(loaded) / FILE_NAME
    return Backups(path, folder or settings.backups_directory(loaded), SystemClock())


def _contents(backup: Backup) -> str:
    sound = f", {len(backup.recordings)} recordings {'kept' if backup.recordings_kept else 'listed'}"
    kinds = ("calls", "messages", "appointments")
    return ", ".join(f"{backup.rows.get(kind, 0)} {kind}" for kind in kinds) + sound


def _plain(backups: Backups, backup: Backup) -> dict[str, Any]:
    return {
        "file": str(backups.path_of(backup)),
        "made_at": backup.made_at.isoformat(timespec="seconds"),
        "size_bytes": backup.size_bytes,
        "sha256": backup.sha256,
        "software": backup.software,
        "rows": backup.rows,
        "recordings": len(backup.recordings),
        "recordings_kept": backup.recordings_kept,
        "fault": backups.fault_of(backup),
    }
