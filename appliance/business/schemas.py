"""JSON Schema (2020-12): whether a schema is one, and whether values fit it.

The library takes a tenth of a second to load, so only a business that has tools loads it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

Schema = dict[str, Any]


def fault_in(schema: Schema) -> tuple[tuple[str, ...], str] | None:
    """Where and why `schema` is none; None when it is one. Patterns are looked at too."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    try:
        Draft202012Validator.check_schema(schema, Draft202012Validator.FORMAT_CHECKER)
    except SchemaError as error:
        return tuple(map(str, error.absolute_path)), error.message
    return None


def allows(schema: Schema, values: Mapping[str, Any]) -> bool:
    """Whether `values` are what `schema` describes."""
    return bool(_validator(json.dumps(schema, sort_keys=True)).is_valid(values))


@lru_cache(maxsize=64)
def _validator(schema: str) -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(schema), format_checker=Draft202012Validator.FORMAT_CHECKER)
