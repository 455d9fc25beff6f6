"""Finds payment card numbers in what was heard, said all at once or in pieces, and says which words to take out.

A card number is 13 to 19 digits with a check digit (ISO/IEC 7812-1, annex B: Luhn). One number in ten that is none
passes as well, and one digit misheard makes a real one fail: so what passes goes, and beside talk of a card as many
digits go without passing. What is heard is digits as people say them (conversation/digits).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from appliance.conversation.digits import reader_of, without_accents
from appliance.conversation.recording_words import recording_words
from appliance.domain.recording import PRIVATE

DIGITS_MIN: Final = 13
DIGITS_MAX: Final = 19
_DIGITS_BESIDE_TALK_MIN: Final = 12  # one may have been swallowed by the recogniser
_PIECES_MAX: Final = 5  # four groups of four, and one said again
_WATCHED_TURNS: Final = 2  # after a card: its date and code
_FOREIGN_WORDS: Final = 2  # digits taken for other words, where the talk is of a card
_WORDS_BESIDE_DIGITS: Final = 2


def is_card(digits: str) -> bool:
    """Whether `digits` are as many as a card has, begin as cards do, and pass the check."""
    return DIGITS_MIN <= len(digits) <= DIGITS_MAX and digits[0] in "23456" and _passes(digits)


def _passes(digits: str) -> bool:
    doubled = [int(one) * (1 + at % 2) for at, one in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def without_cards(text: str, language: str) -> str:
    """`text` with a mark where a card number stands in it."""
    return _masked(text, _cards_in(text, language, of_a_card=_talks_of_card(text, language)))


def _talks_of_card(text: str, language: str) -> bool:
    return bool(recording_words(language).of_a_card.search(text.lower()))


@dataclass(frozen=True, slots=True)
class _Run:
    """Digits of a text that belong together, and where in it they begin and end."""

    digits: str
    start: int
    end: int


def _runs(text: str, language: str, *, foreign_words: int = 0) -> list[_Run]:
    """The digits of `text`; `foreign_words` may stand within a run, beside those that say nothing."""
    reader, runs, foreign = reader_of(language), list[_Run](), foreign_words + 1
    is_composed = len(without_accents(text)) == len(text)  # else places would be wrong: all of it goes
    for digits, first, last in reader.places(text):
        if not digits.strip("+"):
            foreign += first[0] not in reader.words.between
            continue
        start, end = (first.start(), last.end()) if is_composed else (0, len(text))
        before = runs.pop() if foreign <= foreign_words else _Run("", start, start)
        runs.append(_Run((before.digits + digits).replace("+", ""), before.start, end))
        foreign = 0
    return runs


def _cards_in(text: str, language: str, *, of_a_card: bool) -> list[_Run]:
    """Runs with a card number in them. Where the talk is of a card it may be misheard here and there."""
    runs = _runs(text, language, foreign_words=_FOREIGN_WORDS if of_a_card else 0)
    return [one for one in runs if _is_told(one.digits, of_a_card=of_a_card)]


def _is_told(digits: str, *, of_a_card: bool) -> bool:
    if of_a_card and len(digits) >= _DIGITS_BESIDE_TALK_MIN:
        return True
    sizes = range(DIGITS_MIN, min(len(digits), DIGITS_MAX) + 1)
    return any(is_card(digits[at : at + size]) for size in sizes for at in range(len(digits) - size + 1))


def _masked(text: str, runs: Sequence[_Run]) -> str:
    for one in reversed(runs):
        text = f"{text[: one.start]}{PRIVATE}{text[one.end :]}"
    return text


def _says_little_else(text: str, runs: Sequence[_Run]) -> bool:
    return len(_masked(text, runs).replace(PRIVATE, "").split()) <= _WORDS_BESIDE_DIGITS


@dataclass(frozen=True, slots=True)
class CardFound:
    """What is to go: the words now stand in `text`; of earlier turns these, -1 being the one before."""

    text: str
    earlier: tuple[int, ...] = ()


class CardWatch:
    """One caller's words, turn after turn."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._pieces: tuple[str, ...] = ()  # digits of the last turns that were nothing else
        self._watched_turns = 0
        self._talks_of_card = False

    def heard(self, text: str, *, asked_for_digits: bool = False) -> CardFound | None:
        """The next turn; None when nothing of it is to go.

        `asked_for_digits`: we asked for a number of another kind, so pieces of it make no card.
        """
        watched, self._watched_turns = self._watched_turns > 0, max(self._watched_turns - 1, 0)
        goes_on = self._talks_of_card and bool(self._pieces)
        self._talks_of_card = _talks_of_card(text, self._language) or goes_on
        runs = _runs(text, self._language)
        if not runs:
            self._pieces = ()
            return None
        talks = self._talks_of_card and not asked_for_digits
        if cards := _cards_in(text, self._language, of_a_card=talks):
            return self._found(text, cards)
        beside = recording_words(self._language).of_its_parts.search(text.lower())
        if watched and (beside or _says_little_else(text, runs)):
            return CardFound(_masked(text, runs))
        return None if asked_for_digits else self._piece(text, runs)

    def _piece(self, text: str, runs: list[_Run]) -> CardFound | None:
        """Perhaps the next piece of a number that was begun before: digits, and but for the first nothing else."""
        before = self._pieces if _says_little_else(text, runs) else ()
        self._pieces = (*before, "".join(one.digits for one in runs))[-_PIECES_MAX:]
        for count in range(2, len(self._pieces) + 1):
            if self._makes_card("".join(self._pieces[-count:])):
                return self._found(text, runs, tuple(range(-count + 1, 0)))
        return None

    def _makes_card(self, digits: str) -> bool:
        long_enough = _DIGITS_BESIDE_TALK_MIN <= len(digits) <= DIGITS_MAX
        return is_card(digits) or (self._talks_of_card and long_enough)

    def _found(self, text: str, runs: list[_Run], earlier: tuple[int, ...] = ()) -> CardFound:
        self._pieces, self._watched_turns, self._talks_of_card = (), _WATCHED_TURNS, False
        return CardFound(_masked(text, runs), earlier)
