"""`appliance config set|unset|diff|history|rollback`: changing a settings or business file, and changing it back."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from appliance.cli.config_files import Config, Json, OfBusiness, owners_file, say_changed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from appliance.cli.config_files import OwnersFile

_Key = Annotated[str, typer.Argument(metavar="KEY", help="Like sip.port, or directory.desk.extension.")]


def set_value(
    key: _Key,
    value: Annotated[
        str, typer.Argument(metavar="VALUE", help="Text, a number, true or false, or any TOML value.")
    ],
    config: Config = None,
    business: OfBusiness = False,
    as_json: Json = False,
) -> None:
    """Set one value: comments stay, the whole is checked first, and what it was before is kept.

    Example: appliance config set sip.fallback 100
    """
    from appliance.setup import editing

    file = owners_file(config, business=business)

    def edited(text: str) -> str:
        path = editing.path_of(key, editing.plain_values(text, name=str(file.path)))
        return editing.meant_by(text, key, path, value, file.model, name=str(file.path))

    kept = file.change(edited, f"set {key}")
    if as_json:
        typer.echo(json.dumps({"file": str(file.path), "key": key, "kept": kept.number if kept else None}))
    else:
        say_changed(file, kept, f"{key} is set" if kept else f"{key} says so already")


def unset(
    key: _Key,
    config: Config = None,
    business: OfBusiness = False,
    as_json: Json = False,
) -> None:
    """Take one key out of the file: its default holds again.

    Example: appliance config unset turns.end_silence_ms
    """
    from appliance.setup import editing

    file = owners_file(config, business=business)

    def edited(text: str) -> str:
        return editing.without(text, editing.path_of(key, editing.plain_values(text, name=str(file.path))))

    kept = file.change(edited, f"unset {key}")
    if as_json:
        typer.echo(json.dumps({"file": str(file.path), "key": key, "kept": kept.number if kept else None}))
    else:
        say_changed(file, kept, f"{key} is back to its default")


def history(config: Config = None, business: OfBusiness = False, as_json: Json = False) -> None:
    """List the former versions of the file: until when each held, what replaced it, and who did that.

    Example: appliance config history --business
    """
    from dataclasses import asdict

    file = owners_file(config, business=business)
    versions = file.history.versions()
    if as_json:
        typer.echo(json.dumps([asdict(version) for version in versions], indent=2))
        return
    if not versions:
        typer.echo(f"{file.path}: has not been changed by `appliance init` or `appliance config` yet.")
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("version", "held until", "what replaced it", "by", title=str(file.path), box=None)
    for version in versions:
        table.add_row(str(version.number), version.replaced_at, version.change, version.by)
    Console().print(table)


def rollback(
    number: Annotated[int | None, typer.Argument(metavar="[N]", help="The version; else the newest.")] = None,
    config: Config = None,
    business: OfBusiness = False,
    as_json: Json = False,
) -> None:
    """Put a former version back. What stands there now becomes a version itself, so this can be taken back too.

    Example: appliance config rollback 3
    """
    file = owners_file(config, business=business)
    version, text = file.history.text(number)
    kept = file.change(lambda now: text, f"rollback to {version.number}")
    if as_json:
        told = {"file": str(file.path), "restored": version.number, "kept": kept.number if kept else None}
        typer.echo(json.dumps(told))
    else:
        say_changed(file, kept, f"is as version {version.number} again" if kept else "is that already")


def diff(
    number: Annotated[int | None, typer.Argument(metavar="[N]", help="A version; else the defaults.")] = None,
    config: Config = None,
    business: OfBusiness = False,
    as_json: Json = False,
) -> None:
    """Show what differs from the defaults, or what changed since a former version.

    A business has no defaults: without a version, everything it says is shown.

    Example: appliance config diff 3
    """
    file = owners_file(config, business=business)
    if number is None:
        _show_differing(file, as_json=as_json)
        return
    _, before = file.history.text(number)
    names = (f"version {number}", str(file.path))
    lines = list(difflib.unified_diff(before.splitlines(), file.text.splitlines(), *names, lineterm=""))
    if as_json:
        typer.echo(json.dumps({"version": number, "diff": lines}))
    else:
        typer.echo("\n".join(lines) if lines else "Nothing has changed since.")


def _show_differing(file: OwnersFile, *, as_json: bool) -> None:
    differing = dict(_differing(file))
    if as_json:
        typer.echo(json.dumps(differing, indent=2, ensure_ascii=False))
        return
    for key, (now, default) in differing.items():
        typer.echo(
            f"{key} = {_written(now)}" + ("" if default is None else f"  # default: {_written(default)}")
        )
    if not differing:
        typer.echo("Everything is at its default.")


def _differing(file: OwnersFile) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """Each key that the file says differently than its default: what it says, and the default (None: there is none)."""
    from appliance.setup.editing import default_at

    for path, value in _leaves(file.values(), file.model.model_fields):
        default = json.loads(json.dumps(default_at(file.model, path), default=_plain))
        if value != default:
            yield ".".join(path), (value, default)


def _plain(value: Any) -> Any:
    """What JSON does not know: tables of the settings and moments."""
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else str(value)


def _leaves(values: Mapping[str, Any], tables: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each key with its table: two deep, as the files are."""
    for key, value in values.items():
        if isinstance(value, dict) and key in tables:
            yield from (((key, inner), one) for inner, one in value.items())
        else:
            yield (key,), value


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
