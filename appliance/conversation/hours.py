"""What time of day somebody means: "half past three", "around nine", "first thing", "ten in the morning".

Works on plain text with numerals whose day is a mark (days.find_day), so that a bare number beside the day or
behind "at" is an hour and "two cars" is not. How hours are said stands in the language's clock, an ordered table
of patterns. An hour without a.m. or p.m. is the one within office hours: 7 to 11 in the morning, 12 to 6 in the
afternoon.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from functools import cache
from typing import Final

from appliance.conversation.languages import language_named
from appliance.conversation.languages.tables import ClockWords


class DayPart(StrEnum):
    """A third of the day, as callers name it; the night counts as evening."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Relative(StrEnum):
    """How a moment is meant: near it, up to it, from it on."""

    AROUND = "around"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class HourFound:
    """What a text says about the time of day."""

    at: time | None
    part: DayPart | None
    relative: Relative | None


FIRST_OFFICE_HOUR: Final = 7
_EARLIEST_AT_NIGHT: Final = 10  # "eleven o'clock midnight" is 23:00, "one o'clock midnight" 1:00


def find_hour(text: str, whole: str, language: str = "en") -> HourFound:
    """The time of day in `text`: plain, numerals, the day replaced by DAY_MARK.

    `whole` still has the words of the day, among which a part of it may stand ("tonight").
    """
    return _clock_of(language).find(text, whole)


@cache
def _clock_of(language: str) -> _Clock:
    return _Clock(language_named(language).clock)


class _Clock:
    """Reads times of day by one language's patterns."""

    def __init__(self, words: ClockWords) -> None:
        self._words = words
        self._patterns = [re.compile(pattern) for pattern in words.patterns]
        self._parts = [(re.compile(pattern), DayPart(part)) for pattern, part in words.parts]
        self._before = [(re.compile(pattern), Relative(way)) for pattern, way in words.relatives_before]
        self._after = [(re.compile(pattern), Relative(way)) for pattern, way in words.relatives_after]
        self._about = re.compile(words.about)

    def find(self, text: str, whole: str) -> HourFound:
        part = next((part for words, part in self._parts if words.search(whole) or words.search(text)), None)
        for pattern in self._patterns:
            for match in pattern.finditer(text):
                at = self._time(match, part)
                if at is not None:
                    return HourFound(at, part, self._relative(text, match))
        return HourFound(None, part, None)

    def _time(self, match: re.Match[str], part: DayPart | None) -> time | None:
        said = {name: value or "" for name, value in match.groupdict().items()}
        to_the_hour = said.get("side") in self._words.to_the_hour
        if named := said.get("named"):
            return self._shifted(self._words.named[named], said, to_the_hour=to_the_hour)
        minute = int(said.get("minute") or said.get("minute2") or 0)
        if beside := said.get("named_beside"):
            return time(_beside(int(said["hour"]), self._words.named[beside]), minute)
        if said["hour"] == "12" and to_the_hour:
            part = None  # a quarter to twelve in the morning is before noon
        meridian = said.get("meridian") or said.get("range_meridian") or ""
        hour = _hour_of_day(int(said["hour"]), self._words.meridians.get(meridian, meridian), part)
        return None if hour is None else self._shifted(hour * 60 + minute, said, to_the_hour=to_the_hour)

    def _shifted(self, minutes: int, said: dict[str, str], *, to_the_hour: bool) -> time:
        """So many minutes past or to the hour: "half", "quarter", "20"."""
        by = said.get("minutes", "")
        shift = self._words.minutes[by] if by in self._words.minutes else int(by or 0)
        minutes += -shift if to_the_hour else shift
        return time(minutes // 60 % 24, minutes % 60)

    def _relative(self, text: str, match: re.Match[str]) -> Relative | None:
        caught = match.groupdict()
        start = match.start("minutes" if caught.get("minutes") else "hour" if caught.get("hour") else 0)
        if caught.get("range"):
            return Relative.AFTER
        for pattern, relative in self._before:
            if pattern.search(text[:start]):
                return relative
        if self._about.search(match[0]):
            return Relative.AROUND
        behind = text[match.end() :]
        return next((relative for pattern, relative in self._after if pattern.search(behind)), None)


def _beside(hour: int, minutes: int) -> int:
    """The hour nearest to an hour with a name: "one o'clock lunchtime" is 13, "one o'clock midnight" is 1."""
    if minutes == 0:
        return hour % 12 + 12 * (_EARLIEST_AT_NIGHT <= hour < 12)
    return hour if hour >= _EARLIEST_AT_NIGHT else hour + 12


def _hour_of_day(hour: int, meridian: str, part: DayPart | None) -> int | None:
    """The hour on a 24-hour clock; None when there is no such hour."""
    if hour > 23:
        return None
    if hour == 0 or hour > 12:
        return hour
    if meridian or part:
        afternoon = meridian == "pm" if meridian else part is not DayPart.MORNING
        if not meridian and part is DayPart.EVENING and hour == 12:
            return 0
        return hour % 12 + 12 * afternoon
    return hour if FIRST_OFFICE_HOUR <= hour <= 12 else hour + 12
