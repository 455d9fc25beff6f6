"""Reads a TOML file into a strict model, or says which file, line and key is wrong and what would be right.

tomllib gives values without positions and pydantic gives key paths without lines; `line_of` joins the two.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, time
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from appliance.errors import ConfigError

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_LINE_IN_MESSAGE = re.compile(r"at line (\d+)")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-\"'.]+)\s*=")

KeyPath = Sequence[str | int]


class Strict(BaseModel):
    """A table of a settings file: unknown keys are refused, values do not change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Misplaced(ValueError):
    """A validator found a fault deeper than its own table: `path` leads there, so that the line is right."""

    def __init__(self, message: str, path: KeyPath) -> None:
        super().__init__(message)
        self.path = tuple(path)


class ManyMisplaced(ValueError):
    """Several such faults at once: each is told."""

    def __init__(self, faults: Sequence[Misplaced]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = tuple(faults)


M = TypeVar("M", bound=BaseModel)


def read(path: Path, model: type[M]) -> M:
    """The file at `path` as a `model`; ConfigError names file, line, key and remedy."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}).", remedy="Check the path.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text.", remedy="Save it as UTF-8.") from error
    return parse(text, model, name=str(path))


def parse(text: str, model: type[M], *, name: str) -> M:
    """`text` as a `model`; `name` stands for the file in messages."""
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a huge number or nest is not a TOMLDecodeError
        line = _LINE_IN_MESSAGE.search(str(error))
        where = f"{name}:{line[1]}" if line else name
        raise ConfigError(f"{where}: not valid TOML: {error}.", remedy="See https://toml.io.") from error
    try:
        # Strict, so that "5060" is no number and 1 is no truth; by way of JSON, because strict Python
        # values would refuse TOML's lists and texts where tuples and enums are wanted.
        return model.model_validate_json(json.dumps(values, default=_as_text), strict=True)
    except ValidationError as error:
        raise ConfigError(_explain(error, text, model, name)) from error


def _as_text(moment: date | time) -> str:
    return moment.isoformat()


def _explain(error: ValidationError, text: str, model: type[BaseModel], name: str) -> str:
    lines = []
    for path, wrong in _faults(error, model):
        key = ".".join(str(part) for part in path) or "(whole file)"
        lines.append(f"{name}:{line_of(text, path)}: {key}: {wrong}")
    return "\n".join(lines)


def _faults(error: ValidationError, model: type[BaseModel]) -> Iterator[tuple[KeyPath, str]]:
    """Where each fault is, and what is wrong there."""
    for fault in error.errors():
        match fault.get("ctx", {}).get("error"):
            case Misplaced() as found:
                yield (*fault["loc"], *found.path), str(found)
            case ManyMisplaced(faults=several):
                yield from (((*fault["loc"], *one.path), str(one)) for one in several)
            case _:
                yield fault["loc"], _what_is_wrong(fault, model, fault["loc"])


def _what_is_wrong(fault: Any, model: type[BaseModel], path: KeyPath) -> str:
    match fault["type"]:
        case "extra_forbidden":
            near = difflib.get_close_matches(str(path[-1]), _siblings(model, path), n=1)
            return "no such key." + (f" Did you mean `{near[0]}`?" if near else " Remove it.")
        case "missing":
            return "is missing. Add it."
        case "value_error":
            return str(fault["ctx"]["error"])
        case _:
            rule = fault["msg"].removeprefix("Input ").replace("an object", "a table")
            return f"{rule} (it is {fault['input']!r})."


def _siblings(model: type[BaseModel], path: KeyPath) -> list[str]:
    """The keys that would have been allowed where `path` ends."""
    here: Any = model
    for part in path[:-1]:
        if isinstance(part, int):
            continue
        field = here.model_fields.get(part) if hasattr(here, "model_fields") else None
        if field is None:
            return []
        here = model_within(field.annotation)
    return list(getattr(here, "model_fields", {}))


def model_within(annotation: Any) -> Any:
    """The table that a field of this type holds, one or a list of them; None when it holds none."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        found = model_within(part)
        if found is not None:
            return found
    return None


def line_of(text: str, path: KeyPath) -> int:
    """The 1-based line on which `path` stands, or its nearest enclosing table; 1 when nothing is found."""
    best_line, best_depth = 1, 0
    for line_number, here in _positions(text):
        depth = _common_depth(here, path)
        if depth == len(here) and depth > best_depth:
            best_line, best_depth = line_number, depth
    return best_line


def _common_depth(here: KeyPath, path: KeyPath) -> int:
    depth = 0
    for mine, theirs in zip(here, path, strict=False):
        if mine != theirs:
            break
        depth += 1
    return depth


def _positions(text: str) -> list[tuple[int, KeyPath]]:
    """Where each table and key of the text stands: its line and its path, array elements by number."""
    table: list[str | int] = []
    last_of: dict[KeyPath, int] = {}  # the element of each array of tables that is being filled
    found: list[tuple[int, KeyPath]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _table_path(header[2].split("."), header[1] == "[[", last_of)
            found.append((number, table))
        elif key := _KEY.match(line):
            found.append((number, [*table, *(part.strip("\"'") for part in key[1].split("."))]))
    return found


def _table_path(names: list[str], opens_element: bool, last_of: dict[KeyPath, int]) -> list[str | int]:
    path: list[str | int] = []
    for depth, name in enumerate(names, start=1):
        path.append(name.strip("\"' "))
        key = tuple(path)
        if opens_element and depth == len(names):
            last_of[key] = last_of.get(key, -1) + 1
        if key in last_of:
            path.append(last_of[key])
    return path
