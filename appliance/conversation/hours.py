"""What time of day somebody means: "half past three", "around nine", "first thing", "ten in the morning".

Works on text whose number words are numerals and whose day is a mark (days.find_day), so that a bare number
beside the day or behind "at" is an hour and "two cars" is not. An hour without a.m. or p.m. is the one within
office hours: 7 to 11 in the morning, 12 to 6 in the afternoon.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Final

from appliance.conversation.days import DAY_MARK


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
_SIDES_BEFORE: Final = frozenset({"to", "till", "of", "before"})

_MERIDIAN = r"(?: ?(?P<meridian>am|pm)\b)?"
_HOUR = r"(?P<hour>[01]?\d|2[0-4])(?:-?ish\b|\b|(?=[ap]m\b))"
_CLOCK = r"(?P<hour>[01]?\d|2[0-4])[:.h] ?(?P<minute>[0-5]\d)(?::[0-5]\d)?(?![\d%])"
_CLOCK_SPOKEN = r"(?P<hour>[01]?\d|2[0-4]) (?P<minute>[0-5]\d)(?![\d%])"
_MINUTES = r"(?P<minutes>half|(?:a )?quarter|3 quarters|[1-5]?\d(?= min| past| after| to| till| before))"
_UNITS = (
    r"(?! ?(?:cars?|trucks?|people|persons?|of|hours?|hrs?|minutes?|mins?|days?|weeks?|months?|years?"
    r"|dollars?|bucks?|miles?"
    r"|thousand|hundred|percent|%|times?|tires?|kids?|children|appointments?|services?|things?"
    r"|or \d+ (?:days|weeks)|st|nd|rd|th)\b)"
)
_BEFORE_HOUR = (
    r"(?:\b(?:at|around|about|by|after|before|until|till|til|from|between|past|since|like|say|maybe"
    r"|approximately|roughly"
    rf"|how about|what about|make it|make that|do|for|than|near|its|it's|morning|afternoon|evening"
    rf"|night|tonight)|{DAY_MARK})"
)
_POLITE = (
    r"(?:uh|um|er|well|so|oh|okay|ok|yes|yeah|no|please|thanks|thank you|let's|let us|i'd|i'll|like"
    r"|take|prefer|want|the|say|do|maybe"
    r"|works?|for|me|is|fine|good|great|would|be|better|best|perfect|sounds|then|i|think|can|we|could"
    r"|it|a|and|sharp|ish|about)"
)
_HOUR_RANGE = r"(?P<range> ?(?:-|to|until|till|til) ?\d{1,2}(?::\d\d)?\b(?: ?(?P<range_meridian>am|pm)\b)?)?"

_PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?P<named>noon|midday|mid day|midnight|mid night|lunch ?time)(?:ish)?\b",
        rf"\b(?<!from )(?<!between )(?:an? )?{_MINUTES}(?: minutes?| mins?| min)? (?P<side>past|after"
        rf"|to|till|of|before)"
        rf" {_HOUR}(?::(?P<minute>\d\d)| (?P<minute2>[0-5]\d)\b)?(?: ?oclock)?{_MERIDIAN}",
        rf"\b(?P<minutes>half) (?P<side>){_HOUR}{_MERIDIAN}(?! ?(?:hours?|an?)\b)",
        rf"(?<![\d:/$.]){_CLOCK}{_MERIDIAN}",
        rf"(?<![\d:/$.]){_CLOCK_SPOKEN}{_MERIDIAN}{_UNITS}",
        rf"(?<![\d:/$.]){_HOUR} ?oclock{_MERIDIAN}",
        rf"(?<![\d:/$.]){_HOUR} ?(?:-|to|until|till) ?\d{{1,2}}(?::\d\d)? ?(?P<range_meridian>am|pm)\b",
        r"(?<![\d:/$.])(?P<hour>1?\d)(?P<minute>[0-5]\d)? ?(?P<meridian>am|pm)\b",
        r"(?<=at )(?P<hour>1[0-2]|[1-9])(?P<minute>[0-5]\d)\b",
        r"\b(?P<hour>1[0-2]|[1-9])-?ish\b",
        rf"{_BEFORE_HOUR} ?(?:the )?{_HOUR}(?![:/.]\d){_HOUR_RANGE}{_UNITS}",
        rf"^{_POLITE}?(?: {_POLITE})* ?(?<![\d:/$.]){_HOUR}(?: {_POLITE})*(?= or so$|$)",
        rf"(?<![\d:/$.]){_HOUR}(?= (?:on )?(?:{DAY_MARK}|in the|sharp|this|or \d))",
    )
)
_PART_WORDS: Final = (
    (
        re.compile(r"\b(?:(?:mid)?mornings?|(?:first|1st) thing|before (?:lunch|noon)|before work)\b"),
        DayPart.MORNING,
    ),
    (
        re.compile(
            r"\b(?:(?:mid)?afternoons?|after lunch|after school|end of (?:the )?day"
            r"|close of business)\b"
        ),
        DayPart.AFTERNOON,
    ),
    (re.compile(r"\b(?:evenings?|tonight|night|after work)\b"), DayPart.EVENING),
)
_RELATIVE_BEFORE: Final = (
    (
        re.compile(r"\b(?:before|by|until|till|til|no later than|not later than|earlier than)(?: the)? ?$"),
        Relative.BEFORE,
    ),
    (
        re.compile(r"\b(?:after|from|since|between|later than|not before|no earlier than)(?: the)? ?$"),
        Relative.AFTER,
    ),
    (re.compile(r"\b(?:around|about|approximately|roughly|near|like|-?ish)(?: the)? ?$"), Relative.AROUND),
)
_RELATIVE_AFTER: Final = (
    (re.compile(r"^ ?(?:or so|ish|-ish|roughly|approximately|thereabouts)\b"), Relative.AROUND),
    (re.compile(r"^ ?(?:or (?:later|after)|onwards?|and later|or any ?time after)\b"), Relative.AFTER),
    (re.compile(r"^ ?(?:or (?:earlier|before)|at the latest)\b"), Relative.BEFORE),
)


def find_hour(text: str, whole: str) -> HourFound:
    """The time of day in `text`: lower case, numerals, the day replaced by DAY_MARK.

    `whole` still has the words of the day, among which a part of it may stand ("tonight").
    """
    part = next((part for words, part in _PART_WORDS if words.search(whole)), None)
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            at = _time(match, part)
            if at is not None:
                return HourFound(at, part, _relative(text, match))
    return HourFound(None, part, None)


def _time(match: re.Match[str], part: DayPart | None) -> time | None:
    said = {name: value or "" for name, value in match.groupdict().items()}
    if named := said.get("named"):
        return time(0) if named.startswith("mid") and named.endswith("night") else time(12)
    minute = int(said.get("minute") or said.get("minute2") or 0)
    if said["hour"] == "12" and said.get("side") in _SIDES_BEFORE:
        part = None  # a quarter to twelve in the morning is before noon
    hour = _hour_of_day(int(said["hour"]), said.get("meridian") or said.get("range_meridian") or "", part)
    if hour is None:
        return None
    return _shifted(hour * 60 + minute, said.get("minutes", ""), said.get("side", ""))


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


def _shifted(minutes: int, by: str, side: str) -> time:
    """So many minutes past or to the hour: "half", "quarter", "20"."""
    named = {"half": 30, "quarter": 15, "a quarter": 15, "3 quarters": 45, "": 0}
    shift = named[by] if by in named else int(by)
    minutes += -shift if side in _SIDES_BEFORE else shift
    return time(minutes // 60 % 24, minutes % 60)


def _relative(text: str, match: re.Match[str]) -> Relative | None:
    start = match.start("hour") if match.groupdict().get("hour") else match.start()
    if match.groupdict().get("minutes"):
        start = match.start("minutes")
    before, after, whole = text[:start], text[match.end() :], match[0]
    if match.groupdict().get("range"):
        return Relative.AFTER
    for pattern, relative in _RELATIVE_BEFORE:
        if pattern.search(before):
            return relative
    if "ish" in whole:
        return Relative.AROUND
    return next((relative for pattern, relative in _RELATIVE_AFTER if pattern.search(after)), None)
