"""Number words to numerals and back: "the twenty fourth" -> "the 24th", 24 -> "twenty four".

Reading is text2num's work (compiled, a few microseconds, seven languages); it knows everything but the spoken
zero of "nine oh five". Writing is ours, and English: what Piper is given must be words without hyphens and
without "and".
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from text_to_num import alpha2digit

from appliance.conversation.languages import language_named
from appliance.conversation.languages.en.numbers import ODD_ORDINALS, SCALES, SMALL, TENS

__all__ = [
    "IN_WORDS_MAX",
    "SMALL",
    "TENS",
    "digits_in_words",
    "in_words",
    "numerals",
    "ordinal_in_words",
    "pairs_in_words",
]

IN_WORDS_MAX: Final = 10**15 - 1


def numerals(text: str, language: str = "en") -> str:
    """`text` with its number words as numerals: "nine oh five" -> "9 05", "may second" -> "may 2nd"."""
    written = alpha2digit(text, language, 0)
    zero = _spoken_zero(language)
    return zero.sub("0", written) if zero else written


@cache
def _spoken_zero(language: str) -> re.Pattern[str] | None:
    pattern = language_named(language).calendar.spoken_zero
    return re.compile(pattern) if pattern else None


def in_words(number: int) -> str:
    """A whole number up to IN_WORDS_MAX as it is said: 1420 -> "one thousand four hundred twenty"."""
    if number < 0:
        return f"minus {in_words(-number)}"
    for size, name in SCALES:
        if number >= size:
            return _joined(f"{in_words(number // size)} {name}", number % size)
    if number >= 100:
        return _joined(f"{SMALL[number // 100]} hundred", number % 100)
    if number >= 20:
        return _joined(TENS[number // 10], number % 10)
    return SMALL[number]


def _joined(head: str, rest: int) -> str:
    return f"{head} {in_words(rest)}" if rest else head


def ordinal_in_words(number: int) -> str:
    """24 -> "twenty fourth"."""
    *head, last = in_words(number).split()
    regular = f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th"
    return " ".join([*head, ODD_ORDINALS.get(last, regular)])


def pairs_in_words(number: int) -> str:
    """How a year or a house number is said: 1986 -> "nineteen eighty six", 1905 -> "nineteen oh five"."""
    head, tail = divmod(number, 100)
    if not 10 <= head <= 99 or (head % 10 == 0 and tail < 10):
        return in_words(number)
    if tail == 0:
        return f"{in_words(head)} hundred"
    return f"{in_words(head)} {'oh ' if tail < 10 else ''}{in_words(tail)}"


def digits_in_words(digits: str) -> str:
    """One digit after the other: "80" -> "eight zero"."""
    return " ".join(SMALL[int(digit)] for digit in digits)
