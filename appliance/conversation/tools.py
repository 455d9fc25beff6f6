"""What may be given to a tool, what of its answer counts, and how long: the part of tools that is decided. Pure.

The schemas are the business's own (JSON Schema 2020-12).
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

from appliance.business.schemas import Schema, allows
from appliance.business.tools import Tool, parameters_of

Scalar = str | int | float | bool
Values = tuple[tuple[str, Scalar], ...]
"""Names and values, sorted by name."""

DONE: Final = "done"
NONE: Final = "none"
FAILED: Final = "failed"
INVALID: Final = "invalid"
_TEXT_MAX: Final = 300  # more than anybody listens to
_REMEMBERED_MAX: Final = 256
_FOUND: Final = range(200, 300)
_NOT_THERE: Final = frozenset({204, 404, 410})


# --- what goes in -------------------------------------------------------------------------------


def arguments_of(tool: Tool, held: Mapping[str, Scalar]) -> Values | None:
    """The arguments, made to fit their types where that loses nothing; None when the schema refuses them."""
    types = parameters_of(tool.takes)
    fitted = {name: _fitted(value, types.get(name, {})) for name, value in held.items()}
    return tuple(sorted(fitted.items())) if allows(tool.takes, fitted) else None


def _fitted(value: Scalar, schema: Schema) -> Scalar:
    """A number that was said as digits is the text of them, or the other way round, as the schema wants it."""
    wanted = schema.get("type")
    if wanted == "string" and not isinstance(value, str):
        return str(value)
    if wanted in {"integer", "number"} and isinstance(value, str) and value.isdecimal():
        return int(value)
    return value


def key_of(call_id: str, tool: str, arguments: Values) -> str:
    """The idempotency key: the same use in the same call is the same deed, however often it is ordered."""
    return _digest([call_id, tool, arguments])


def _digest(parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:32]


# --- what comes out -----------------------------------------------------------------------------


def result_of(tool: Tool, status: int, body: bytes) -> tuple[str, Values]:
    """What an HTTP answer says: its outcome (done, none, failed), and what of it the schema declares."""
    if status in _NOT_THERE:
        return NONE, ()
    if status not in _FOUND:
        return FAILED, ()
    try:
        said = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return FAILED, ()
    return checked(tool, said)


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number")  # Python takes NaN and Infinity for JSON


def checked(tool: Tool, said: object) -> tuple[str, Values]:
    """What is declared of an answer, if all of it fits; texts are drawn to one line and must be short."""
    if not isinstance(said, dict) or not allows(tool.gives, said):
        return FAILED, ()
    declared = {name: _one_line(said[name]) for name in parameters_of(tool.gives) if name in said}
    if any(isinstance(value, str) and len(value) > _TEXT_MAX for value in declared.values()):
        return FAILED, ()
    return DONE, tuple(sorted(declared.items()))


def _one_line(value: Scalar) -> Scalar:
    return " ".join(value.split()) if isinstance(value, str) else value


# --- how long it holds --------------------------------------------------------------------------


class Remembered:
    """Answers that hold for a while, the oldest forgotten first. Moments are seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, Values], tuple[float, str, Values]] = OrderedDict()

    def get(self, tool: Tool, arguments: Values, now_s: float) -> tuple[str, Values] | None:
        """What the tool said to the same arguments, if that still holds."""
        found = self._kept.get((tool.name, arguments))
        return (found[1], found[2]) if found is not None and now_s < found[0] else None

    def keep(self, tool: Tool, arguments: Values, outcome: str, result: Values, now_s: float) -> None:
        """Keep an answer as long as the tool allows; a failure is none."""
        if not tool.cache_s or outcome == FAILED:
            return
        self._kept.pop((tool.name, arguments), None)
        self._kept[tool.name, arguments] = (now_s + tool.cache_s, outcome, result)
        while len(self._kept) > _REMEMBERED_MAX:
            self._kept.popitem(last=False)
