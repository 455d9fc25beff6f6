"""Digits out of words: one by one, doubled, in tens and hundreds, among words that are none.

text2num reads "eight hundred five five five" as 805, which is right for a price and wrong for a telephone, so the
reading is ours; the words are the language's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

from appliance.conversation.languages import language_named
from appliance.conversation.languages.tables import NumberWords

_LOCAL_NUMBER = 7  # digits of the shortest telephone number: "five five five oh one seven too"
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+|\+(?=\s*\d)")


def without_accents(text: str) -> str:
    """`text` in lower case, typewriter's apostrophes, no accents: how every table writes its words."""
    plain = unicodedata.normalize("NFD", text.lower().replace("’", "'"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def digits_heard(text: str, language: str = "en") -> str:
    """Every digit in `text`, spoken or typed, other words ignored: "double five twenty three" -> "5523"."""
    return "".join(runs_of_digits(text, language)).replace("+", "")


def runs_of_digits(text: str, language: str = "en") -> list[str]:
    """The digits of `text`, a string for each stretch unbroken by other words; a leading "+" is kept."""
    reader = reader_of(language)
    runs, broken = [""], False
    for digits, word in reader.groups(text):
        if digits:
            if broken and runs[-1]:
                runs.append("")
            runs[-1] += digits
        broken = not digits and (broken or word not in reader.words.between)
    return [run for run in runs if run]


def in_figures(text: str, language: str = "en") -> str:
    """`text` with each group of digit words as figures: "six not five" -> "6 not 5"."""
    return " ".join(digits or word for digits, word in reader_of(language).groups(text))


@cache
def reader_of(language: str) -> DigitReader:
    """What reads digits in `language`."""
    return DigitReader(language_named(language).numbers)


class DigitReader:
    """Reads digits by one language's words."""

    def __init__(self, words: NumberWords) -> None:
        self.words = words
        self._small = {**words.units, **words.teens, **words.tens}

    def groups(self, text: str) -> Iterator[tuple[str, str]]:
        """Each group of words with the digits it stands for ("" for a word that carries none)."""
        for digits, word, _ in self.places(text):
            yield digits, word[0]

    def places(self, text: str) -> Iterator[tuple[str, re.Match[str], re.Match[str]]]:
        """As `groups`, with the matches of the first and the last word of each in `text` without accents."""
        found = list(_WORD.finditer(without_accents(text).replace("-", " ")))
        words = [one[0] for one in found]
        at = before = 0  # `before`: how many groups in a row carried digits
        while at < len(words):
            digits, used = self._digits_at(words, at, before)
            yield digits, found[at], found[at + max(used, 1) - 1]
            before = before + 1 if digits else 0
            at += max(used, 1)

    def digits_at(self, words: Sequence[str], at: int) -> tuple[str, int]:
        """The digits that begin at word `at` and how many words they take, whatever stood before."""
        return self._digits_at(words, at, before=0)

    def _digits_at(self, words: Sequence[str], at: int, before: int) -> tuple[str, int]:
        """The digits that begin at word `at` and how many words they take; "" and 0 when there are none."""
        word, said = words[at], self.words
        if word.isdecimal() or word == "+":
            return word, 1
        if word in said.zeros:
            return "0", 1
        if word in said.plus:
            return ("+", 1) if self._carries_digit(words, at + 1) else ("", 0)
        if word in said.spoken_zeros:
            return ("0", 1) if before or self._carries_digit(words, at + 1) else ("", 0)
        if word in said.times:
            return self._repeated(words, at)
        if word in said.sounds_like:
            return (said.sounds_like[word], 1) if self._is_among_digits(words, at, before) else ("", 0)
        if word in said.ones and self._is_pronoun(words, at, before):
            return "", 0
        return self._number_at(words, at)

    def _carries_digit(self, words: Sequence[str], at: int) -> bool:
        if at >= len(words):
            return False
        word, said = words[at], self.words
        known = (self._small, said.zeros, said.spoken_zeros, said.times, said.named)
        return word.isdecimal() or any(word in table for table in known)

    def _is_among_digits(self, words: Sequence[str], at: int, before: int) -> bool:
        """Whether "too", "for" stand between digits, or end a number that is nearly whole."""
        after = next((i for i in range(at, len(words)) if words[i] not in self.words.sounds_like), len(words))
        ends_a_number = after == len(words) and before + after - at >= _LOCAL_NUMBER
        return before >= 2 and (ends_a_number or self._carries_digit(words, after))

    def _is_pronoun(self, words: Sequence[str], at: int, before: int) -> bool:
        """ "the one i gave you", "one moment": not a digit."""
        if before or self._carries_digit(words, at + 1):
            return False
        after = words[at + 1] if at + 1 < len(words) else ""
        return after in self.words.not_counted or (at > 0 and words[at - 1] in self.words.pointing)

    def _repeated(self, words: Sequence[str], at: int) -> tuple[str, int]:
        """ "double five" is two of them, "triple four" three."""
        following = words[at + 1] if at + 1 < len(words) else ""
        is_zero = following in self.words.zeros | self.words.spoken_zeros
        digit = "0" if is_zero else str(self.words.units.get(following, ""))
        if following.isdecimal() and len(following) == 1:
            digit = following
        return (digit * self.words.times[words[at]], 2) if digit else ("", 0)

    def _number_at(self, words: Sequence[str], at: int) -> tuple[str, int]:
        """ "twenty three" -> 23, "eight hundred" -> 800, "fifty five hundred" -> 5500, "two thousand" -> 2000."""
        said = self.words
        if words[at] in said.named:
            value, used = self._small_at(words, at + 1)
            return str(said.named[words[at]] + value), 1 + used
        value, used = self._small_at(words, at)
        scale = words[at + used] if used and at + used < len(words) else ""
        if scale in said.thousands:
            return str(value * 1000), used + 1
        if scale in said.hundreds:
            more, more_used = self._after_and(words, at + used + 1)
            return str(value * 100 + more), used + 1 + more_used
        return (str(value), used) if used else ("", 0)

    def _after_and(self, words: Sequence[str], at: int) -> tuple[int, int]:
        """ "and twenty three" behind a hundred; without the "and" it is the next group."""
        if at >= len(words) or words[at] not in self.words.joins:
            return 0, 0
        value, used = self._small_at(words, at + 1)
        return (value, used + 1) if used else (0, 0)

    def _small_at(self, words: Sequence[str], at: int) -> tuple[int, int]:
        """A number below a hundred, and how many words it takes."""
        value = self._small.get(words[at]) if at < len(words) else None
        if value is None:
            return 0, 0
        if words[at] not in self.words.tens or at + 1 >= len(words):
            return value, 1
        joined = words[at + 1] in self.words.joins and not self.words.hundreds
        unit = self.words.units.get(words[at + 1 + joined]) if at + 1 + joined < len(words) else None
        return (value + unit, 2 + joined) if unit else (value, 1)
