"""`appliance config`: what is in force, whether a file is right, and a file to start from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pydantic import BaseModel

app = typer.Typer(no_args_is_help=True)


@app.command()
def show(
    config: Annotated[
        Path | None,
        typer.Option(envvar="ATTENDANT_CONFIG", help="Settings file; else /etc/attendant/appliance.toml."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print the settings in force, defaults included."""
    from appliance import settings
    from appliance.ops.reference import settings_toml

    loaded = settings.load(config)
    if as_json:
        typer.echo(json.dumps(loaded.model_dump(mode="json"), indent=2, ensure_ascii=False))
    else:
        typer.echo(settings_toml(loaded), nl=False)


@app.command()
def check(files: Annotated[list[Path], typer.Argument(help="Settings or business files.")]) -> None:
    """Say what is wrong in each file, with line and remedy; exit status 78 when anything is."""
    from appliance import configfile
    from appliance.errors import EXIT_CONFIG, ConfigError

    faulty = False
    for file in files:
        try:
            configfile.read(file, _model_of(file))
        except ConfigError as error:
            faulty = True
            typer.echo(str(error), err=True)
        else:
            typer.echo(f"{file}: ok")
    if faulty:
        raise typer.Exit(EXIT_CONFIG)


@app.command()
def example() -> None:
    """Print a settings file with every key, its meaning and its default."""
    from appliance.ops.reference import example_toml

    typer.echo(example_toml(), nl=False)


@app.command()
def reference() -> None:
    """Print docs/configuration.md."""
    from appliance.ops.reference import configuration_markdown

    typer.echo(configuration_markdown(), nl=False)


def _model_of(file: Path) -> type[BaseModel]:
    """Which of the two kinds of file this is, by the keys at its top."""
    import tomllib

    from appliance.business import Business
    from appliance.settings import Settings

    try:
        keys = set(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return Settings  # unreadable either way; reading it again says why
    kinds: tuple[type[BaseModel], ...] = (Settings, Business)
    return max(kinds, key=lambda model: len(keys & set(model.model_fields)))
