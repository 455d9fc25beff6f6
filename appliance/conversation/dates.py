"""Moments as people say them, and as they are said to people.

`when_heard` takes what a recogniser heard ("next tuesday around half past nine") and today's date; the day is
found by days, the hour by hours. The spoken_ functions write what Piper reads well: words, no figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cache
from typing import Final

from appliance.conversation.days import DAY_MARK, find_day
from appliance.conversation.durations import grammar_of, moved
from appliance.conversation.hours import DayPart, HourFound, Relative, find_hour
from appliance.conversation.languages import language_named
from appliance.conversation.numerals import in_words, ordinal_in_words, pairs_in_words
from appliance.conversation.plain import plain_text

__all__ = [
    "DayPart",
    "Relative",
    "RuledOut",
    "WhenHeard",
    "days_ruled_out",
    "spoken_day",
    "spoken_moment",
    "spoken_time",
    "when_heard",
]

_DAYS_KNOWN_BY_NAME: Final = 6
_YEAR_SAID_AFTER_DAYS: Final = 300
_WORDS_OF_AN_HOUR: Final = 3  # "in the morning", "at nine thirty"
_TELEPHONE: Final = re.compile(r"(?:\b\d+[ -]){5,}\d+|\b\d{7,}\b")


@dataclass(frozen=True, slots=True)
class WhenHeard:
    """What a caller said about a moment; what was not said is None.

    `relative` is how `at` (or, for a stretch such as "next week", `day`) is meant, `until` the last day of a
    stretch that has an end ("within two weeks"); `soonest` that any moment will do and the earlier the better;
    `impossible` that a day was named which does not exist, so that we ask instead of guessing: the 31st of
    February (`day` is None), or a Tuesday that is no Tuesday (`day` is the date by its number).
    """

    day: date | None = None
    at: time | None = None
    part: DayPart | None = None
    relative: Relative | None = None
    soonest: bool = False
    impossible: bool = False
    until: date | None = None


def when_heard(text: str, now: datetime, language: str = "en") -> WhenHeard | None:
    """The moment `text` speaks of, seen from `now` (office time); None when it speaks of none.

    A day is never in the past unless that was said ("yesterday", a year). "tuesday" is the one to come, on a
    Tuesday that of next week; "this tuesday" may be today; "next tuesday" is that of the next week, weeks
    beginning on Monday, so on a Saturday it is in three days and on a Monday in eight. Hours without a.m. or
    p.m. are office hours, 7 to 18. Of several moments the first counts, unless the caller takes it back.
    """
    moments = _moments(language)
    said = moments.ruled_out.sub(" ", _TELEPHONE.sub(" ", plain_text(text, language)))
    heard: WhenHeard | None = None
    for piece in moments.correction.split(said):
        if piece.strip():
            heard = _amended(heard, moments.find(piece.strip(), now))
    return heard


@dataclass(frozen=True, slots=True)
class RuledOut:
    """A day that will not do: a date or, `weekly`, every day of that name."""

    day: date
    weekly: bool

    def covers(self, day: date) -> bool:
        """Whether `day` is one of them."""
        return day == self.day or (self.weekly and day.weekday() == self.day.weekday())


def days_ruled_out(text: str, now: datetime, language: str = "en") -> tuple[RuledOut, ...]:
    """The days that `text` says will not do: "next week but not on monday", "i can't come tomorrow".

    None of which only a part will not do: "not wednesday afternoon".
    """
    weekday = re.compile(language_named(language).calendar.weekday)
    ruled_out: list[RuledOut] = []
    said = plain_text(text, language)
    for match in _moments(language).ruled_out.finditer(said):
        hour = find_hour(" ".join(said[match.end() :].split()[:_WORDS_OF_AN_HOUR]), said, language)
        if hour.part is not None or hour.at is not None:
            continue
        for named in weekday.finditer(match[0]):
            ruled_out += [RuledOut(day, True) for day in _days_in(named[0], now.date(), language)]
        others = _days_in(weekday.sub(" ", match[0]), now.date(), language)
        ruled_out += [RuledOut(day, False) for day in others]
    return tuple(ruled_out)


def _days_in(text: str, today: date, language: str) -> Iterator[date]:
    """Every day that is named, "today or tomorrow"."""
    found = find_day(text, today, language)
    while found.day is not None:
        yield found.day
        found = find_day(found.rest, today, language)


def _amended(before: WhenHeard | None, later: WhenHeard | None) -> WhenHeard | None:
    """A correction replaces what it names and leaves the rest: "monday at nine no tuesday"."""
    if before is None or later is None:
        return later or before
    if later.day is None and not later.impossible:
        later = replace(later, day=before.day, impossible=before.impossible, until=before.until)
    if later.at is None and later.part is None:
        later = replace(later, at=before.at, part=before.part, relative=later.relative or before.relative)
    return later


@cache
def _moments(language: str) -> _Moments:
    return _Moments(language)


class _Moments:
    """Puts day and hour together, in one language."""

    def __init__(self, language: str) -> None:
        words = language_named(language).calendar
        self._language = language
        self.correction = re.compile(words.correction)
        self.ruled_out = re.compile(words.ruled_out)
        self._soonest = re.compile(words.soonest)
        self._pair = re.compile(words.pairs_are_dates) if words.pairs_are_dates else None
        self._grammar = grammar_of(language)
        span = self._grammar.source
        self._from_now = re.compile(
            rf"\b(?:{words.span_into})?(?P<span>{span})(?:(?P<back>{words.span_back})|{words.span_on})".replace(
                "(?P<within>", "(?:"
            )
            + rf"|\b{words.span_into}(?P<span2>{span})"
        )

    def find(self, text: str, now: datetime) -> WhenHeard | None:
        """The moment one piece of text speaks of: no correction in it."""
        if moment := self._moment_by_span(text, now):
            return moment
        found = find_day(text, now.date(), self._language)
        hour = find_hour(found.rest, text, self._language)
        if found.day is None and not found.impossible:
            day = self._month_and_day(found.rest, hour, now.date())
            if day is not None:
                return WhenHeard(day=day, part=hour.part)
        relative = hour.relative or (Relative.AFTER if found.onwards else None)
        soonest = bool(self._soonest.search(text)) and found.day is None and hour.at is None
        heard = WhenHeard(found.day, hour.at, hour.part, relative, soonest, found.impossible, found.until)
        return heard if heard != WhenHeard(relative=relative) else None

    def _moment_by_span(self, text: str, now: datetime) -> WhenHeard | None:
        """ "in half an hour", "two hours from now", "in a day and two hours": a moment, to the minute."""
        for match in self._from_now.finditer(text):
            span = self._grammar.span_in(match["span"] or match["span2"])
            there = moved(now, span, back=bool(match["back"])) if span.seconds else None
            if there is not None:
                at = time(there.hour, there.minute)
                if match["within"]:
                    return WhenHeard(now.date(), at, relative=Relative.BEFORE, until=there.date())
                return WhenHeard(there.date(), at, relative=Relative.AROUND)
        return None

    def _month_and_day(self, text: str, hour: HourFound, today: date) -> date | None:
        """A pair of numbers that is no time of an office but could be a date: "twelve twenty four"."""
        pair = self._pair.search(text) if self._pair else None
        if pair is None or hour.at is None or int(pair["day"]) % 5 == 0 or DAY_MARK in text:
            return None
        return find_day(f"{int(pair['monthno'])}/{int(pair['day'])}", today).day


# --- saying it ----------------------------------------------------------------------------------


def spoken_day(day: date, today: date, language: str = "en") -> str:
    """ "today", "tomorrow", "Tuesday"; "Tuesday, November twenty fourth" when it is further than six days."""
    words = language_named(language).spoken
    ahead = (day - today).days
    if ahead in {-1, 0, 1}:
        return words.near[ahead + 1]
    weekday = words.weekdays[day.weekday()]
    if 0 < ahead <= _DAYS_KNOWN_BY_NAME:
        return weekday
    month, number = words.months[day.month - 1], ordinal_in_words(day.day)
    if abs(ahead) <= _YEAR_SAID_AFTER_DAYS:
        return words.date.format(weekday=weekday, month=month, day=number)
    return words.date_with_year.format(
        weekday=weekday, month=month, day=number, year=pairs_in_words(day.year)
    )


def spoken_time(at: time, language: str = "en") -> str:
    """ "nine thirty", "eight o'clock", "nine oh five", "noon", "midnight"; no part of the day."""
    words = language_named(language).spoken
    if at.minute == 0 and at.hour in {0, 12}:
        return words.noon if at.hour else words.midnight
    hour, minutes = in_words((at.hour - 1) % 12 + 1), in_words(at.minute)
    if at.minute == 0:
        return words.full_hour.format(hour=hour)
    return (words.few_minutes if at.minute < 10 else words.minutes).format(hour=hour, minutes=minutes)


def spoken_moment(at: datetime, now: datetime, language: str = "en") -> str:
    """ "tomorrow at nine thirty in the morning"; both in office time."""
    words = language_named(language).spoken
    clock = spoken_time(at.time(), language)
    moment = words.moment.format(day=spoken_day(at.date(), now.date(), language), clock=clock)
    return moment if clock in {words.noon, words.midnight} else f"{moment} {words.parts[_part_of(at.time())]}"


def _part_of(at: time) -> DayPart:
    if at.hour < 12:
        return DayPart.MORNING
    return DayPart.AFTERNOON if at.hour < 18 else DayPart.EVENING
