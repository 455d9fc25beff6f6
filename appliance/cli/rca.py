"""`appliance rca`: says in words why a call was slow or failed, and what to do. Looks at the database only."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import typer

from appliance.cli.calls_shelf import Call, Config, Json, _shelf
from appliance.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from appliance.domain.call import CallRecord
    from appliance.ops.rca import Cause


def command(call: Call = "last", as_json: Json = False, config: Config = None) -> None:
    """Say why a call was slow or failed: what was slow in it, what was refused, lost or late, and what to do.

    \b
    Examples:
      appliance rca last
      appliance rca 20261121-12 --json
    """
    from appliance.ops.rca import explain
    from appliance.store.calls import Calls

    shelf = _shelf(config)
    if shelf.database is None:
        raise NotFound("No calls yet.")
    record = Calls(shelf.database).get(call)
    causes = explain(record)
    if as_json:
        typer.echo(json.dumps(_plain(record, causes), indent=2, ensure_ascii=False))
    else:
        typer.echo("\n".join(_lines(record, causes)))


def _plain(record: CallRecord, causes: Sequence[Cause]) -> dict[str, Any]:
    from appliance.ops.rca import slowest_answer

    slowest = slowest_answer(record)
    return {
        "call_id": record.call_id,
        "disposition": record.disposition,
        "slowest_gap_ms": None if slowest is None else slowest.response_gap_ms,
        "causes": [
            {
                "code": one.code,
                "weight": one.weight.name.lower(),
                "at_ms": one.at_ms,
                "told": one.told,
                "remedy": one.remedy,
            }
            for one in causes
        ],
    }


def _lines(record: CallRecord, causes: Sequence[Cause]) -> list[str]:
    from appliance.ops.rca import seconds, slowest_answer
    from appliance.ops.rca_words import NOTHING, SLOWEST

    lines = [f"Call {record.call_id}: {record.disposition}."]
    slowest = slowest_answer(record)
    if slowest is not None:
        gap = seconds(slowest.response_gap_ms or 0)
        lines.append(SLOWEST.format(gap=gap, kind=slowest.turn_class))
    if not causes:
        return [*lines, NOTHING]
    for one in causes:
        lines += ["", f"{one.weight.name.lower()}: {one.told}", f"  {one.remedy}"]
    return lines
