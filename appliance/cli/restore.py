"""`appliance restore`: put a backup in the place of the database, while the box does not run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from appliance.cli.calls_shelf import Config, Json, _local


def command(
    backup: Annotated[
        str, typer.Argument(metavar="FILE|latest", help="A backup's file, or the newest good one.")
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Restore a backup. The replaced database is set aside, and people who were erased stay erased.

    Recordings that the backup kept and that are gone are brought back.

    \b
    Examples:
      appliance restore latest
      appliance restore /media/stick/attendant-20261121T033000Z.db --yes
    """
    from appliance import settings
    from appliance.clock import SystemClock
    from appliance.ops.single import single_instance
    from appliance.store.backups import Backups
    from appliance.store.database import FILE_NAME
    from appliance.store.integrity import restore

    loaded, clock = settings.load(config), SystemClock()
    directory = settings.data_directory(loaded)
    path, named = directory / FILE_NAME, Path(backup)
    folder = named.parent if named.is_file() else settings.backups_directory(loaded)
    backups = Backups(path, folder, clock)
    found = backups.find(named.name if named.is_file() else backup)
    if not yes:
        typer.confirm(f"Put the backup of {_local(found.made_at)} in the place of {path}?", abort=True)
    with single_instance(directory / "run"):
        aside = restore(path, backups, found, clock)
        brought = backups.bring_back_recordings(found)
    if as_json:
        said = {"restored": str(backups.path_of(found)), "aside": aside and str(aside), "recordings": brought}
        typer.echo(json.dumps(said, indent=2))
        return
    typer.echo(
        f"{path}: restored from the backup of {_local(found.made_at)}; {brought} recordings brought back."
    )
    if aside is not None:
        typer.echo(f"What was replaced lies in {aside}.")
