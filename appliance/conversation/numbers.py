"""Telephone numbers as people say them: in pieces, doubled, corrected, with words around.

text2num reads "eight hundred five five five" as 805, which is right for a price and wrong for a telephone,
so the words of digits are ours; what a valid number is, is phonenumbers' knowledge (Google's tables).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from appliance.conversation.numerals import SMALL, TENS

_ZEROS: Final = frozenset({"zero", "nought", "naught"})
_SPOKEN_ZEROS: Final = frozenset({"oh", "o"})  # a digit only beside another digit
_UNITS: Final = {word: value for value, word in enumerate(SMALL) if 1 <= value <= 9}
_TEENS: Final = {word: value for value, word in enumerate(SMALL) if value >= 10}
_TENS: Final = {word: value * 10 for value, word in enumerate(TENS) if value >= 2}
_SMALL: Final = _UNITS | _TEENS | _TENS
_TIMES: Final = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}
_SOUNDS_LIKE: Final = {"to": "2", "too": "2", "for": "4", "ate": "8", "won": "1"}  # between digits only
_BETWEEN: Final = frozenset(
    ["uh", "um", "er", "eh", "and", "then", "dash", "hyphen", "space", "okay", "so", "area", "code", "plus"]
)
_POINTING: Final = frozenset(
    ["the", "this", "that", "which", "other", "another", "same", "right", "wrong", "new", "any", "no"]
)
_NOT_COUNTED: Final = frozenset(["second", "sec", "moment", "minute", "time", "thing", "more", "of"])

_WORD = re.compile(r"[a-z']+|\d+|\+(?=\s*\d)")
_CORRECTION = re.compile(
    r"\b(?:sorry|no|nope|wait|i mean|i meant|actually|scratch that|correction|make that|rather|oops)\b"
)
_AT_END = re.compile(
    r"\b(?:the )?(?:last|final) (?:\w+ )?(?:digits? |numbers? |ones? )?(?:is|are|was|were|should be)\b"
    r"|\b(?:it )?end(?:s|ing)? (?:in|on|with)\b"
)
_STATED_LAST = re.compile(r"\b(?:at|in|on) the end\b")
_AT_START = re.compile(
    r"\b(?:the )?area code(?: is| was)?\b|\b(?:it )?(?:starts|begins)(?: with)?\b"
    r"|\b(?:the )?first (?:\w+ )?(?:digits? |numbers? |ones? )?(?:is|are|was|were|should be)\b"
)


@dataclass(frozen=True, slots=True)
class PhoneHeard:
    """What is known of a number. `digits` is all that was given and goes back in as `so_far`.

    `national` is the number as it is dialled inside its country, digits only ("3035550140"), or in E.164
    when it belongs to another country; equal to `digits` while it is not `valid`. `complete` when there are
    as many digits as a number of the region has, valid or not: there is nothing to wait for.
    """

    digits: str
    national: str
    valid: bool
    complete: bool


class _Place(Enum):
    ANYWHERE = auto()
    START = auto()
    END = auto()


# --- digits -------------------------------------------------------------------------------------


def digits_heard(text: str) -> str:
    """Every digit in `text`, spoken or typed, other words ignored: "double five twenty three" -> "5523"."""
    return "".join(_runs(text)).replace("+", "")


def _runs(text: str) -> list[str]:
    """The digits of `text`, a string for each stretch unbroken by other words; a leading "+" is kept."""
    words = _WORD.findall(text.lower().replace("-", " "))
    runs, broken = [""], False
    for digits, word in _read(words):
        if digits:
            if broken and runs[-1]:
                runs.append("")
            runs[-1] += digits
        broken = not digits and (broken or word not in _BETWEEN)
    return [run for run in runs if run]


def _read(words: list[str]) -> Iterator[tuple[str, str]]:
    """Each group of words with the digits it stands for ("" for a word that carries none)."""
    at = before = 0  # `before`: how many groups in a row carried digits
    while at < len(words):
        digits, used = _digits_at(words, at, before)
        yield digits, words[at]
        before = before + 1 if digits else 0
        at += max(used, 1)


def _digits_at(words: list[str], at: int, before: int) -> tuple[str, int]:
    """The digits that begin at word `at` and how many words they take; "" and 0 when there are none."""
    word = words[at]
    if word.isdigit() or word == "+":
        return word, 1
    if word in _ZEROS:
        return "0", 1
    if word in _SPOKEN_ZEROS:
        return ("0", 1) if before or _carries_digit(words, at + 1) else ("", 0)
    if word in _TIMES:
        return _repeated(words, at)
    if word in _SOUNDS_LIKE:
        return (_SOUNDS_LIKE[word], 1) if before >= 2 and _carries_digit(words, at + 1) else ("", 0)
    if word == "one" and _is_pronoun(words, at, before):
        return "", 0
    return _number_at(words, at)


def _carries_digit(words: list[str], at: int) -> bool:
    if at >= len(words):
        return False
    word = words[at]
    return word.isdigit() or word in _SMALL or word in _ZEROS or word in _SPOKEN_ZEROS or word in _TIMES


def _is_pronoun(words: list[str], at: int, before: int) -> bool:
    """ "the one i gave you", "one moment": not a digit."""
    if before or _carries_digit(words, at + 1):
        return False
    after = words[at + 1] if at + 1 < len(words) else ""
    return after in _NOT_COUNTED or (at > 0 and words[at - 1] in _POINTING)


def _repeated(words: list[str], at: int) -> tuple[str, int]:
    following = words[at + 1] if at + 1 < len(words) else ""
    digit = "0" if following in _ZEROS | _SPOKEN_ZEROS else str(_UNITS.get(following, ""))
    if following.isdigit() and len(following) == 1:
        digit = following
    return (digit * _TIMES[words[at]], 2) if digit else ("", 0)


def _number_at(words: list[str], at: int) -> tuple[str, int]:
    """ "twenty three" -> 23, "eight hundred" -> 800, "fifty five hundred" -> 5500, "two thousand" -> 2000."""
    value, used = _small_at(words, at)
    scale = words[at + used] if used and at + used < len(words) else ""
    if scale == "thousand":
        return str(value * 1000), used + 1
    if scale == "hundred":
        value, used = value * 100, used + 1
        if at + used < len(words) and words[at + used] == "and":
            more, more_used = _small_at(words, at + used + 1)
            value, used = (value + more, used + 1 + more_used) if more_used else (value, used)
    return (str(value), used) if used else ("", 0)


def _small_at(words: list[str], at: int) -> tuple[int, int]:
    value = _SMALL.get(words[at]) if at < len(words) else None
    if value is None:
        return 0, 0
    unit = _UNITS.get(words[at + 1]) if words[at] in _TENS and at + 1 < len(words) else None
    return (value + unit, 2) if unit else (value, 1)


# --- telephone numbers --------------------------------------------------------------------------


def phone_heard(text: str, region: str, so_far: str = "") -> PhoneHeard | None:
    """The number after `text` was said, given the digits `so_far`; None when `text` holds no digit.

    `region` is the country (ISO 3166, "US") whose numbers are meant. Knows pieces ("five five five" after
    "three oh three"), what comes late ("area code three oh three") and corrections ("no, four at the end",
    "sorry that's 0124", "the last four are 0124"); the joining that gives a valid number wins.
    """
    text = text.lower()
    if not digits_heard(text):
        return None
    given = _after_correction(text, region, so_far)
    number = _valid(given, region)
    digits = given.replace("+", "")
    national = _as_dialled(number, region) if number else digits
    return PhoneHeard(digits, national, number is not None, number is not None or _is_long(given, region))


def _after_correction(text: str, region: str, so_far: str) -> str:
    """`so_far` and the digits of `text`, with what the caller took back taken back."""
    given = so_far
    for number, piece in enumerate(_CORRECTION.split(text)):
        if digits_heard(piece):
            given = _after_place(piece, region, given, corrects=number > 0)
    return given


def _after_place(text: str, region: str, before: str, *, corrects: bool) -> str:
    """Put the digits of `text` where it says they belong: at the end, at the start, or after `before`."""
    place, mark = _Place.ANYWHERE, None
    if mark := _AT_END.search(text):
        place = _Place.END
    elif mark := _AT_START.search(text):
        place = _Place.START
    elif _STATED_LAST.search(text):
        place = _Place.END
    if mark is not None:
        before = _after_place(text[: mark.start()], region, before, corrects=False)
        text = text[mark.end() :]
    return _joined(before, _chosen(_runs(text), region), place, region, corrects=corrects)


def _chosen(runs: list[str], region: str) -> str:
    """All digits together, unless only one stretch of them is a number ("... extension 12")."""
    whole = "".join(runs)
    if _valid(whole, region):
        return whole
    return next((run for run in reversed(runs) if len(run) > 6 and _valid(run, region)), whole)


def _joined(before: str, new: str, place: _Place, region: str, *, corrects: bool) -> str:
    if not before or not new:
        return before or new
    if place is _Place.ANYWHERE:
        ways = _ways_to_correct(before, new) if corrects else _ways_to_append(before, new)
    else:
        ways = _ways_to_replace(before, new, place)
    return next((way for way in ways if _valid(way, region)), ways[0])


def _ways_to_replace(before: str, new: str, place: _Place) -> list[str]:
    if place is _Place.END:
        return [before[: -len(new)] + new, before + new]
    ways = [new + before[len(new) :], new + before]
    return ways if len(before) >= 10 else ways[::-1]


def _ways_to_correct(before: str, new: str) -> list[str]:
    """The tail as long as the correction is meant, or the whole, or whatever makes a number."""
    ways = [before[: -len(new)] + new if len(new) < len(before) else new, new]
    return ways + [before[:kept] + new for kept in range(len(before), 0, -1)]


def _ways_to_append(before: str, new: str) -> list[str]:
    """After what was given; or it repeats the end of it; or all of it; or it is the area code, said late."""
    overlaps = [size for size in range(1, len(before)) if before.endswith(new[:size])]
    return [before + new, *(before + new[size:] for size in reversed(overlaps)), new, new + before]


def _valid(digits: str, region: str) -> phonenumbers.PhoneNumber | None:
    """The valid number that `digits` are, with or without an "oh" that was only a sigh."""
    for form in (digits, digits.removeprefix("0")):
        number = _parsed(form, region)
        if number is not None and phonenumbers.is_valid_number(number):
            return number
    return None


def _parsed(digits: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(digits, region)
    except NumberParseException:
        return None


def _is_long(digits: str, region: str) -> bool:
    """Whether there are as many digits as the region's example number has."""
    example = phonenumbers.example_number(region)
    number = _parsed(digits, region)
    if example is None or number is None:
        return False
    return len(str(number.national_number)) >= len(str(example.national_number))


def _as_dialled(number: phonenumbers.PhoneNumber, region: str) -> str:
    if number.country_code != phonenumbers.country_code_for_region(region):
        return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))
    formatted = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    return "".join(character for character in formatted if character.isdigit())


# --- reading back -------------------------------------------------------------------------------


def spoken_phone(e164_or_digits: str, region: str) -> str:
    """A number in groups for the voice: "3035550140" -> "3 0 3, 5 5 5, 0 1 4 0"; "" for no digits."""
    number = _valid(e164_or_digits, region)
    if number is None:
        return ", ".join(" ".join(group) for group in _thirds(digits_heard(e164_or_digits)))
    abroad = number.country_code != phonenumbers.country_code_for_region(region)
    style = PhoneNumberFormat.INTERNATIONAL if abroad else PhoneNumberFormat.NATIONAL
    groups = re.findall(r"\d+", phonenumbers.format_number(number, style))
    return ("plus " if abroad else "") + ", ".join(" ".join(group) for group in groups)


def _thirds(digits: str) -> list[str]:
    """Groups of three, the last of two to four, so that no digit stands alone."""
    if len(digits) <= 4:
        return [digits] if digits else []
    return [digits[:3], *_thirds(digits[3:])]
