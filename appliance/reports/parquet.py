"""The table of a report (sheets.py) as Parquet, for whoever has many of them. By arro3: Arrow's Rust library."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from arro3.core import Array, DataType, Table
from arro3.io import write_parquet

from appliance.reports import sheets
from appliance.reports.figures import Report


def as_parquet(report: Report) -> bytes:
    """Text, 64-bit integers and fractions, with nulls."""
    rows, names = sheets.table(report), sheets.columns()
    made: dict[str, Any] = {
        name: _column(name, [row[place] for row in rows]) for place, name in enumerate(names)
    }
    out = BytesIO()
    write_parquet(Table.from_pydict(made), out)
    return out.getvalue()


def _column(name: str, values: list[Any]) -> Array:
    if name in sheets.TEXTS:
        kind = DataType.utf8()
    else:
        kind = DataType.float64() if name in sheets.FRACTIONS else DataType.int64()
    return Array(values, type=kind)
