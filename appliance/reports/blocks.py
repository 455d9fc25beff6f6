"""A report as blocks of a page: tables and sentences, the same on a terminal, in a file and in a mail. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from appliance.press.page import Block, Sentences, Table
from appliance.reports.figures import Gaps, Report, Totals
from appliance.reports.periods import Every
from appliance.reports.words import ReportWords, words_of

_QUESTIONS_SHOWN = 10
_DASH = "-"


def title(report: Report) -> str:
    """What stands at its head."""
    return f"{words_of(report.language).titles[report.period.every]}: {report.business}"


def subtitle(report: Report) -> str:
    """From when to when."""
    words, period = words_of(report.language), report.period
    first, last = _day(period.days[0], words), _day(period.days[-1], words)
    span = first if first == last else words.span.format(first=first, last=last)
    return span if period.until is None else words.so_far.format(span=span, every=period.every)


def footer(report: Report) -> str:
    """When and by whom it was made."""
    made_at = report.made_at.astimezone(report.period.zone)
    return words_of(report.language).footer.format(
        made_at=f"{made_at:%Y-%m-%d %H:%M}", business=report.business
    )


def blocks(report: Report) -> list[Block]:
    """What a report says, the most important first; of a time without calls, that there were none."""
    words = words_of(report.language)
    if not report.totals.calls:
        return [Sentences("", _nothing(report, words))]
    made: list[Block] = [
        _summary(report, words),
        *_unanswered(report, words),
        *_questions(report, words),
        *_gaps(report, words),
        *_levels(report, words),
        _rows(report, words),
    ]
    return made if report.period.every is Every.DAY else [*made, _by_hour(report, words)]


def _nothing(report: Report, words: ReportWords) -> list[str]:
    if not report.before.calls:
        return [words.no_calls, words.no_calls_before.format(every=report.period.every)]
    return [words.no_calls, f"{words.before_column}: {report.before.calls}"]


# --- in short -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the summary: its cells, and what its values are compared by."""

    name: str
    now: str
    before: str
    change: str = ""


def _summary(report: Report, words: ReportWords) -> Table:
    lines = [line for line in _lines(report.totals, report.before, words) if line.now or line.before]
    columns = (
        "",
        words.now_column.format(every=report.period.every),
        words.before_column,
        words.change_column,
    )
    rows = [(words.labels[line.name], line.now or _DASH, line.before or _DASH, line.change) for line in lines]
    return Table(words.summary, columns, rows)


def _lines(now: Totals, before: Totals, words: ReportWords) -> Iterator[_Line]:
    yield _counted("calls", now.calls, before.calls)
    yield _shared("answered", (now.answered, now.answer_rate), (before.answered, before.answer_rate), words)
    for name in ("turned_away", "missed"):
        if getattr(now, name) or getattr(before, name):
            yield _counted(name, getattr(now, name), getattr(before, name))
    yield _shared(
        "contained", (now.contained, now.containment), (before.contained, before.containment), words
    )
    for name in ("transferred", "booked", "moved", "cancelled", "messages", "abandoned"):
        yield _counted(name, getattr(now, name), getattr(before, name))
    for name in ("messages_waiting", "silent", "failures", "emergencies"):
        if getattr(now, name) or getattr(before, name):
            yield _counted(name, getattr(now, name), getattr(before, name))
    yield _counted("unanswered", now.unanswered, before.unanswered)
    yield _counted("barge_ins", now.barge_ins, before.barge_ins)
    yield _Line("talk", _hours(now.talk_s), _hours(before.talk_s), _change(now.talk_s, before.talk_s))
    yield _Line("mean_talk", _minutes(now.mean_talk_s), _minutes(before.mean_talk_s))
    yield _Line("loss", _percent(now.loss, 2), _percent(before.loss, 2))
    yield _Line("jitter", _number(now.jitter_ms, " ms"), _number(before.jitter_ms, " ms"))
    yield _Line("mos", _number(now.mos), _number(before.mos))
    if now.mos_poor or before.mos_poor:
        yield _counted("mos_poor", now.mos_poor, before.mos_poor)
    if now.words_again or before.words_again:
        yield _Line("misheard", _percent(now.misheard), _percent(before.misheard))


