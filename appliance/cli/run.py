"""`appliance run`: the whole box in the foreground, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from appliance.settings import Settings
    from appliance.supervisor import ChildSpec

_NEEDED = ("recogniser", "voice", "vectors")


def command(
    config: Annotated[
        Path | None,
        typer.Option(envvar="ATTENDANT_CONFIG", help="Settings file; else /etc/attendant/appliance.toml."),
    ] = None,
    home: Annotated[
        Path | None,
        typer.Option(envvar="ATTENDANT_HOME", help="Folder for models, database and recordings."),
    ] = None,
) -> int:
    """Answer calls: start all processes, restart one that dies, stop them together.

    Example: appliance run --config appliance.toml
    """
    from appliance import business, settings, supervisor
    from appliance.ops.notify import Notifier
    from appliance.ops.parents import die_with_parent
    from appliance.ops.single import single_instance
    from appliance.wiring import children, run_directory

    die_with_parent()  # a box that a demonstration or a measurement started ends with it, however that ended
    if home is not None:
        os.environ["ATTENDANT_HOME"] = str(home.resolve())
    config = config.resolve() if config is not None else None
    loaded = settings.load(config)
    office = business.load(loaded.business)
    directory = run_directory(loaded)
    with single_instance(directory):
        announce(f"{office.name}: starting; everything is kept in {directory.parent}")
        to_start = _that_can_start(children(loaded, config), loaded, announce)
        return supervisor.run(to_start, announce, Notifier.from_environment())


def announce(text: str) -> None:
    """One line on the screen, with the time of day."""
    from appliance.clock import SystemClock

    typer.echo(f"{SystemClock().now():%H:%M:%S} {text}")


def _that_can_start(
    specs: list[ChildSpec], settings: Settings, announce: Callable[[str], None]
) -> list[ChildSpec]:
    """`specs`, less the mind when it has no model; ModelMissing for one that nothing works without."""
    from appliance.errors import ModelMissing
    from appliance.weights.place import resolve

    for role in _NEEDED:
        resolve(settings, role)
    try:
        if resolve(settings, "language_model") is not None:
            return specs
        announce("without a language model, as the settings say: open questions become messages")
    except ModelMissing as missing:
        announce(f"WITHOUT LANGUAGE MODEL: {missing} Until then open questions become messages.")
    return [spec for spec in specs if spec.name != "mind"]
