"""One value of a TOML file, set or taken out: its comments and its order stay as the owner wrote them.

Pure. A key is a path with dots; an element of a list of tables goes by its place or by its id: `sip.port`,
`directory.desk.extension`, `services.0.minutes`. A key that is new gets its description as a comment above it.
"""

from __future__ import annotations

import textwrap
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar, get_args, get_origin

import tomlkit
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AbstractTable, AoT, Item, Table

from appliance import configfile
from appliance.configfile import KeyPath
from appliance.errors import ConfigError, NotFound

_COMMENT_WIDTH: Final = 98
_NAMES: Final = ("id", "name")
M = TypeVar("M", bound=BaseModel)


def path_of(key: str, values: Any) -> KeyPath:
    """`directory.desk.extension` as a path through `values`, where a list's element goes by place or by name."""
    path: list[str | int] = []
    for part in key.split("."):
        step: str | int = _place(part, values) if isinstance(values, list | tuple) else part
        path.append(step)
        values = _within(values, step)
    return tuple(path)


def _place(part: str, elements: Sequence[Any]) -> str | int:
    """Which element is meant; a name that none has stays a name, and is told as no such key."""
    if part.isdecimal():
        return int(part)
    named = (n for n, one in enumerate(elements) for name in _NAMES if _within(one, name) == part)
    return next(named, part)


def _within(values: Any, step: str | int) -> Any:
    """What stands at `step`; None where nothing does."""
    try:
        return values[step]
    except (KeyError, IndexError, TypeError):
        return None


def value_at(values: Any, path: KeyPath, key: str) -> Any:
    """What stands at `path`; NotFound."""
    for step in path:
        try:
            values = values[step]
        except (KeyError, IndexError, TypeError):
            raise NotFound(
                f"{key}: there is no such key.", remedy="`appliance config show` lists them all."
            ) from None
    return values


def meant_by(text: str, key: str, path: KeyPath, value: str, model: type[M], *, name: str) -> str:
    """The file's text with `value`, as it was typed, at `path`: the first reading of it that the file may hold.

    `5070` is a number where a number is wanted and text where text is; a list takes its values with commas between.
    ConfigError tells what is wrong with the most literal reading.
    """
    refused: ConfigError | None = None
    for reading in _list_readings(value) if _is_list(model, path) else _readings(value):
        try:
            edited = with_value(text, path, reading, model)
            configfile.parse(edited, model, name=name)
        except ConfigError as error:
            refused = refused or error
        else:
            return edited
    raise refused or ConfigError(f"{key}: {value!r} is no value.")


def _readings(value: str) -> Iterator[Any]:
    """What may be meant: a TOML value, else a text."""
    yield from _as_toml(value)
    yield value


def _list_readings(value: str) -> Iterator[Any]:
    """What may be meant where a list belongs: a TOML list, TOML values, else texts."""
    yield from (one for one in _as_toml(value) if isinstance(one, list))
    yield from _as_toml(f"[{value}]")
    yield [part.strip() for part in value.split(",") if part.strip()]


def _is_list(model: type[BaseModel], path: KeyPath) -> bool:
    field = _field_at(model, path)
    return field is not None and tuple in (
        get_origin(field.annotation),
        *map(get_origin, get_args(field.annotation)),
    )


def _as_toml(value: str) -> Iterator[Any]:
    try:
        yield tomlkit.parse(f"value = {value}\n")["value"]
    except (TOMLKitError, ValueError, RecursionError):
        return


def with_value(text: str, path: KeyPath, value: Any, model: type[BaseModel]) -> str:
    """`text` with `value` at `path`; ConfigError when the file is written in a way in which it cannot be placed."""
    document = _parsed(text)
    if len(path) > 1 and path[0] not in document:
        document = _parsed(_with_table(text, str(path[0]), model))
    table: Any = document
    for step in path[:-1]:
        if isinstance(table, AbstractTable) and step not in table:
            table[str(step)] = tomlkit.table()
        table = _step(table, step, path)
    _place_value(table, path, value, _field_at(model, path))
    return _checked(text, tomlkit.dumps(document), path, value)


def without(text: str, path: KeyPath) -> str:
    """`text` without the key at `path`, which counts as its default from then on; NotFound when it is not there."""
    document = _parsed(text)
    table: Any = document
    try:
        for step in path[:-1]:
            table = table[step]
        del table[path[-1]]
    except (KeyError, IndexError, TypeError, TOMLKitError):
        key = ".".join(map(str, path))
        raise NotFound(
            f"{key}: does not stand in the file.", remedy="`appliance config diff` shows what does."
        ) from None
    return tomlkit.dumps(document)


