"""Which day somebody means: "the tuesday after next", "november twenty fourth", "in two weeks".

Works on plain text with numerals. dateparser, parsedatetime and recognizers-text were tried on such sentences
(docs/slots.md): they miss "the twenty fourth", turn "the day after tomorrow" into tomorrow and the 31st of
February into the 19th, and take up to 400 ms. So the rules are ours: what a rule computes stands here, how it is
said in the language's calendar, an ordered table of which the first match wins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final

from appliance.conversation.day_rules import DATES, RULES, STRETCHES, Rule, Said
from appliance.conversation.durations import Span, grammar_of, moved
from appliance.conversation.languages import language_named
from appliance.conversation.languages.en.calendar import MONTHS, WEEKDAYS

__all__ = ["DAY_MARK", "MONTHS", "WEEKDAYS", "DayFound", "find_day"]

DAY_MARK: Final = "@"  # stands in the rest of the text where the day was said

_CONFLICT_DAYS_MAX: Final = 92
_DAYS_AFTER_FEAST_MAX: Final = 7


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


def find_day(text: str, today: date, language: str = "en") -> DayFound:
    """The day that `text` (plain, numerals) names, seen from `today`; never past unless said so."""
    words = language_named(language).calendar
    for name, pattern in _patterns(language):
        if name == "span":
            if found := _day_by_span(text, today, language):
                return found
            continue
        rule = RULES[name]
        for match in pattern.finditer(text):
            return _found(rule, name, Said(match, words), today)
    return DayFound(None, text)


def _found(rule: Rule, name: str, said: Said, today: date) -> DayFound:
    match, text = said.match, said.match.string
    day = rule(said, today)
    rest = _marked(text, match.start(), match.end())
    belied = False
    if name in DATES and day is not None:
        is_past = re.search(said.words.past, text) is not None
        agreed = _agreeing(day, said, rest, is_past=is_past)
        belied, day = agreed is None, agreed or day
    rest = re.sub(rf"\b(?:on )?{said.words.weekday}", DAY_MARK, rest)  # "thursday the 26th": one day, not two
    return DayFound(day, rest, day is None or belied, name in STRETCHES)


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
        day = RULES[name](Said(match, words), seen_from) if match else None
        if match and day:
            return match.end(), day
    return None


# --- a weekday beside a date ----------------------------------------------------------------------


def _agreeing(day: date, said: Said, rest: str, *, is_past: bool) -> date | None:
    """`day` if a weekday said with it agrees; "friday the 13th" is the next one; else None."""
    named = re.search(said.words.weekday, rest)
    if named is None:
        return day
    weekday = Said(named, said.words).weekday()
    if not is_past and day.weekday() == weekday:
        return day
    if said("month") or said("monthno") or said("which"):
        return day if day.weekday() == weekday else None
    days = (
        day + timedelta(days=-ahead if is_past else ahead) for ahead in range(is_past, _CONFLICT_DAYS_MAX)
    )
    return next((one for one in days if one.day == day.day and one.weekday() == weekday), None)
