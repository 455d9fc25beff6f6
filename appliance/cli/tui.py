"""`appliance tui`: the technician's view of a running box."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def command(
    screen: Annotated[
        str, typer.Option(metavar="NAME", help="The screen to begin with: live, line, engines, calls, ...")
    ] = "live",
    config: Annotated[Path | None, typer.Option(envvar="ATTENDANT_CONFIG", help="Settings file.")] = None,
) -> None:
    """Look at a running box: calls as they happen, the line, the engines, and what is on record.

    \b
    Examples:
      appliance tui
      appliance tui --screen line
    """
    from appliance import business, settings
    from appliance.tui.app import SCREENS, Technician
    from appliance.tui.feeds import BoxFeed
    from appliance.wiring import run_directory

    if screen not in SCREENS:
        raise typer.BadParameter(f"there is no screen {screen}; there are: {', '.join(SCREENS)}.")
    loaded = settings.load(config)
    feed = BoxFeed(loaded, business.load(loaded.business), run_directory(loaded), config)
    Technician(feed, screen).run()
