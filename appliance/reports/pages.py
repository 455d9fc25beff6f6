"""A report as one HTML page with pictures that asks nobody for anything."""

from __future__ import annotations

from collections.abc import Iterator

from appliance.press import drawing, page
from appliance.press.plots import Bars, Curves, Plot
from appliance.reports import blocks
from appliance.reports.figures import Report, Row, Totals
from appliance.reports.periods import Every
from appliance.reports.words import ReportWords, words_of


def html(report: Report) -> str:
    """The page as text."""
    pictures = [page.Picture(plot.title, drawing.svg(plot)) for plot in plots(report)]
    first, *further = blocks.blocks(report)
    shown = [first, *pictures, *further, page.Sentences("", [blocks.footer(report)])]
    return page.html(page.Page(blocks.title(report), blocks.subtitle(report), shown))


def plots(report: Report) -> Iterator[Plot]:
    """Calls row by row and by hour of the day, and how the wait for answers went; none of a time without calls."""
    if not report.totals.calls:
        return
    words = words_of(report.language)
    if report.period.every is not Every.DAY:
        days = [_day(row, report.period.every, words) for row in report.rows]
        yield _bars(words.plots["rows"], days, [row.totals for row in report.rows], words)
    yield _bars(words.plots["hours"], [str(hour) for hour in range(24)], report.by_hour, words)
    yield _waits(report, words)


def _day(row: Row, every: Every, words: ReportWords) -> str:
    return words.weekdays[row.day.weekday()] if every is Every.WEEK else str(row.day.day)


def _place(row: Row, every: Every) -> int:
    """Where a row stands on an axis: hour, day of the week (1 is Monday, also in a week of two months) or month."""
    if row.hour is not None:
        return row.hour
    return row.day.isoweekday() if every is Every.WEEK else row.day.day


def _bars(
    title: str, places: list[str], totals: list[Totals] | tuple[Totals, ...], words: ReportWords
) -> Bars:
    parts = {
        "contained": [one.contained for one in totals],
        "transferred": [one.transferred for one in totals],
        "other": [one.calls - one.contained - one.transferred for one in totals],
    }
    return Bars(
        title, words.plots["calls"], places, {words.plots[name]: values for name, values in parts.items()}
    )


def _waits(report: Report, words: ReportWords) -> Curves:
    """The median and the 95th percentile of all answers, row by row."""
    curves: dict[str, list[tuple[float, float]]] = {words.plots["p50"]: [], words.plots["p95"]: []}
    for row in report.rows:
        gaps = row.gaps.get("")
        if gaps is None or gaps.p50_ms is None or gaps.p95_ms is None:
            continue
        at = _place(row, report.period.every)
        curves[words.plots["p50"]].append((at, gaps.p50_ms))
        curves[words.plots["p95"]].append((at, gaps.p95_ms))
    return Curves(words.plots["gaps"], words.plots[report.period.every], words.plots["ms"], curves)
