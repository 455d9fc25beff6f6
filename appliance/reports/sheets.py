"""A report for a machine: one JSON object, or a table of its hours or days as CSV (Parquet: parquet.py).

The table has a row an hour for a day's report and a row a day for a longer one, always with the same columns.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import asdict, fields
from io import StringIO
from typing import Any, Final

from appliance.reports.figures import Gaps, Report, Row, Totals
from appliance.reports.periods import Period

_COUNTS: Final = tuple(
    field.name for field in fields(Totals) if not field.name.startswith(("jitter_", "mos_sum", "mos_calls"))
)
_RATES: Final = ("answer_rate", "containment", "mean_talk_s", "loss", "jitter_ms", "mos", "misheard")
_CLASSES: Final = ("", "phrase", "flow", "fact", "open")
TEXTS: Final = frozenset({"day"})
FRACTIONS: Final = frozenset({"talk_s", *_RATES})
"""Columns of text and of fractions; all others hold whole numbers."""


def plain(report: Report) -> dict[str, Any]:
    """Numbers, strings, lists and dicts only. Rates are shares (0 to 1), absent things None."""
    return {
        "business": report.business,
        "period": _period(report.period),
        "made_at": report.made_at.isoformat(timespec="seconds"),
        "totals": _totals(report.totals),
        "before": {"period": _period(report.period.before()), **_totals(report.before)},
        "gaps": _gaps(report.gaps),
        "gaps_before": _gaps(report.gaps_before),
        "questions": [asdict(one) for one in report.questions],
        "unanswered": [asdict(one) for one in report.unanswered],
        "level_minutes": {name: round(spent_s / 60, 2) for name, spent_s in report.level_s.items()},
        "by_hour": [one.calls for one in report.by_hour],
        "rows": [
            {"day": row.day.isoformat(), "hour": row.hour, **_totals(row.totals), "gaps": _gaps(row.gaps)}
            for row in report.rows
        ],
    }


def columns() -> tuple[str, ...]:
    """The columns of the table, in order."""
    waits = (
        f"{name or 'all'}_gap_{what}"
        for name in _CLASSES
        for what in ("answers", "p50_ms", "p95_ms", "p99_ms")
    )
    return ("day", "hour", *_COUNTS, *_RATES, *waits)


def table(report: Report) -> list[tuple[Any, ...]]:
    """The rows of the table; what is not known is None."""
    return [_cells(row) for row in report.rows]


def as_csv(report: Report) -> bytes:
    """The table as CSV (RFC 4180), UTF-8."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns())
    writer.writerows(table(report))
    return out.getvalue().encode()


def _cells(row: Row) -> tuple[Any, ...]:
    one = row.totals
    waits = (row.gaps.get(name, Gaps()) for name in _CLASSES)
    return (
        row.day.isoformat(),
        row.hour,
        *(_rounded(getattr(one, name)) for name in (*_COUNTS, *_RATES)),
        *(value for gaps in waits for value in (gaps.answers, gaps.p50_ms, gaps.p95_ms, gaps.p99_ms)),
    )


def _rounded(value: float | None) -> float | None:
    return round(value, 5) if isinstance(value, float) else value


def _period(period: Period) -> dict[str, Any]:
    return {
        "every": str(period.every),
        "first": period.first.isoformat(),
        "last": period.days[-1].isoformat(),
        "timezone": period.zone.key,
        "is_over": period.until is None,
    }


def _totals(one: Totals) -> dict[str, Any]:
    names: Sequence[str] = (*_COUNTS, *_RATES)
    return {name: _rounded(getattr(one, name)) for name in names}


def _gaps(gaps: Any) -> dict[str, Any]:
    return {name or "all": asdict(one) for name, one in gaps.items()}
