"""Opening hours as people write them ("mon-fri 8-12 + 13-17:30, sat 9-13") to spans by weekday, and back.

Pure. Days and words are the table's (`words_en`); what comes out fits `[hours]` of a business file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import time
from itertools import groupby
from typing import Final

from appliance.business import WEEKDAYS, Hours, Span
from appliance.setup import words_en as words

_PART: Final = re.compile(r"[,;\n]+")
_TIME: Final = re.compile(r"^(\d{1,2})(?:[:.h]?(\d{2}))?(?::00)?\s*([a-z.]*)$")
_FIRST_TIME: Final = re.compile(r"\d")
_BY_WORD: Final = {word: day for day, several in words.DAYS.items() for word in several}
Spans = dict[str, list[tuple[time, time]]]


def read(text: str) -> Spans:
    """Spans by weekday; a day that is not named is closed. ValueError says which part is not understood, and how to
    write it. A part without days goes on with the days of the one before: "mon-fri 8-12, 13-17"."""
    spans: Spans = {}
    days: list[str] = []
    for part in filter(None, map(str.strip, _PART.split(_folded(text)))):
        named, times = _split(part)
        days = list(_days(named)) if named else days
        if not days:
            raise ValueError(words.NO_DAY.format(example=words.HOURS_EXAMPLE))
        for day in days:
            spans.setdefault(day, []).extend(_spans(times))
    return {day: sorted(spans[day]) for day in WEEKDAYS if day in spans}


def write(hours: Hours) -> str:
    """The other way round, as short as it goes: days that are alike stand together."""
    by_day = [(day, _written(getattr(hours, day))) for day in WEEKDAYS]
    alike = ((spans, [day for day, _ in run]) for spans, run in groupby(by_day, key=lambda one: one[1]))
    return ", ".join(f"{_days_written(days)} {spans}" for spans, days in alike if spans)


def as_toml(spans: Iterable[tuple[time, time]]) -> str:
    """A day's spans as a business file writes them."""
    inside = ", ".join(
        f"{{ opens = {opens:%H:%M:%S}, closes = {closes:%H:%M:%S} }}" for opens, closes in spans
    )
    return f"[{inside}]"


def _folded(text: str) -> str:
    text = " ".join(re.split(r"[ \t]+", text.strip().lower()))
    for found, meant in _by_length(words.FOLDED):
        text = text.replace(found, meant)
    return re.sub(r"\s*([-+])\s*", r"\1", text)


def _by_length(table: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(table.items(), key=lambda one: -len(one[0]))


def _split(part: str) -> tuple[str, str]:
    """The days and the times of a part."""
    first = _FIRST_TIME.search(part)
    at = first.start() if first else len(part)
    return part[:at].strip(" :"), part[at:].strip()


def _days(named: str) -> Iterator[str]:
    if named in words.EVERY_DAY:
        yield from WEEKDAYS
        return
    for several in named.replace("+", " ").split():
        first, dash, last = several.partition("-")
        start = WEEKDAYS.index(_day(first))
        length = (WEEKDAYS.index(_day(last)) - start) % len(WEEKDAYS) + 1 if dash else 1
        yield from (WEEKDAYS[(start + n) % len(WEEKDAYS)] for n in range(length))


def _day(word: str) -> str:
    try:
        return _BY_WORD[word.rstrip(".")]
    except KeyError:
        raise ValueError(words.NOT_A_DAY.format(part=word)) from None


def _spans(times: str) -> Iterator[tuple[time, time]]:
    for one in times.split("+"):
        opens, dash, closes = one.partition("-")
        if not dash:
            raise ValueError(words.NOT_A_SPAN.format(part=one))
        yield _time(opens.strip()), _time(closes.strip())


def _time(written: str) -> time:
    found = _TIME.match(written)
    half = found[3] if found else ""
    if not found or (half and half not in (*words.FORENOON, *words.AFTERNOON)):
        raise ValueError(words.NOT_A_TIME.format(part=written))
    hour, minute = int(found[1]), int(found[2] or 0)
    if half:
        hour = hour % 12 + (12 if half in words.AFTERNOON else 0)
    if (hour, minute) == (24, 0):
        return time(23, 59)  # a day of a business file ends before midnight
    try:
        return time(hour, minute)
    except ValueError:
        raise ValueError(words.NOT_A_TIME.format(part=written)) from None


def _written(spans: Iterable[Span]) -> str:
    return "+".join(f"{_short(span.opens)}-{_short(span.closes)}" for span in spans)


def _short(moment: time) -> str:
    return f"{moment.hour}:{moment.minute:02}" if moment.minute else str(moment.hour)


def _days_written(days: list[str]) -> str:
    first, last = words.SHORT_DAYS[days[0]], words.SHORT_DAYS[days[-1]]
    return first if first == last else f"{first}-{last}"
