"""Text to what Piper reads well: words for every figure, no marks it would stumble over.

Piper's front end (espeak-ng) reads "9:30" as "nine thirty" only sometimes, "$49.99" as "dollar forty nine
point ninety nine", telephone numbers as millions and a year as a thousand and some. What comes out of here
has no digits, so saying it twice changes nothing. phonenumbers finds the telephone numbers; the rest is a
list of rewritings in order, the specific before the general.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from typing import Final

from phonenumbers import Leniency, PhoneNumberMatcher

from appliance.conversation.abbreviations import (
    ABBREVIATIONS,
    CURRENCIES,
    DIRECTIONS,
    FRACTIONS,
    PERIODS,
    SIGNS,
    STREETS,
    UNITS,
)
from appliance.conversation.dates import spoken_time
from appliance.conversation.days import MONTHS, WEEKDAYS
from appliance.conversation.numbers import spoken_phone
from appliance.conversation.numerals import (
    IN_WORDS_MAX,
    digits_in_words,
    in_words,
    ordinal_in_words,
    pairs_in_words,
)

Rewriting = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


_PASSES_MAX: Final = 5


def _rewriting(pattern: str, by: str | Callable[[re.Match[str]], str], *, case: bool = False) -> Rewriting:
    return re.compile(pattern, 0 if case else re.IGNORECASE), by


def speakable(text: str, region: str = "US") -> str:
    """`text` as words: numbers, times, prices, dates, addresses and abbreviations written out; no markup.

    `region` (ISO 3166) tells which telephone numbers are meant when no country code is given. Idempotent:
    it goes over the text until nothing changes, for a mark taken away may bring new neighbours together.
    """
    for _ in range(_PASSES_MAX):
        before, text = text, _rewritten(text, region)
        if text == before:
            break
    return text


def _rewritten(text: str, region: str) -> str:
    text = _without_markup(text)
    if sum(character.isdigit() for character in text) >= 7:
        text = _with_phones_spoken(text, region)
    for pattern, by in _REWRITINGS:
        text = pattern.sub(by, text)
    return _tidy(text)


# --- markup and marks ---------------------------------------------------------------------------

_MARKUP: Final = (
    _rewriting(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]", " "),
    _rewriting(r"[\u2018\u2019\u02bc]", "'"),
    _rewriting(r"[\u2010\u2011]", "-"),
    _rewriting(r"```[\s\S]*?```", " "),
    _rewriting(r"!?\[([^\]\n]*)\]\([^)\n]*\)", r"\1"),
    _rewriting(r"</?[a-z][^<>]*>", " "),
    _rewriting(r"^[ \t]*(?:#{1,6}|[-*+•>]|\d{1,2}[.)](?=\s))[ \t]+", "", case=True),
    _rewriting(r"(?:^|(?<=\n))[ \t]*(?:#{1,6}|[-*+•>]+|\d{1,2}[.)])[ \t]+", ""),
    _rewriting(r"\*\*|__|~~|`+", ""),
    _rewriting(r"(?<!\w)[*_](\S[^*_\n]*)[*_](?!\w)", r"\1"),
    _rewriting(r"([^\s.,!?:;])[ \t]*\n\s*", r"\1. "),
)


def _without_markup(text: str) -> str:
    for pattern, by in _MARKUP:
        text = pattern.sub(by, text)
    return text


def _with_phones_spoken(text: str, region: str) -> str:
    found = list(PhoneNumberMatcher(text, region, leniency=Leniency.VALID))
    for match in reversed(found):
        text = f"{text[: match.start]}{spoken_phone(match.raw_string, region)}{text[match.end :]}"
    return text


_KEPT = re.compile(r"[^\w\s.,!?:;'-]|_")


def _tidy(text: str) -> str:
    """Marks that are left become spaces, runs of marks become one, spaces are single."""
    text = _KEPT.sub(" ", text)
    text = re.sub(r"(?<!\w)['-]+|['-]+(?!\w)", " ", text)
    text = re.sub(r"\s+(?=[.,!?:;])", "", text)
    text = re.sub(r"[.,!?:;]{2,}", _strongest, text)
    text = re.sub(r"^[\s.,!?:;]+", "", text)
    text = re.sub(r"[\s,;:]+$", "", text)
    return re.sub(r"\s+", " ", text)


def _strongest(marks: re.Match[str]) -> str:
    return next(mark for mark in "?!.:;," if mark in marks[0])


# --- numbers ------------------------------------------------------------------------------------


def _whole(digits: str) -> str:
    """An integer in words; digit by digit when it has a leading zero or is too long to be said."""
    if (len(digits) > 1 and digits.startswith("0")) or int(digits) > IN_WORDS_MAX:
        return digits_in_words(digits)
    return in_words(int(digits))


def _decimal(digits: str) -> str:
    whole, _, fraction = digits.replace(",", "").partition(".")
    words = _whole(whole or "0")
    return f"{words} point {digits_in_words(fraction)}" if fraction else words


def _counted(number: str, unit: str, units: str) -> str:
    return f"{_decimal(number)} {unit if number in {'1', '1.0', '1.00'} else units}"


def _number(match: re.Match[str]) -> str:
    """Any number that is left; five digits and more without a comma are a code, not a count."""
    said = match[0]
    return f" {digits_in_words(said) if said.isdigit() and len(said) >= 5 else _decimal(said)} "


def _year(match: re.Match[str]) -> str:
    return pairs_in_words(int(match[0]))


def _years(match: re.Match[str]) -> str:
    """ "the 1980s" -> "the nineteen eighties"."""
    words = pairs_in_words(int(match[1]))
    return f"{words[:-1]}ies" if words.endswith("y") else f"{words}s"


def _ordinal(match: re.Match[str]) -> str:
    number = int(match[1].replace(",", ""))
    return ordinal_in_words(number) if number <= IN_WORDS_MAX else match[1]


# --- money --------------------------------------------------------------------------------------


def _money(match: re.Match[str]) -> str:
    one, many, coin, coins = CURRENCIES[match["sign"]]
    amount, scale = match["amount"].replace(",", ""), match["scale"]
    whole, _, fraction = amount.partition(".")
    if scale or len(fraction) > 2:
        return f"{_decimal(amount)} {scale + ' ' if scale else ''}{many}"
    small = int(fraction.ljust(2, "0")) if fraction else 0
    parts = [f"{_whole(whole)} {one if whole == '1' else many}"] if int(whole or 0) or not small else []
    if small:
        parts.append(f"{in_words(small)} {coin if small == 1 else coins}")
    return " and ".join(parts)


def _per(match: re.Match[str]) -> str:
    return f"{match[1]} per {PERIODS.get(match[2].lower(), match[2])}"


# --- dates and times ----------------------------------------------------------------------------

_MONTH_NAMES: Final = (
    "|".join(f"{name}|{name[:3]}\\.?" for name in MONTHS).replace("may|may\\.?", "may") + "|sept\\.?"
)


def _month_named(said: str) -> str:
    return next(name.capitalize() for name in MONTHS if name.startswith(said.lower()[:3]))


def _date_in_words(month: str, day: int, year: str | None) -> str:
    said = f"{month} {ordinal_in_words(day)}"
    return f"{said}, {pairs_in_words(int(year))}" if year else said


def _month_day(match: re.Match[str]) -> str:
    if not 1 <= int(match["day"]) <= 31:
        return match[0]
    return _date_in_words(_month_named(match["month"]), int(match["day"]), match["year"])


def _month_of_year(match: re.Match[str]) -> str:
    return f"{_month_named(match[1])} {pairs_in_words(int(match[2]))}"


def _figures_date(match: re.Match[str]) -> str:
    """11/24/2026 or 2026-11-24; what cannot be a date stays."""
    month, day = int(match["month"]), int(match["day"])
    if month > 12:
        month, day = day, month
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return match[0]
    year = match["year"]
    if year and len(year) == 2:
        year = f"20{year}"
    return _date_in_words(MONTHS[month - 1].capitalize(), day, year)


_O_CLOCK: Final = " o'clock"


_WEEKDAYS: Final = "|".join(f"{name}|{name[:3]}" for name in WEEKDAYS)


def _weekdays(match: re.Match[str]) -> str:
    """ "Mon-Fri" -> "Monday to Friday"."""
    first, last = (
        next(name.capitalize() for name in WEEKDAYS if name.startswith(said.lower()[:3]))
        for said in (match[1], match[2])
    )
    return f"{first} to {last}"


def _clock(match: re.Match[str]) -> str:
    """ "5 pm" -> "five in the afternoon", "9:30" -> "nine thirty", "12:00" -> "noon"."""
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    meridian = (match["meridian"] or "").lower()[:1]
    if hour > 23 or minute > 59:
        return match[0]
    if meridian and 1 <= hour <= 12:
        hour = hour % 12 + (12 if meridian == "p" else 0)
    words = spoken_time(time(hour, minute))
    if not meridian or words in {"noon", "midnight"}:
        return words
    part = "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"
    return f"{words.removesuffix(_O_CLOCK)} in the {part}"


# --- addresses of the net -----------------------------------------------------------------------


def _link(match: re.Match[str]) -> str:
    address = re.sub(r"^(?:https?://)?(?:www\.)?", "", match[0], flags=re.IGNORECASE).rstrip("/.,;:!?")
    end = match[0][len(match[0].rstrip(".,;:!?")) :]
    for mark, word in (
        ("@", "at"),
        (".", "dot"),
        ("/", "slash"),
        ("-", "dash"),
        ("_", "underscore"),
        ("+", "plus"),
    ):
        address = address.replace(mark, f" {word} ")
    return f"{re.sub(r'[^a-z0-9 ]', ' ', address, flags=re.IGNORECASE)}{end}"


def _dotted(match: re.Match[str]) -> str:
    """An address of the net in figures: "10.0.0.1"."""
    return " dot ".join(digits_in_words(part) for part in match[0].split("."))


def _groups(match: re.Match[str]) -> str:
    """Digits in groups that are no valid telephone number: said one by one, with pauses."""
    groups = re.findall(r"\d+", match[0])
    if sum(map(len, groups)) < 7:
        return match[0]
    return ("plus " if match[0].startswith("+") else "") + ", ".join(map(digits_in_words, groups))


# --- streets ------------------------------------------------------------------------------------

_STREET_WORDS: Final = "|".join([*STREETS, *STREETS.values(), "Way", "Trail", "Circle"])
_HOUSE: Final = re.compile(
    rf"\b(?P<house>\d{{1,5}}) (?:(?P<side>[NSEW])\b\.? )?"
    rf"(?P<street>(?:(?:[A-Z][\w']*|\d+(?:st|nd|rd|th)) ){{1,3}}?)"
    rf"(?P<kind>(?i:{_STREET_WORDS}))\b(?:\.(?! [A-Z]|$))?"
)


def _house(match: re.Match[str]) -> str:
    """ "1420 N Mesa Rd" -> "fourteen twenty North Mesa Road"."""
    side = f"{DIRECTIONS[match['side'].lower()]} " if match["side"] else ""
    kind = STREETS.get(match["kind"].lower(), match["kind"])
    return f"{_house_number(match['house'])} {side}{match['street']}{kind}"


def _house_number(digits: str) -> str:
    """In pairs: "1420" -> "fourteen twenty", "305" -> "three oh five"."""
    if len(digits) == 3 and not digits.endswith("00"):
        tail = int(digits[1:])
        return f"{in_words(int(digits[0]))} {'oh ' if tail < 10 else ''}{in_words(tail)}"
    return pairs_in_words(int(digits)) if len(digits) <= 4 else digits_in_words(digits)


def _street(match: re.Match[str]) -> str:
    return f"{match[1]}{STREETS[match[2].lower()]}"


# --- the list -----------------------------------------------------------------------------------

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_MERIDIAN = r"(?:[ap]m\b|[ap]\.? m\b|[ap]\. ?m\b(?:\.(?! ?(?:$|(?-i:[A-Z]))))?)"
_HOUR = rf"\d{{1,2}}(?::\d\d)? ?{_MERIDIAN}"
_YEAR = r"(?:,? (?P<year>[12]\d{3})\b)?"


def _unit(one: str, many: str) -> Callable[[re.Match[str]], str]:
    return lambda match: _counted(match[1], one, many)


_NET: Final = (
    _rewriting(r"(?:https?://|www\.)[^\s<>]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", _link),
    _rewriting(r"\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|biz|info|edu|gov)\b(?:/[^\s<>]*)?", _link),
    _rewriting(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])", _dotted),
)
_CODES: Final = (_rewriting(r"(?<![\w.])\+?\d+(?:(?:[-.]|[-. ]?[()][-. ]?)\d+){2,}(?![\w/:])", _groups),)
_SHORT_FORMS: Final = (
    (_HOUSE, _house),
    _rewriting(
        rf"(\b(?-i:[A-Z])[\w']* )({'|'.join(STREETS)})\b(?:\.(?! ?[A-Z]|$)|(?!\.))(?! (?-i:[A-Z]))(?!\w)",
        _street,
    ),
    *(_rewriting(sign, fraction) for sign, fraction in SIGNS.items()),
    *(_rewriting(rf"(?<![\w.]){short}(?!\w)", full) for short, full in ABBREVIATIONS.items()),
)
_DATES: Final = (
    _rewriting(r"(?<![\d-])(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])", _figures_date),
    _rewriting(r"(?<![\d/])(?P<month>\d\d?)/(?P<day>\d\d?)/(?P<year>\d{4}|\d\d)(?![\d/])", _figures_date),
    *(_rewriting(rf"(?<=\d) {figures}(?![\d/])", f" and {a}") for figures, (_, a) in FRACTIONS.items()),
    *(_rewriting(rf"(?<![\d/]){figures}(?![\d/])", words) for figures, (words, _) in FRACTIONS.items()),
    _rewriting(
        r"(?<![\d/])(?P<month>1[0-2]|[1-9])/(?P<day>[12]\d|3[01]|0?[1-9])(?P<year>)(?![\d/])", _figures_date
    ),
    _rewriting(rf"\b(?P<month>{_MONTH_NAMES}) (?P<day>\d\d?)(?:st|nd|rd|th)?\b(?!:){_YEAR}", _month_day),
    _rewriting(
        rf"\b(?P<day>\d\d?)(?:st|nd|rd|th)? (?:of )?(?P<month>{_MONTH_NAMES})(?!\w){_YEAR}", _month_day
    ),
    _rewriting(rf"\b({_MONTH_NAMES}),? ([12]\d{{3}})\b", _month_of_year),
    _rewriting(rf"(?<![^\W\d])({_WEEKDAYS})\.? ?[-–—] ?({_WEEKDAYS})(?![^\W\d])\.?", _weekdays),
)
_TIMES: Final = (
    _rewriting(rf"\b({_HOUR}|\d{{1,2}}(?::\d\d)?) ?[-–—] ?({_HOUR})", r"\1 to \2"),
    _rewriting(r"\b(\d{1,2}:\d\d) ?[-–—] ?(\d{1,2}:\d\d)\b", r"\1 to \2"),
    _rewriting(
        rf"(?<![\d.:])(?P<hour>\d\d?)(?::(?P<minute>\d\d))?(?::\d\d)? ?(?P<meridian>{_MERIDIAN})(?!\w)",
        _clock,
    ),
    _rewriting(r"(?<![\d.:])(?P<hour>\d\d?):(?P<minute>\d\d)(?P<meridian>)(?![\d:])", _clock),
)
_SUMS: Final = (
    _rewriting(r"(?<=\d)[-–—](?=[$£€])", " to "),
    _rewriting(
        r"(?P<sign>[$£€]) ?(?P<amount>\d[\d,]*(?:\.\d+)?|\.\d+)"
        r"(?: (?P<scale>thousand|million|billion|trillion))?\b",
        _money,
    ),
    _rewriting(
        r"\b(dollars?|cents?|pounds?|euros?|pence) ?/ ?(mo|yr|wk|hr|h|d|month|year|week|hour|day)\b", _per
    ),
)
_NUMBERS: Final = (
    _rewriting(r"(?<=\d|[a-z]) ?[–—] ?(?=\d)|(?<!\d{5})(?<=\d)-(?=\d)", " to "),
    _rewriting(r"(?<![\w.])-(?=\d)", " minus "),
    *(_rewriting(rf"(?<![\w.])({_NUMBER})[ -]?{unit}(?!\w)", _unit(*names)) for unit, names in UNITS.items()),
    *(
        _rewriting(rf"\b(half|quarters?|thirds?) {unit}(?!\w)", rf"\1 {many}")
        for unit, (_, many) in UNITS.items()
    ),
    _rewriting(r"\b([12]\d{3})s\b", _years),
    _rewriting(r"(?<![\w.,])(?:1[5-9]\d\d|20\d\d)\b(?![,.]?\d)", _year),
    _rewriting(r"\b(\d[\d,]*)(?:st|nd|rd|th)\b", _ordinal),
    _rewriting(r"#(?= ?\d)", " number "),
    _rewriting(r"(?<=\d)\+", " plus "),
    _rewriting(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])", " "),
    _rewriting(_NUMBER, _number),
    _rewriting(r"\d+", _number),
)
_MARKS: Final = (
    _rewriting(r"&", " and "),
    _rewriting(r"%", " percent "),
    _rewriting(r"@", " at "),
    _rewriting(r"(?<=\w)/(?=\w)", " or "),
    _rewriting(r"[()\[\]–—]|--+| - ", ", "),
)
_REWRITINGS: Final = (*_NET, *_SHORT_FORMS, *_DATES, *_CODES, *_TIMES, *_SUMS, *_NUMBERS, *_MARKS)
