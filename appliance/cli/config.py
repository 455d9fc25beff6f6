"""`appliance config`: what is in force, whether a file is right, and a file to start from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from appliance.cli import config_history
from appliance.cli.config_files import Config, Json, OfBusiness

if TYPE_CHECKING:
    from pydantic import BaseModel

app = typer.Typer(no_args_is_help=True)
app.command("set")(config_history.set_value)
app.command()(config_history.unset)
app.command()(config_history.diff)
app.command()(config_history.history)
app.command()(config_history.rollback)


@app.command()
def show(
    key: Annotated[str, typer.Argument(metavar="[KEY]", help="One value or table: sip.port, or sip.")] = "",
    config: Config = None,
    business: OfBusiness = False,
    as_json: Json = False,
) -> None:
    """Print what is in force, defaults included: everything, or what stands at KEY.

    Example: appliance config show sip.registrar
    """
    from appliance import settings
    from appliance.ops.reference import settings_toml

    loaded: BaseModel = settings.load(config)
    if business:
        from appliance import business as businesses

        loaded = businesses.load(settings.load(config).business)
    if isinstance(loaded, settings.Settings) and not key and not as_json:
        typer.echo(settings_toml(loaded), nl=False)
    else:
        _print_at(key, loaded.model_dump(mode="json"), as_json=as_json)


def _print_at(key: str, values: Any, *, as_json: bool) -> None:
    """What stands at `key`: a text bare, so that a script can take it; a table as TOML or JSON."""
    from appliance.setup import editing

    found = editing.value_at(values, editing.path_of(key, values), key) if key else values
    if as_json:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
    elif isinstance(found, dict):
        typer.echo(editing.as_toml(found), nl=False)
    else:
        typer.echo(found if isinstance(found, str) else json.dumps(found, ensure_ascii=False))


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Settings or business files.")], as_json: Json = False
) -> None:
    """Say what is wrong in each file, with line and remedy; exit status 78 when anything is.

    Example: appliance config check /etc/attendant/appliance.toml
    """
    from appliance import configfile
    from appliance.errors import EXIT_CONFIG, ConfigError

    faults: dict[str, list[str]] = {}
    for file in files:
        faults[str(file)] = []
        try:
            configfile.read(file, _model_of(file))
        except ConfigError as error:
            faults[str(file)] = str(error).splitlines()
            if not as_json:
                typer.echo(str(error), err=True)
        else:
            if not as_json:
                typer.echo(f"{file}: ok")
    if as_json:
        typer.echo(json.dumps(faults, indent=2, ensure_ascii=False))
    if any(faults.values()):
        raise typer.Exit(EXIT_CONFIG)


@app.command()
def example() -> None:
    """Print a settings file with every key, its meaning and its default.

    Example: appliance config example > appliance.toml
    """
    from appliance.ops.reference import example_toml

    typer.echo(example_toml(), nl=False)


@app.command()
def reference() -> None:
    """Print docs/configuration.md.

    Example: appliance config reference | less
    """
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
