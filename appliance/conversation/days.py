"""Which day somebody means: "the tuesday after next", "november twenty fourth", "in two weeks".

Works on plain text with numerals. dateparser, parsedatetime and recognizers-text were tried on such sentences
(docs/slots.md): they miss "the twenty fourth", turn "the day after tomorrow" into tomorrow and the 31st of
February into the 19th, and take up to 400 ms. So the rules are ours: what a rule computes stands here, how it is
said in the language's calendar, an ordered table of which the first match wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final

from appliance.conversation.durations import Span, grammar_of, months_on, moved
from appliance.conversation.holidays import holiday
from appliance.conversation.languages import language_named
from appliance.conversation.languages.en.calendar import MONTHS, WEEKDAYS
from appliance.conversation.languages.tables import CalendarWords

__all__ = ["DAY_MARK", "MONTHS", "WEEKDAYS", "DayFound", "find_day"]

DAY_MARK: Final = "@"  # stands in the rest of the text where the day was said

_CONFLICT_DAYS_MAX: Final = 92
_DAYS_AFTER_FEAST_MAX: Final = 7
_LEAP_YEARS: Final = 8  # from one leap day to the next at most


@dataclass(frozen=True, slots=True)
class DayFound:
    """What a text says about the day. `rest` is the text with DAY_MARK in the day's place.

    `day` is None when none is named, or when the one that is named does not exist (`impossible`); a weekday
    that belies its date is impossible too, with `day` the date. `onwards` when a stretch was named ("next
    week"): any day from then on may be meant, at the latest `until` if there is one.
    """

    day: date | None
    rest: str
    impossible: bool = False
    onwards: bool = False
    until: date | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    """What a rule's pattern caught, in the house's terms."""

    match: re.Match[str]
    words: CalendarWords

    def __call__(self, group: str) -> str:
        """What `group` caught; "" when it caught nothing or the rule has no such group."""
        caught = self.match.groupdict().get(group) or ""
        return self.words.meanings.get(caught, caught)

    def weekday(self) -> int:
        return _place(self.words.weekdays, self("weekday"))

    def month(self) -> int:
        return _place(self.words.months, self("month")) + 1

    def count(self) -> int:
        caught = self("count")
        return int(caught) if caught.isdecimal() else int(self.words.counts[caught])

    def year(self) -> int | None:
        """The year, if one was said: of the last hundred years when only two digits were."""
        said = self("year").replace(" ", "")
        return None if not said else int(said) if len(said) > 2 else _century(int(said))


def _place(names: tuple[str, ...], said: str) -> int:
    return next(at for at, name in enumerate(names) if name[:3] == said[:3])


def _century(year: int) -> int:
    return year + (2000 if year < 60 else 1900)


Rule = Callable[[_Said, date], date | None]


def find_day(text: str, today: date, language: str = "en") -> DayFound:
    """The day that `text` (plain, numerals) names, seen from `today`; never past unless said so."""
    words = language_named(language).calendar
    for name, pattern in _patterns(language):
        if name == "span":
            if found := _day_by_span(text, today, language):
                return found
            continue
        rule = _RULES[name]
        for match in pattern.finditer(text):
            return _found(rule, name, _Said(match, words), today)
    return DayFound(None, text)


def _found(rule: Rule, name: str, said: _Said, today: date) -> DayFound:
    match, text = said.match, said.match.string
    day = rule(said, today)
    rest = _marked(text, match.start(), match.end())
    belied = False
    if name in _DATES and day is not None:
        is_past = re.search(said.words.past, text) is not None
        agreed = _agreeing(day, said, rest, is_past=is_past)
        belied, day = agreed is None, agreed or day
    rest = re.sub(rf"\b(?:on )?{said.words.weekday}", DAY_MARK, rest)  # "thursday the 26th": one day, not two
    return DayFound(day, rest, day is None or belied, name in _STRETCHES)


def _marked(text: str, start: int, end: int) -> str:
    return " ".join([*text[:start].split(), DAY_MARK, *text[end:].split()])


@cache
def _patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    rules = language_named(language).calendar.rules
    return tuple((name, re.compile(rf"(?<![\w:/.-])(?:{pattern})")) for name, pattern in rules)


# --- lengths from a day on ----------------------------------------------------------------------


@cache
def _span_patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A length that is moved by itself ("in two weeks", "a week ago"), and one that hangs on another day."""
    words, span = language_named(language).calendar, grammar_of(language).source
    alone = (
        rf"(?:{words.span_into})?(?P<span>{span})(?:(?P<ago>{words.span_back})|(?:{words.span_on}))"
        rf"|{words.span_into}(?P<span2>{span})(?:{words.span_on})?"
    )
    alone = re.sub(r"\(\?P<within>", "(?:", alone, count=1)
    beside = rf"(?:(?P<span>{span})|{words.span_bare}){words.span_beside}"
    return re.compile(rf"(?<![\w:/.-])(?:{alone})"), re.compile(rf"(?<![\w:/.-])(?:{beside})")


def _day_by_span(text: str, today: date, language: str) -> DayFound | None:
    """ "in two weeks", "three days from tomorrow", "a week from friday", "two years ago"."""
    alone, beside = _span_patterns(language)
    grammar = grammar_of(language)
    for match in beside.finditer(text):
        span = grammar.span_in(match["span"]) if match["span"] else grammar.bare(match["bare"])
        feasts_from = (
            today if match["back"] else today - timedelta(days=min(span.days, _DAYS_AFTER_FEAST_MAX))
        )
        start = _day_at_start(text[match.end() :], today, feasts_from, language)
        if start is not None and not span.seconds:
            length, day = start
            rest = _marked(text, match.start(), match.end() + length)
            return _by_span(day, span, rest, back=bool(match["back"]))
    for match in alone.finditer(text):
        span = grammar.span_in(match["span"] or match["span2"])
        if not span.seconds:
            rest = _marked(text, match.start(), match.end())
            found = _by_span(today, span, rest, back=bool(match["ago"]))
            return DayFound(today, rest, onwards=True, until=found.day) if match["within"] else found
    return None


def _by_span(start: date, span: Span, rest: str, *, back: bool) -> DayFound:
    there = moved(datetime.combine(start, time()), span, back=back)
    return DayFound(there.date() if there else None, rest, impossible=there is None)


def _day_at_start(text: str, today: date, feasts_from: date, language: str) -> tuple[int, date] | None:
    """The day that `text` begins with and how many characters it takes; a feast may be past already."""
    words = language_named(language).calendar
    for name, pattern in _patterns(language):
        match = pattern.match(text) if name != "span" else None
        seen_from = feasts_from if name == "holiday" else today
        day = _RULES[name](_Said(match, words), seen_from) if match else None
        if match and day:
            return match.end(), day
    return None


# --- small change -------------------------------------------------------------------------------


def _date(year: int, month: int, day: int) -> date | None:
    """The date, None when there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _coming(today: date, weekday: int) -> date:
    """The next such weekday, a week from now when it is today: one says "today" for today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _monday(today: date) -> date:
    return today - timedelta(days=today.weekday())


def _next_week(today: date, weekday: int) -> date:
    return _monday(today) + timedelta(weeks=1, days=weekday)


def _month_said(said: _Said, today: date) -> date:
    """The first of the month that is named, or of this, the next or the last one."""
    if said("month"):
        return date(said.year() or today.year + (said.month() < today.month), said.month(), 1)
    ahead = {"next": 1, "last": -1}.get(said("which"), 0)
    return months_on(today.replace(day=1), ahead)


def _agreeing(day: date, said: _Said, rest: str, *, is_past: bool) -> date | None:
    """`day` if a weekday said with it agrees; "friday the 13th" is the next one; else None."""
    named = re.search(said.words.weekday, rest)
    if named is None:
        return day
    weekday = _Said(named, said.words).weekday()
    if not is_past and day.weekday() == weekday:
        return day
    if said("month") or said("monthno") or said("which"):
        return day if day.weekday() == weekday else None
    days = (
        day + timedelta(days=-ahead if is_past else ahead) for ahead in range(is_past, _CONFLICT_DAYS_MAX)
    )
    return next((one for one in days if one.day == day.day and one.weekday() == weekday), None)


# --- the rules ----------------------------------------------------------------------------------


def _iso(said: _Said, today: date) -> date | None:
    return _date(int(said("year")), int(said("monthno")), int(said("day")))


def _slashed(said: _Said, today: date) -> date | None:
    """12/24 is month/day; 24/12 can only be day/month."""
    month, day = int(said("monthno")), int(said("day"))
    if month > 12:
        month, day = day, month
    year = said.year()
    return _date(year, month, day) if year else _this_or_next_year(month, day, today)


def _slashed_day_first(said: _Said, today: date) -> date | None:
    """24/12, where days come before months."""
    year, month, day = said.year(), int(said("monthno")), int(said("day"))
    return _date(year, month, day) if year else _this_or_next_year(month, day, today)


def _month_day(said: _Said, today: date) -> date | None:
    year, month, day = said.year(), said.month(), int(said("day"))
    return _date(year, month, day) if year else _this_or_next_year(month, day, today)


def _this_or_next_year(month: int, day: int, today: date) -> date | None:
    years = _LEAP_YEARS if (month, day) == (2, 29) else 1
    dates = (_date(today.year + ahead, month, day) for ahead in range(years + 1))
    return next((one for one in dates if one and one >= today), None)


def _nth_weekday_of_month(said: _Said, today: date) -> date | None:
    """ "the second monday of december", "the last friday of this month"."""
    return _nth_from(_month_said(said, today), said("nth"), said.weekday())


def _nth_weekday(said: _Said, today: date) -> date | None:
    """ "the second tuesday": of this month, or of the next when that one is past."""
    first = today.replace(day=1)
    days = (_nth_from(months_on(first, ahead), said("nth"), said.weekday()) for ahead in range(3))
    return next((day for day in days if day and day >= today), None)


def _nth_from(first: date, nth: str, weekday: int) -> date | None:
    if nth == "last":
        last = months_on(first, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (int(nth[0]) - 1))
    return day if day.month == first.month else None


def _last_of_month(said: _Said, today: date) -> date | None:
    return months_on(_month_said(said, today), 1) - timedelta(days=1)


def _weekdays_from_now(said: _Said, today: date) -> date | None:
    """ "two tuesdays from now" is the second one to come."""
    return _coming(today, said.weekday()) + timedelta(weeks=min(said.count(), 999) - 1)


def _weekday_in_week(said: _Said, today: date) -> date | None:
    """ "tuesday next week", "next week on tuesday", "tuesday in two weeks"."""
    weeks = min(said.count(), 999) if said("count") else {"next": 1, "last": -1}.get(said("which"), 0)
    weeks += 1 if said("afternext") else 0
    return _monday(today) + timedelta(weeks=weeks, days=said.weekday())


def _week_after_next_on(said: _Said, today: date) -> date | None:
    return _next_week(today, said.weekday()) + timedelta(weeks=1)


def _a_week_after(said: _Said, today: date) -> date | None:
    start = _next_week(today, said.weekday()) if said("which") == "next" else _coming(today, said.weekday())
    return start + timedelta(weeks=1)


def _named_weekday(said: _Said, today: date) -> date | None:
    """ "tuesday" and "this tuesday" are the one to come; "next tuesday" is the one of next week.

    Weeks begin on Monday. On a Saturday both are the same day; on a Monday they are a week apart.
    """
    weekday = said.weekday()
    match said("which"):
        case "next":
            return _next_week(today, weekday)
        case "last":
            return _coming(today, weekday) - timedelta(days=7 if weekday != today.weekday() else 14)
        case "this" if weekday == today.weekday():
            return today
        case _:
            return _coming(today, weekday)


def _weekend(said: _Said, today: date) -> date | None:
    saturday = _monday(today) + timedelta(days=5 + (7 if said("which") == "next" else 0))
    return max(saturday, today)


def _week(said: _Said, today: date) -> date | None:
    weeks = (0 if said("which") == "this" else 1) + (1 if said("afternext") else 0)
    return max(_monday(today) + timedelta(weeks=weeks), today)


def _week_after_next(said: _Said, today: date) -> date | None:
    return _monday(today) + timedelta(weeks=2)


def _in_week(weekday: int) -> Rule:
    """A part of the week by its day; of the next week when this one's is past."""

    def on(said: _Said, today: date) -> date | None:
        day = _monday(today) + timedelta(days=weekday)
        return day + timedelta(weeks=1) if said("which") == "next" or day < today else day

    return on


def _end_of_week(said: _Said, today: date) -> date | None:
    weeks = 1 if said("which") == "next" else 0
    return max(_monday(today) + timedelta(weeks=weeks, days=4), today)


def _middle_of_month(said: _Said, today: date) -> date | None:
    return max(_month_said(said, today).replace(day=15), today)


def _named_month(said: _Said, today: date) -> date | None:
    if said("nextmonth"):
        return months_on(today.replace(day=1), 1)
    first = _month_said(said, today)
    return max(first, today) if not said("year") else first


def _day_of_month(said: _Said, today: date) -> date | None:
    """ "the 24th": of the first month to come that has it; "the 31st of this month" may not be."""
    day = int(said("day"))
    if not 1 <= day <= 31:
        return None
    if said("which"):
        month = _month_said(said, today)
        return _date(month.year, month.month, day)
    months = (months_on(today.replace(day=1), ahead) for ahead in range(3))
    dates = (_date(month.year, month.month, day) for month in months)
    return next((one for one in dates if one and one >= today), None)


def _near_today(said: _Said, today: date) -> date | None:
    ahead = {"tomorrow": 1, "after tomorrow": 2, "yesterday": -1, "before yesterday": -2}
    return today + timedelta(days=ahead.get(said("word"), 0))


def _holiday(said: _Said, today: date) -> date | None:
    return holiday(said.words.holidays[said("holiday")], today, said.year())


_RULES: Final[dict[str, Rule]] = {
    "iso": _iso,
    "slashed": _slashed,
    "slashed_day_first": _slashed_day_first,
    "month_day": _month_day,
    "nth_weekday_of_month": _nth_weekday_of_month,
    "nth_weekday": _nth_weekday,
    "last_of_month": _last_of_month,
    "weekdays_from_now": _weekdays_from_now,
    "weekday_in_week": _weekday_in_week,
    "week_after_next_on": _week_after_next_on,
    "a_week_after": _a_week_after,
    "holiday": _holiday,
    "near_today": _near_today,
    "day_of_month": _day_of_month,
    "named_weekday": _named_weekday,
    "weekend": _weekend,
    "beginning_of_week": _in_week(0),
    "middle_of_week": _in_week(2),
    "end_of_week": _end_of_week,
    "week_after_next": _week_after_next,
    "week": _week,
    "end_of_day": _near_today,
    "middle_of_month": _middle_of_month,
    "named_month": _named_month,
}
_DATES: Final = frozenset({"iso", "slashed", "slashed_day_first", "month_day", "day_of_month"})
_STRETCHES: Final = frozenset(
    {
        "week",
        "week_after_next",
        "named_month",
        "end_of_week",
        "beginning_of_week",
        "middle_of_month",
        "weekend",
    }
)


def rules_of(language: str) -> Iterator[str]:
    """The names of the rules a language's calendar uses: each must be one that is computed here."""
    return (name for name, _ in language_named(language).calendar.rules)