def plain_values(text: str, *, name: str = "The file") -> dict[str, Any]:
    """What the file says, as plain values; ConfigError when it is no TOML. `name` stands for it in the message."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise _no_toml(name, error) from error


def as_toml(values: Mapping[str, Any]) -> str:
    """Values as a TOML file; what is not there (None) is left out, as TOML has no word for it."""
    return tomlkit.dumps(_without_none(values))


def _without_none(values: Any) -> Any:
    if isinstance(values, Mapping):
        return {key: _without_none(one) for key, one in values.items() if one is not None}
    return [_without_none(one) for one in values] if isinstance(values, list | tuple) else values


def default_at(model: type[BaseModel], path: KeyPath) -> Any:
    """What holds at `path` when the file does not say; None where something has to be said."""
    field = _field_at(model, path)
    if field is None or field.is_required():
        return None
    return field.get_default(call_default_factory=True)


def _parsed(text: str) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(text)
    except (TOMLKitError, ValueError, RecursionError) as error:
        raise _no_toml("The file", error) from error


def _no_toml(name: str, error: Exception) -> ConfigError:
    return ConfigError(
        f"{name}: not valid TOML: {error}.",
        remedy="Put it right by hand, or go back: `appliance config rollback`.",
    )


def _step(table: Any, step: str | int, path: KeyPath) -> Any:
    try:
        return table[step]
    except (KeyError, IndexError, TypeError, TOMLKitError):
        raise _no_place(path) from None


def _no_place(path: KeyPath) -> ConfigError:
    key = ".".join(map(str, path))
    return ConfigError(f"{key}: there is no such key.", remedy="docs/configuration.md lists them all.")


def _with_table(text: str, name: str, model: type[BaseModel]) -> str:
    """`text` with a new, empty table at its end, under its purpose as a comment."""
    purpose = _comment(_purpose(_model_at(model, name)))
    header = f"[{tomlkit.key([name]).as_string()}]"
    before = [text.rstrip("\n"), ""] if text.strip() else []
    return "\n".join([*before, *(f"# {line}" for line in purpose), header, ""])


def _place_value(table: Any, path: KeyPath, value: Any, field: FieldInfo | None) -> None:
    key = path[-1]
    is_new = isinstance(table, Table | tomlkit.TOMLDocument) and key not in table
    try:
        if is_new and not isinstance(value, AoT):
            for line in _comment((field.description or "") if field else ""):
                table.add(tomlkit.comment(line))
        table[key] = _legible(value)
    except (KeyError, IndexError, TypeError, ValueError, TOMLKitError):
        raise _no_place(path) from None


def _legible(value: Any) -> Any:
    """A text of several lines stands in several lines."""
    has_lines = isinstance(value, str) and not isinstance(value, Item) and "\n" in value
    return tomlkit.string(value, multiline=True) if has_lines else value


def _checked(before: str, after: str, path: KeyPath, value: Any) -> str:
    """`after`, if it says what `before` said, and `value` at `path`: the owner's file is too dear for a guess."""
    wanted = tomllib.loads(before)
    try:
        after.encode("utf-8")  # what was typed in another encoding is no text
        _set_plainly(wanted, path, _plain(value))
        held = tomllib.loads(after) == wanted
    except (ValueError, KeyError, IndexError, TypeError, UnicodeError):
        held = False
    if not held:
        key = ".".join(map(str, path))
        raise ConfigError(f"{key}: cannot be set in the way this file is written.", remedy="Set it by hand.")
    return after


def _set_plainly(values: Any, path: KeyPath, value: Any) -> None:
    for step in path[:-1]:
        values = values.setdefault(step, {}) if isinstance(values, dict) else values[step]
    values[path[-1]] = value


def _plain(value: Any) -> Any:
    return value.unwrap() if isinstance(value, Item) else value


def _model_at(model: Any, *steps: str | int) -> Any:
    """The model of the table at `steps`, None where there is none."""
    for step in steps:
        if isinstance(step, int) or model is None:
            continue
        field = model.model_fields.get(step)
        model = None if field is None else configfile.model_within(field.annotation)
    return model


def _field_at(model: type[BaseModel], path: KeyPath) -> FieldInfo | None:
    table = _model_at(model, *path[:-1])
    field: FieldInfo | None = table.model_fields.get(path[-1]) if table is not None else None
    return field


def _purpose(model: Any) -> str:
    return (model.__doc__ or "").split("\n\n")[0] if model is not None else ""


def _comment(text: str) -> list[str]:
    return textwrap.wrap(" ".join(text.split()), _COMMENT_WIDTH)
