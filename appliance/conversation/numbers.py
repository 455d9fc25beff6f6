"""Telephone numbers as people say them: in pieces, doubled, corrected, with words around.

What is a digit stands in digits, how callers talk about a number in the language's tables; what a valid number is,
is phonenumbers' knowledge (Google's tables).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from appliance.conversation.digits import digits_heard, in_figures, runs_of_digits, without_accents
from appliance.conversation.languages import language_named

_E164_DIGITS_MAX: Final = 15
__all__ = ["PhoneHeard", "digits_heard", "phone_heard", "spoken_phone"]


@dataclass(frozen=True, slots=True)
class PhoneHeard:
    """What is known of a number. `digits` is all that was given and goes back in as `so_far`.

    `national` is the number as it is dialled inside its country, digits only ("3035550140"), or in E.164
    when it belongs to another country; equal to `digits` while it is not `valid`. `complete` when there are
    as many digits as a number of the region has, valid or not: there is nothing to wait for; `too_long` when there
    are more than any number has. `extension` is what is dialled after it, if one was said.
    """

    digits: str
    national: str
    valid: bool
    complete: bool
    extension: str = ""
    too_long: bool = False


class _Place(Enum):
    ANYWHERE = auto()
    START = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class _Talk:
    """How a language talks about a number: its patterns, ready to use."""

    correction: re.Pattern[str]
    at_end: re.Pattern[str]
    at_start: re.Pattern[str]
    stated_last: re.Pattern[str]
    extension: re.Pattern[str]
    swaps: tuple[re.Pattern[str], ...]


@cache
def _talk_of(language: str) -> _Talk:
    said = language_named(language).numbers
    return _Talk(
        correction=re.compile(said.correction),
        at_end=re.compile(said.at_end),
        at_start=re.compile(said.at_start),
        stated_last=re.compile(said.stated_last),
        extension=re.compile(said.extension),
        swaps=tuple(re.compile(swap) for swap in said.swaps),
    )


def phone_heard(text: str, region: str, so_far: str = "", language: str = "en") -> PhoneHeard | None:
    """The number after `text` was said, given the digits `so_far`; None when `text` holds no digit.

    `region` is the country (ISO 3166, "US") whose numbers are meant. Knows pieces ("five five five" after
    "three oh three"), what comes late ("area code three oh three") and corrections ("no, four at the end",
    "sorry that's 0124", "the last four are 0124", "six not five"); the joining that gives a valid number wins.
    """
    text = without_accents(text)
    if not digits_heard(text, language):
        return None
    text, extension = _without_extension(text, language)
    given = _Number(region, language).after(text, so_far)
    number = _valid(given, region)
    digits = given.replace("+", "")
    national = _as_dialled(number, region) if number else digits
    complete = number is not None or _is_long(given, region)
    too_long = number is None and _is_too_long(given, region)
    return PhoneHeard(digits, national, number is not None, complete, extension, too_long)


def _without_extension(text: str, language: str) -> tuple[str, str]:
    """`text` up to where an extension is given, and its digits."""
    match = _talk_of(language).extension.search(text)
    if match is None:
        return text, ""
    runs = runs_of_digits(text[match.end() :], language)
    return (text[: match.start()], runs[0]) if runs else (text, "")


class _Number:
    """Puts together a number of one region, told in one language."""

    def __init__(self, region: str, language: str) -> None:
        self._region = region
        self._language = language
        self._talk = _talk_of(language)

    def after(self, text: str, so_far: str) -> str:
        """`so_far` and the digits of `text`, with what the caller took back taken back."""
        given = self._swapped(text, so_far) if so_far else None
        if given is not None:
            return given
        given = so_far
        for number, piece in enumerate(self._talk.correction.split(text)):
            if self._runs(piece):
                swapped = self._swapped(piece, given) if given else None
                given = swapped or self._placed(piece, given, corrects=number > 0)
        return given

    def _runs(self, text: str) -> list[str]:
        return runs_of_digits(text, self._language)

    def _swapped(self, text: str, before: str) -> str | None:
        """ "six not five": `before` with the last such five a six, or one that makes a valid number."""
        figures = in_figures(text, self._language)
        for pattern in self._talk.swaps:
            match = pattern.search(figures)
            if match is None or match["old"] not in before or len(match["old"]) > len(before) - 1:
                continue
            starts = [at for at in range(len(before)) if before.startswith(match["old"], at)]
            ways = [before[:at] + match["new"] + before[at + len(match["old"]) :] for at in reversed(starts)]
            return next((way for way in ways if _valid(way, self._region)), ways[0])
        return None

    def _placed(self, text: str, before: str, *, corrects: bool) -> str:
        """Put the digits of `text` where it says they belong: at the end, at the start, or after `before`."""
        place, mark = _Place.ANYWHERE, None
        if mark := self._talk.at_end.search(text):
            place = _Place.END
        elif mark := self._talk.at_start.search(text):
            place = _Place.START
        elif self._talk.stated_last.search(text):
            place = _Place.END
        if mark is not None:
            before = self._placed(text[: mark.start()], before, corrects=False)
            text = text[mark.end() :]
        return self._joined(before, self._chosen(self._runs(text)), place, corrects=corrects)

    def _chosen(self, runs: list[str]) -> str:
        """All digits together, unless only one stretch of them is a number ("... after five")."""
        whole = "".join(runs)
        if _valid(whole, self._region):
            return whole
        return next((run for run in reversed(runs) if len(run) > 6 and _valid(run, self._region)), whole)

    def _joined(self, before: str, new: str, place: _Place, *, corrects: bool) -> str:
        if not before or not new:
            return before or new
        if place is _Place.ANYWHERE:
            ways = _ways_to_correct(before, new) if corrects else _ways_to_append(before, new)
        else:
            ways = _ways_to_replace(before, new, place)
        first, *others = self._sensible(ways)
        return next((way for way in (first, *others) if _valid(way, self._region)), first)

    def _sensible(self, ways: list[str]) -> Iterator[str]:
        """`ways`, but a whole number said anew comes before one that is too long to be a number."""
        kept = [way for way in ways if not _is_too_long(way, self._region)]
        yield from kept or ways


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


def _is_too_long(digits: str, region: str) -> bool:
    """Whether these are more digits than any number of the region has (abroad: than E.164 allows)."""
    number = _parsed(digits, region)
    if number is None:
        return len(digits) > _E164_DIGITS_MAX
    reason = phonenumbers.is_possible_number_with_reason(number)
    return bool(reason == phonenumbers.ValidationResult.TOO_LONG)


def _as_dialled(number: phonenumbers.PhoneNumber, region: str) -> str:
    if number.country_code != phonenumbers.country_code_for_region(region):
        return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))
    formatted = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    return "".join(character for character in formatted if character.isdigit())


# --- reading back -------------------------------------------------------------------------------


def spoken_phone(e164_or_digits: str, region: str, language: str = "en") -> str:
    """A number in groups for the voice: "3035550140" -> "3 0 3, 5 5 5, 0 1 4 0"; "" for no digits."""
    number = _valid(e164_or_digits, region)
    if number is None:
        return ", ".join(" ".join(group) for group in _thirds(digits_heard(e164_or_digits)))
    abroad = number.country_code != phonenumbers.country_code_for_region(region)
    style = PhoneNumberFormat.INTERNATIONAL if abroad else PhoneNumberFormat.NATIONAL
    groups = re.findall(r"\d+", phonenumbers.format_number(number, style))
    spoken = ", ".join(" ".join(group) for group in groups)
    return language_named(language).spoken.abroad.format(number=spoken) if abroad else spoken


def _thirds(digits: str) -> list[str]:
    """Groups of three, the last of two to four, so that no digit stands alone."""
    if len(digits) <= 4:
        return [digits] if digits else []
    return [digits[:3], *_thirds(digits[3:])]
