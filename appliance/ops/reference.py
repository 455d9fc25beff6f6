"""Writes what an operator reads about the settings, from the models that check them: example file and manual.

`config/appliance.toml` and `docs/configuration.md` are this room's output; tests compare them with it.
"""

from __future__ import annotations

import datetime
import json
import textwrap
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

import annotated_types
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from appliance.business import Business
from appliance.settings import Settings

_WIDTH = 100
_FILES = (Settings, Business)
_KINDS = {
    bool: "true or false",
    int: "whole number",
    float: "number",
    str: "text",
    datetime.date: "date",
    datetime.time: "time of day",
    Any: "anything",
}
_EXAMPLE_HEAD = """\
# Settings of the box. Every key stands here with its default; a file needs only the keys it changes.
# Check yours with `appliance config check FILE`. Secrets do not belong here: see docs/configuration.md.
"""
_MANUAL_HEAD = """\
# Configuration

One TOML file holds the settings of the box, another one says what a business is. Both are checked before
anything starts: an unknown key, a wrong type or a value out of bounds is refused with file, line, key and
what would be right (exit status 78).

```
appliance config example             # every key with its default
appliance config check FILE...       # settings or business files
appliance config show [KEY]          # what is in force
appliance config set KEY VALUE       # change one value; comments stay, the former version is kept
appliance config diff|history|rollback
```

`appliance init` asks for what matters and writes both files: docs/setup.md.

The file is the one named by `--config`, else by `ATTENDANT_CONFIG`, else `/etc/attendant/appliance.toml`;
without any the defaults hold. `config/appliance.toml` is the example, equal to the defaults.

## Secrets and the environment

Secrets never stand in a file of ours. They are read from systemd credentials (a file of the secret's name in
`$CREDENTIALS_DIRECTORY`), else from the environment.

| name | what it is |
|---|---|
| credential `sip_password`, or `ATTENDANT_SIP_PASSWORD` | password of the extension named in `sip.user` |
| credential `feed_token`, or `ATTENDANT_FEED_TOKEN` | the secret in the feed's address; without one it is made once |
| credential `smtp_password`, or `ATTENDANT_SMTP_PASSWORD` | password of `deliver.smtp_user` at the mail server |
| credential `webhook_secret`, or `ATTENDANT_WEBHOOK_SECRET` | signs what is posted to `deliver.webhook_url` |
| credential `tools_NAME`, or `ATTENDANT_TOOLS_NAME` | signs what those tools post that name the secret `NAME` |
| `ATTENDANT_CONFIG` | settings file |
| `ATTENDANT_HOME` | folder for models, database and recordings |
| `ATTENDANT_LOG_LEVEL` | `debug`, `info` (default), `warning` or `error` |
| `ATTENDANT_LOG_PII` | `1` lets people's words, numbers and names into the logs |

"""


def example_toml() -> str:
    """Settings as a file: each key with its description, its default, and what it may be."""
    tables = [_example_keys(Settings)]
    tables += [
        [*_comment(_purpose(table.model)), f"[{table.name}]", *_example_keys(table.model)]
        for table in _tables(Settings)
    ]
    return _EXAMPLE_HEAD + "".join("\n" + "\n".join(lines) + "\n" for lines in tables)


def settings_toml(settings: Settings) -> str:
    """These settings as a file, without comments."""
    tables = [_keys(settings)]
    tables += [[f"[{table.name}]", *_keys(getattr(settings, table.name))] for table in _tables(Settings)]
    return "\n".join("\n".join(lines) + "\n" for lines in tables)


def configuration_markdown() -> str:
    """The manual of both files: a section for each table."""
    sections = [
        "## Settings: appliance.toml\n",
        *_manual_of(Settings),
        "## A business: config/businesses/*.toml\n",
        *_manual_of(Business),
    ]
    return _MANUAL_HEAD + "\n".join(sections)


def _example_keys(model: type[BaseModel]) -> list[str]:
    lines = []
    for key, field in _plain_fields(model):
        lines += [*_comment(field.description or ""), f"{key} = {_default(field)}  # {_allowed(field)}"]
    return lines


