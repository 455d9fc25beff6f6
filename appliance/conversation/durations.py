"""Lengths of time as people say them: "half an hour", "two and a half weeks", "a year and two months".

Works like days on plain text with numerals; months stay months, for how long one is depends on when it begins.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final

from appliance.conversation.languages import language_named
from appliance.conversation.plain import plain_text

_DAY_S: Final = 86_400
_ABOUT_A_MONTH_DAYS: Final = 30
_LONGEST_DAYS: Final = 3_650_000
_DAYS: Final = {"day": 1, "week": 7, "fortnight": 14}
_SECONDS: Final = {"hour": 3600, "minute": 60, "second": 1}
_WORKING_DAYS_MAX: Final = 366


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time. `working_days` are counted without weekends; all parts add up."""

    months: int = 0
    days: int = 0
    working_days: int = 0
    seconds: int = 0

    @property
    def about_s(self) -> int:
        """The whole in seconds, a month being 30 days and a year 365."""
        years, months = divmod(self.months, 12)
        days = years * 365 + months * _ABOUT_A_MONTH_DAYS + self.days + self.working_days
        return days * _DAY_S + self.seconds

    @property
    def minutes(self) -> int:
        """The whole in minutes: what a booking is long."""
        return self.about_s // 60

    def __add__(self, other: Span) -> Span:
        return Span(
            self.months + other.months,
            self.days + other.days,
            self.working_days + other.working_days,
            self.seconds + other.seconds,
        )


def duration_heard(text: str, language: str = "en") -> Span | None:
    """The first length of time in `text`: "about an hour and a half" is 90 minutes; None when there is none."""
    grammar = grammar_of(language)
    for match in grammar.span.finditer(plain_text(text, language)):
        if not grammar.is_pointed_at(match[0]):
            return grammar.span_in(match[0])
    return None


class SpanGrammar:
    """How one language puts lengths of time together."""

    def __init__(self, language: str) -> None:
        words = language_named(language).calendar
        self._words = words
        piece = rf"{words.span_count} ?(?:{words.span_unit}){words.span_extra}"
        self._piece = re.compile(piece)
        self.source = rf"(?:{_unnamed(piece)})(?:{words.span_joint}(?:{_unnamed(piece)}))*"
        self.span = re.compile(rf"(?<![\w:/.]){self.source}")

    def span_in(self, text: str) -> Span:
        """The sum of the lengths that `text` consists of."""
        return sum((self._length(match) for match in self._piece.finditer(text)), Span())

    def is_pointed_at(self, text: str) -> bool:
        """ "the day" is a day and no length; a length has a number."""
        match = self._piece.match(text)
        return match is not None and not (match["count"][:1].isdigit() or match["count"] in self._counting)

    @property
    def _counting(self) -> frozenset[str]:
        return frozenset(word for word in self._words.counts if word not in self._words.pointing)

    def bare(self, unit: str) -> Span:
        """One of `unit`: "day" in "day after tomorrow"."""
        return _span(1, self._words.meanings.get(unit, unit))

    def _length(self, match: re.Match[str]) -> Span:
        said = match.groupdict()
        unit = said["unit"] or said["short"]
        amount = self._amount(said["count"])
        for more in (said["more"], said["extra"]):
            amount += self._words.counts[self._words.meanings[more]] if more else 0
        return _span(amount, self._words.meanings.get(unit, unit))

    def _amount(self, count: str) -> float:
        if count[:1].isdigit() and count not in self._words.counts:
            return min(float(count), _LONGEST_DAYS)
        return self._words.counts[count]


@cache
def grammar_of(language: str) -> SpanGrammar:
    """The grammar of lengths in `language`."""
    return SpanGrammar(language)


def _unnamed(pattern: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


def _span(amount: float, unit: str) -> Span:
    match unit:
        case "decade":
            return _span(amount * 120, "month")
        case "year":
            return _span(amount * 12, "month")
        case "month":
            return Span(months=int(amount), days=round(amount % 1 * _ABOUT_A_MONTH_DAYS))
        case "working day":
            return Span(working_days=int(amount))
        case "hour" | "minute" | "second":
            return Span(seconds=round(amount * _SECONDS[unit]))
        case _:
            days = amount * _DAYS[unit]
            return Span(days=int(days), seconds=round(days % 1 * _DAY_S))


# --- from a day on ------------------------------------------------------------------------------


def moved(start: datetime, span: Span, *, back: bool = False) -> datetime | None:
    """`start` and `span` on, or back; None beyond the calendar."""
    sign = -1 if back else 1
    try:
        day = months_on(start.date(), sign * span.months) + timedelta(days=sign * span.days)
        day = _working_days_on(day, sign * span.working_days)
        return datetime.combine(day, start.timetz()) + timedelta(seconds=sign * span.seconds)
    except (OverflowError, ValueError):
        return None


def months_on(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month; ValueError beyond the calendar."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _working_days_on(start: date, count: int) -> date:
    step = 1 if count > 0 else -1
    for _ in range(min(abs(count), _WORKING_DAYS_MAX)):
        start += timedelta(days=step)
        while start.weekday() >= 5:
            start += timedelta(days=step)
    return start
