"""What a text claims that could be wrong: numbers, prices, dates, times and days, by value and not by spelling.

"Twelve" is 12, "half past nine" is 9:30, "Monday to Wednesday" holds Tuesday. `guard` compares what the model
claims with what the business does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import groupby
from typing import Final, NamedTuple

from appliance.conversation.days import MONTHS, WEEKDAYS
from appliance.conversation.numerals import numerals


class Time(NamedTuple):
    """A time on a 12-hour clock; `meridian` is "am", "pm" or "" when it was not said."""

    hour: int
    minute: int
    meridian: str


@dataclass(frozen=True, slots=True)
class Claims:
    """Everything in a text that must be grounded."""

    phones: frozenset[str]
    prices: frozenset[float]
    percents: frozenset[float]
    times: frozenset[Time]
    dates: frozenset[tuple[str, int]]
    measures: frozenset[tuple[float, str]]
    numbers: frozenset[float]
    days: frozenset[str]
    words: frozenset[str]


def united(claims: Sequence[Claims]) -> Claims:
    """What any of several texts claims."""
    return Claims(
        *(frozenset().union(*(getattr(one, name.name) for one in claims)) for name in fields(Claims))
    )


@dataclass(frozen=True, slots=True)
class Ties:
    """The times of a text: said of a weekday, or of none."""

    tied: frozenset[tuple[str, Time]]
    loose: frozenset[Time]


# --- what a text claims -------------------------------------------------------------------------

LINK = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w.+-]+@[\w-]+\.\w+|\b[\w-]+\.(?:com|org|net|io|co|biz|info|edu|gov|us"
    r"|uk|de)\b(?:/\S*)?"
)
_PHONE = re.compile(r"(?<![\d.])\+?\d(?:[\s().,-]{0,3}\d){6,14}(?!\d)")
_NUMBER = r"\d+(?:\.\d+)?"
_MONEY = re.compile(
    rf"[$£€] ?({_NUMBER})(?: (thousand|million|billion))?|({_NUMBER}) ?(?:dollars?|bucks|euros?|pounds?|usd)"
    rf"(?: (?:and )?(\d\d?) (?:cents?|pence))?|({_NUMBER}) (?:cents?|pence)\b"
)
_PERCENT = re.compile(rf"({_NUMBER}) ?(?:%|percent|per cent)")
_CLOCK = re.compile(
    r"\b(?P<h1>\d{1,2})(?::"
    r"| )(?P<m1>[0-5]\d)(?!\d)(?: ?(?P<mer1>[ap]) ?m\b)?(?: in the (?P<part1>morning|afternoon|evening))?"
    r"|\b(?P<h2>\d{1,2}) ?(?:(?P<mer2>[ap]) ?m\b"
    r"|oclock(?: ?(?P<mer3>[ap]) ?m\b)?)(?: in the (?P<part2>morning|afternoon|evening))?"
    r"|\b(?P<h3>\d{1,2}) in the (?P<part3>morning|afternoon|evening)"
    r"|\b(?:at|from|until|till|by|after|before|to) (?P<h4>1[0-2]|[1-9])"
    r"(?![\d:/-]|\.\d| \d|th\b|st\b|nd\b|rd\b| ?[ap] ?m\b| oclock| in the )"
    r"(?! (?:\w+ ){1,3}(?:street|st|road|rd|avenue|ave|lane|drive|way|boulevard|square|place|court|highway|plaza)\b)"
    r"(?! (?:miles?|hours?|minutes?|days?|weeks?|months?|years?|percent|dollars?|people|cars?|thousand"
    r"|hundred|mechanics|bays))"
    r"|\b(?P<noon>noon|midday|midnight)\b"
)
_PAST = re.compile(
    r"(?<!\d )(?<!from )(?<!between )\b(half|quarter|a quarter|(?:5|10|20|25)(?: minutes)?|\d{1,2} minutes?)"
    r" (past|to|after) (\d{1,2})\b"
)
_MONTH_DAY = re.compile(
    rf"\b({'|'.join(MONTHS)}) (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?!\d)|\b(\d{{1,2}})(?:st|nd|rd"
    rf"|th)? (?:of )?({'|'.join(MONTHS)})\b"
)
_UNITS = (
    "minute|hour|day|week|month|year|mile|kilometer|mechanic|bay|person|people|tire|car|truck|chair"
    "|room|stylist|dentist|doctor"
    "|technician|employee|location|block|gallon|quart|pound|star|visit|appointment|floor|mph|inch|foot|feet"
)
_MEASURE = re.compile(
    rf"\b(?:({_NUMBER})[ -]({_UNITS})s?|(?:an?|every|each|per) (minute|hour|day|week|month|year))\b"
)
_LOOSE_NUMBER = re.compile(rf"(?<![\w.])({_NUMBER})(st|nd|rd|th)?\b")
_DAY_RANGE = re.compile(
    rf"\b({'|'.join(WEEKDAYS)})s?(?: (?:to|through|thru|until|till) |-| - | – )({'|'.join(WEEKDAYS)})"
)
_DAY_WORDS: Final = frozenset((*WEEKDAYS, "tomorrow", "tonight", "yesterday", "today", "weekend"))
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


def claims_of(text: str) -> Claims:
    """Takes one kind of claim after the other out of the text, so that none is counted twice."""
    reader = _Reader(plain(text))
    return Claims(
        phones=frozenset(re.sub(r"\D", "", one[0])[-10:] for one in reader.take(_PHONE)),
        prices=frozenset(_price(one) for one in reader.take(_MONEY)),
        percents=frozenset(float(one[1]) for one in reader.take(_PERCENT)),
        dates=frozenset((one[1] or one[4], int(one[2] or one[3])) for one in reader.take(_MONTH_DAY)),
        times=frozenset((*map(_past, reader.take(_PAST)), *map(_clock, reader.take(_CLOCK)))),
        measures=frozenset(_measure(one) for one in reader.take(_MEASURE)),
        numbers=frozenset(_loose_numbers(reader.take(_LOOSE_NUMBER))),
        days=frozenset(_days(reader.text)),
        words=frozenset(_known_words(text)),
    )


class _Reader:
    """A text from which each kind of claim is cut out as it is read."""

    def __init__(self, text: str) -> None:
        self.text = text

    def take(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        found = list(pattern.finditer(self.text))
        if found:
            self.text = pattern.sub(" ; ", self.text)
        return found


def plain(text: str) -> str:
    """Lower case, numerals, no thousands separators, "oclock"."""
    text = (
        text.lower()
        .replace("’", "'")
        .replace("o'clock", " oclock")
        .replace("p.m.", "pm")
        .replace("a.m.", "am")
    )
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    text = re.sub(r"\bhalf an hour\b", "thirty minutes", text)
    return re.sub(r"\s+", " ", numerals(text))


def folded(text: str) -> str:
    return " ".join(WORD.findall(text.lower().replace("’", "'")))


def _price(match: re.Match[str]) -> float:
    if match[1]:
        scale = {"thousand": 1e3, "million": 1e6, "billion": 1e9}.get(match[2] or "", 1)
        return float(match[1]) * scale
    return float(match[3]) + float(match[4] or 0) / 100 if match[3] else float(match[5]) / 100


def _measure(match: re.Match[str]) -> tuple[float, str]:
    """ "Two weeks", and "a week" as one."""
    return (float(match[1]), match[2]) if match[1] else (1.0, match[3])


def _clock(match: re.Match[str]) -> Time:
    said = {name: value for name, value in match.groupdict().items() if value}
    if named := said.get("noon"):
        return Time(12, 0, "am" if named == "midnight" else "pm")
    hour = int(next(said[name] for name in ("h1", "h2", "h3", "h4") if name in said))
    letter = next((said[name] for name in ("mer1", "mer2", "mer3") if name in said), "")
    part = next((said[name] for name in ("part1", "part2", "part3") if name in said), "")
    meridian = f"{letter}m" if letter else {"": "", "morning": "am"}.get(part, "pm")
    if hour > 12:
        hour, meridian = hour - 12, "pm"
    return Time(hour or 12, int(said.get("m1", 0)), meridian)


def _past(match: re.Match[str]) -> Time:
    by = match[1].split()[-2 if "minute" in match[1] else -1]
    minutes = {"half": 30, "quarter": 15}.get(by) or int(by)
    of_day = int(match[3]) * 60 + (-minutes if match[2] == "to" else minutes)
    return Time(of_day // 60 % 12 or 12, of_day % 60, "")


def _loose_numbers(found: Iterable[re.Match[str]]) -> Iterator[float]:
    """The numbers without a unit. One is mostly a pronoun, and "first" and "second" mostly an order."""
    for match in found:
        value = float(match[1])
        if value != 1 and not (match[2] and value <= 3):
            yield value


def _days(text: str) -> Iterator[str]:
    """The days named, and those within "monday to friday"."""
    for word in WORD.findall(text):
        day = word.removesuffix("'s").removesuffix("s")
        if day in _DAY_WORDS:
            yield day
    for match in _DAY_RANGE.finditer(text):
        first, last = WEEKDAYS.index(match[1]), WEEKDAYS.index(match[2])
        for ahead in range((last - first) % 7 + 1):
            yield WEEKDAYS[(first + ahead) % 7]


def _known_words(text: str) -> Iterator[str]:
    for word in WORD.findall(text.lower().replace("’", "'")):
        yield word
        yield word.removesuffix("'s")


# --- which time stands with which day -----------------------------------------------------------

_SENTENCE_END = re.compile(r"[.!?;](?:\s|$)")
_DAY = re.compile(rf"\b({'|'.join(WEEKDAYS)})s?\b|\b(weekday|weekend)s?\b")
_PARTS_OF_WEEK: Final = {"weekday": WEEKDAYS[:5], "weekend": WEEKDAYS[5:]}


def same_time(one: Time, other: Time) -> bool:
    """Equal on the clock; morning and afternoon count when both were said."""
    halves = {one.meridian, other.meridian} - {""}
    return one[:2] == other[:2] and len(halves) < 2


def ties_of(text: str) -> Ties:
    """Times follow their days ("Saturday from nine to one") or, when a sentence begins with them, precede."""
    tied: set[tuple[str, Time]] = set()
    loose: set[Time] = set()
    for sentence in _SENTENCE_END.split(plain(text)):
        groups = list(_days_and_times(sentence))
        if groups and groups[0][1] and len(groups) % 2 == 0:  # "from nine to one on Saturday"
            groups = [turned for pair in zip(groups[1::2], groups[::2], strict=True) for turned in pair]
        days: frozenset[str] = frozenset()
        for named, times in groups:
            days = named or days
            tied |= {(day, one) for day in days for one in times}
            loose |= times if not days else frozenset()
    return Ties(frozenset(tied), frozenset(loose))


def _days_and_times(sentence: str) -> Iterator[tuple[frozenset[str], frozenset[Time]]]:
    """In their order: days named one after the other, then the times said of them, then days again."""
    found: list[tuple[int, Iterable[str], Time | None]] = []
    found += [(match.start(), (), _past(match)) for match in _PAST.finditer(sentence)]
    without_past = _PAST.sub(lambda match: " " * len(match[0]), sentence)
    found += [(match.start(), (), _clock(match)) for match in _CLOCK.finditer(without_past)]
    found += [(match.start(), _named_days(match), None) for match in _DAY.finditer(sentence)]
    found += [(match.start(), tuple(_days(match[0])), None) for match in _DAY_RANGE.finditer(sentence)]
    in_order = sorted(found, key=lambda one: one[0])
    for is_time, group in groupby(in_order, key=lambda one: one[2] is not None):
        marks = list(group)
        days = frozenset(day for _, named, _ in marks for day in named)
        times = frozenset(one for *_, one in marks if one is not None)
        yield (frozenset(), times) if is_time else (days, frozenset())


def days_of(text: str) -> frozenset[str]:
    """The weekdays that a plain `text` names, those within "monday to friday" and "weekend" among them."""
    if not _DAY.search(text):
        return frozenset()
    named = {day for match in _DAY.finditer(text) for day in _named_days(match)}
    return frozenset(named.union(*(_days(match[0]) for match in _DAY_RANGE.finditer(text))))


def _named_days(match: re.Match[str]) -> tuple[str, ...]:
    return (match[1],) if match[1] else _PARTS_OF_WEEK[match[2]]