def _keys(values: BaseModel) -> list[str]:
    return [f"{key} = {_toml(getattr(values, key))}" for key, _ in _plain_fields(type(values))]


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="# ", subsequent_indent="# ")


def _toml(default: object) -> str:
    """A default as TOML; JSON writes text, numbers, truth and lists of them the same way."""
    return json.dumps(default, ensure_ascii=False, default=_as_table)


def _as_table(values: BaseModel) -> dict[str, Any]:
    return values.model_dump(mode="json", exclude_defaults=True)


def _manual_of(model: type[BaseModel]) -> Iterator[str]:
    yield _section("At the top", model)
    for table in _tables(model):
        heading = f"`[[{table.name}]]`, any number of them" if table.is_list else f"`[{table.name}]`"
        yield _section(heading, table.model, _purpose(table.model))


def _section(heading: str, model: type[BaseModel], text: str = "") -> str:
    rows = [
        f"| `{key}` | {_cell(_allowed(field))} | {_code(field)} | {_cell(field.description or '')} |"
        for key, field in _plain_fields(model)
    ]
    head = ["| key | may be | default | meaning |", "|---|---|---|---|"]
    return "\n".join([f"### {heading}", "", *([text, ""] if text else []), *head, *rows]) + "\n"


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    model: type[BaseModel]
    is_list: bool


def _tables(model: type[BaseModel]) -> list[_Table]:
    """The tables of a file, in order. (Tables inside tables are written inline.)"""
    return [
        _Table(key, table, typing.get_origin(field.annotation) is tuple)
        for key, field in model.model_fields.items()
        if (table := _model_in(field.annotation)) is not None
    ]


def _plain_fields(model: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    tables = {table.name for table in _tables(model)} if model in _FILES else set()
    return [(key, field) for key, field in model.model_fields.items() if key not in tables]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The table a field holds, one or a list of them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((table for part in typing.get_args(annotation) if (table := _model_in(part))), None)


def _allowed(field: FieldInfo) -> str:
    """What may stand there: kind, and bounds where there are any."""
    return ", ".join([_kind(field.annotation), *_bounds(field.metadata)])


def _kind(annotation: Any) -> str:
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is tuple:
        return f"list of {_kind(parts[0])}"
    if origin is dict:
        return f"table of {_kind(parts[1])} by name"
    if origin is typing.Annotated:
        return _kind(parts[0])
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_kind(part) for part in parts if part is not types.NoneType)
    if origin is typing.Literal:
        return " | ".join(map(str, parts))
    if issubclass(annotation, Enum):
        return " | ".join(str(member.value) for member in annotation)
    if issubclass(annotation, BaseModel):
        keys = ", ".join(f"{key} = {_allowed(field)}" for key, field in annotation.model_fields.items())
        return f"{{ {keys} }}"
    return _KINDS[annotation]


def _bounds(metadata: list[Any]) -> Iterator[str]:
    low = next((each.ge for each in metadata if isinstance(each, annotated_types.Ge)), None)
    high = next((each.le for each in metadata if isinstance(each, annotated_types.Le)), None)
    if low is not None and high is not None:
        yield f"{low:g} to {high:g}"
    elif low is not None:
        yield f"at least {low:g}"
    elif high is not None:
        yield f"at most {high:g}"
    for each in metadata:
        if isinstance(each, annotated_types.MinLen):
            yield f"at least {each.min_length}"
        elif pattern := getattr(each, "pattern", None):
            yield f"like `{pattern}`"


def _default(field: FieldInfo) -> str:
    return _toml(field.get_default(call_default_factory=True))


def _code(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    return "none" if field.get_default(call_default_factory=True) is None else f"`{_default(field)}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _purpose(model: type[BaseModel]) -> str:
    """The first paragraph of the model's docstring, in one line."""
    return " ".join((model.__doc__ or "").split("\n\n")[0].split())
