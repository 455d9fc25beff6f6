"""`appliance desk`: what staff can ask the box by voice, asked by text; and the sound devices it could use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Config = Annotated[Path | None, typer.Option("--config", envvar="ATTENDANT_CONFIG", help="Settings file.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="What one would say after the wake word.")],
    config: Config = None,
    as_json: Json = False,
) -> None:
    """What the desk would answer; nobody is called.

    \b
    Examples:
      appliance desk ask "any messages?"
      appliance desk ask "what is on at three?" --json
    """
    from appliance import business, settings
    from appliance.desk.requests import understood
    from appliance.desk.sayings import sayings_of
    from appliance.desk.session import SPOKEN_BY_ITSELF
    from appliance.errors import NotFound
    from appliance.wiring.at_the_desk import look_up

    box = settings.load(config)
    office = business.load(box.business)
    sayings = sayings_of(office.language)
    request = understood(question, sayings)
    if request is None:
        raise NotFound(sayings.phrases["not_understood"], remedy=sayings.phrases["help"])
    by_itself = request.wish in SPOKEN_BY_ITSELF
    text = sayings.phrases["help"] if by_itself else look_up(box, office).answer(request).text
    typer.echo(json.dumps({"wish": request.wish, "answer": text}) if as_json else text)


@app.command()
def devices(as_json: Json = False) -> None:
    """The microphones and loudspeakers of this machine, by the names that desk.microphone and desk.speaker take.

    \b
    Examples:
      appliance desk devices
    """
    from appliance.engines import sound_card

    found = sound_card.devices()
    if as_json:
        typer.echo(
            json.dumps([{"name": one.name, "hears": one.hears, "speaks": one.speaks} for one in found])
        )
        return
    for one in found:
        uses = " and ".join(use for use, can in (("hears", one.hears), ("speaks", one.speaks)) if can)
        typer.echo(f"{one.name}  ({uses})")
    if not found:
        typer.echo("There is no sound device on this machine.")
