"""How far what was heard in the call is from what the second look made of it: an estimate of the word errors.

The second text has errors too, so this is no word error rate against the truth; where it changes from one week to
the next something changed at the line or in the office.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rapidfuzz.distance import Levenshtein

from appliance.conversation.assent import words_of
from appliance.conversation.digits import in_figures
from appliance.domain.recording import NOT_KEPT, PRIVATE

_MARKS: Final = (PRIVATE, NOT_KEPT)


def comparable(text: str, language: str) -> list[str]:
    """The words of `text` as both recognisers might have written them: numbers as their digits, one by one."""
    words: list[str] = []
    for word in words_of(in_figures(text, language)):
        words += list(word) if word.isdecimal() else [word]
    return words


def edits(first: str, second: str, language: str) -> tuple[int, int]:
    """The words of `second`, and how many must be changed, added or struck out in `first` to come to it."""
    wanted = comparable(second, language)
    return len(wanted), Levenshtein.distance(comparable(first, language), wanted)


def word_errors(pairs: Sequence[tuple[str, str]], language: str) -> tuple[int, int]:
    """Words and errors of all pairs of a first and a second text that can be compared."""
    counted = [
        edits(first, second, language)
        for first, second in pairs
        if second and not any(mark in first for mark in _MARKS)
    ]
    return sum(words for words, _ in counted), sum(errors for _, errors in counted)