def _counted(name: str, now: int, before: int) -> _Line:
    return _Line(name, str(now), str(before), _change(now, before))


def _shared(
    name: str, now: tuple[int, float | None], before: tuple[int, float | None], words: ReportWords
) -> _Line:
    """A count with its share, compared by the share."""
    change = ""
    if now[1] is not None and before[1] is not None:
        change = words.points.format(points=(now[1] - before[1]) * 100)
    return _Line(name, _with_share(*now), _with_share(*before), change)


def _with_share(count: int, share: float | None) -> str:
    return f"{count} ({_percent(share)})" if share is not None else str(count)


def _change(now: float, before: float) -> str:
    return f"{(now - before) / before * 100:+.0f} %" if before else ""


# --- further tables -------------------------------------------------------------------------------


def _unanswered(report: Report, words: ReportWords) -> Iterator[Table]:
    if report.unanswered:
        shown = report.unanswered[:_QUESTIONS_SHOWN]
        rows = [
            (group.wordings[0], str(group.times), str(group.messages), group.last_call_id) for group in shown
        ]
        yield Table(words.unanswered, words.unanswered_columns, rows)


def _questions(report: Report, words: ReportWords) -> Iterator[Table]:
    if report.questions:
        shown = report.questions[:_QUESTIONS_SHOWN]
        rows = [(one.what, words.kinds[one.kind], str(one.calls), str(one.calls_before)) for one in shown]
        yield Table(words.questions, words.question_columns, rows)


def _gaps(report: Report, words: ReportWords) -> Iterator[Table]:
    if report.gaps:
        rows = [
            (
                words.classes[name],
                str(one.answers),
                *_percentiles(one),
                _ms(report.gaps_before.get(name, Gaps()).p50_ms),
            )
            for name, one in report.gaps.items()
        ]
        yield Table(words.gaps, words.gap_columns, rows)


def _percentiles(gaps: Gaps) -> tuple[str, str, str]:
    return _ms(gaps.p50_ms), _ms(gaps.p95_ms), _ms(gaps.p99_ms)


def _levels(report: Report, words: ReportWords) -> Iterator[Table]:
    if set(report.level_s) - {"full"}:
        rows = [
            (words.level_names.get(name, name), f"{report.level_s[name] / 60:.1f}")
            for name in sorted(report.level_s, key=list(words.level_names).index)
        ]
        yield Table(words.levels, words.level_columns, rows)


def _rows(report: Report, words: ReportWords) -> Table:
    """Hours of the night in which nobody called are left out of a day's report."""
    rows: list[Sequence[str]] = []
    for row in report.rows:
        one = row.totals
        if row.hour is not None and not one.calls:
            continue
        head = (
            f"{words.weekdays[row.day.weekday()]} {row.day:%m-%d}"
            if row.hour is None
            else f"{row.hour:02}:00"
        )
        wait = _ms(row.gaps.get("", Gaps()).p50_ms, unit="")
        cells = (
            one.calls,
            one.contained,
            one.transferred,
            one.booked,
            one.messages,
            one.unanswered,
        )
        rows.append((head, *map(str, cells), wait))
    return Table(words.rows[report.period.every], words.row_columns, rows)


def _by_hour(report: Report, words: ReportWords) -> Table:
    rows = [
        (
            f"{hour:02}:00",
            *map(str, (one.calls, one.contained, one.transferred, one.messages, one.unanswered)),
        )
        for hour, one in enumerate(report.by_hour)
        if one.calls
    ]
    return Table(words.hours, words.hour_columns, rows)


# --- cells ----------------------------------------------------------------------------------------


def _day(day: date, words: ReportWords) -> str:
    return f"{words.weekdays[day.weekday()]} {day.isoformat()}"


def _percent(share: float | None, digits: int = 0) -> str:
    return "" if share is None else f"{share * 100:.{digits}f} %"


def _number(value: float | None, unit: str = "") -> str:
    return "" if value is None else f"{value:.1f}{unit}"


def _hours(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60}:{minutes % 60:02} h"


def _minutes(seconds: float | None) -> str:
    return "" if seconds is None else f"{round(seconds) // 60}:{round(seconds) % 60:02} min"


def _ms(value: int | None, unit: str = " ms") -> str:
    return _DASH if value is None else f"{value}{unit}"
