"""`appliance tui`: the technician's view of a running box."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

_SERVED_ON = "127.0.0.1"


def command(
    screen: Annotated[
        str, typer.Option(metavar="NAME", help="The screen to begin with: live, line, engines, calls, ...")
    ] = "live",
    serve: Annotated[
        bool, typer.Option("--serve", help="Show it in a browser of this machine instead.")
    ] = False,
    port: Annotated[int, typer.Option(min=1024, max=65535, help="Where the browser finds it.")] = 8321,
    log: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The log of a box in the foreground; else the journal."),
    ] = None,
    config: Annotated[Path | None, typer.Option(envvar="ATTENDANT_CONFIG", help="Settings file.")] = None,
) -> None:
    """Look at a running box: calls as they happen, the line, the engines, and what is on record.

    In a browser it is reached from this machine only; from elsewhere through `ssh -L 8321:127.0.0.1:8321 BOX`.

    \b
    Examples:
      appliance tui
      appliance tui --screen line
      appliance tui --screen logs --log box.log
      appliance tui --serve
    """
    from appliance.tui.app import SCREENS

    if screen not in SCREENS:
        raise typer.BadParameter(f"there is no screen {screen}; there are: {', '.join(SCREENS)}.")
    if serve:
        _serve(screen, port, config, log)
    else:
        _show(screen, config, log)


def _show(screen: str, config: Path | None, log: Path | None) -> None:
    from appliance import business, settings
    from appliance.tui.app import Technician
    from appliance.tui.feeds import BoxFeed
    from appliance.wiring import run_directory
    from appliance.wiring.looking import neighbours

    loaded = settings.load(config)
    office = business.load(loaded.business)
    beside = neighbours(loaded, office, config, log)
    feed = BoxFeed(loaded, office, run_directory(loaded), config, beside)
    Technician(feed, screen).run()


def _serve(screen: str, port: int, config: Path | None, log: Path | None) -> None:
    """Each browser gets a view of its own, which is this command without --serve."""
    from textual_serve.server import Server

    again = [sys.executable, "-m", "appliance.cli.app", "tui", "--screen", screen]
    chosen = [] if config is None else ["--config", str(config)]
    chosen += [] if log is None else ["--log", str(log.resolve())]
    Server(shlex.join([*again, *chosen]), host=_SERVED_ON, port=port, title="Attendant").serve()
