"""Finds payment card numbers in what was heard, said all at once or in pieces, and says which words to take out.

A card number is 13 to 19 digits with a check digit (ISO/IEC 7812-1, annex B: Luhn). One number in ten that is none
passes as well, and one digit misheard makes a real one fail: so what passes goes, and beside talk of a card as many
digits go without passing. What is heard is digits as people say them (conversation/digits).
"""

from __future__ import annotations

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


def is_card(digits: str) -> bool:
    """Whether `digits` are as many as a card has, begin as cards do, and pass the check."""
    return DIGITS_MIN <= len(digits) <= DIGITS_MAX and digits[0] in "23456" and _passes(digits)


def _passes(digits: str) -> bool:
    doubled = [int(one) * (1 + at % 2) for at, one in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def without_cards(text: str, language: str) -> str:
    """`text` with a mark where a card number stands in it."""
    found = _digits_in(text, language)
    beside_talk = bool(recording_words(language).of_a_card.search(text.lower()))
    return found.masked() if found is not None and _is_told(found.digits, beside_talk=beside_talk) else text


@dataclass(frozen=True, slots=True)
class _Digits:
    """The digits of a text, and where in it they begin and end."""

    text: str
    digits: str
    start: int
    end: int

    def masked(self) -> str:
        return f"{self.text[: self.start]}{PRIVATE}{self.text[self.end :]}"

    @property
    def are_nearly_all(self) -> bool:
        rest = self.text[: self.start] + self.text[self.end :]
        return len(rest.split()) <= 2


def _digits_in(text: str, language: str) -> _Digits | None:
    places = [(digits, a, b) for digits, a, b in reader_of(language).places(text) if digits.strip("+")]
    if not places:
        return None
    digits = "".join(digits for digits, _, _ in places).replace("+", "")
    if len(without_accents(text)) != len(text):  # places would be wrong: all of it goes
        return _Digits(text, digits, 0, len(text))
    return _Digits(text, digits, places[0][1].start(), places[-1][2].end())


def _is_told(digits: str, *, beside_talk: bool) -> bool:
    """Whether a card number is among the digits of one text."""
    if beside_talk and len(digits) >= _DIGITS_BESIDE_TALK_MIN:
        return True
    sizes = range(DIGITS_MIN, min(len(digits), DIGITS_MAX) + 1)
    return any(is_card(digits[at : at + size]) for size in sizes for at in range(len(digits) - size + 1))


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
        words, said = recording_words(self._language), text.lower()
        self._talks_of_card = bool(words.of_a_card.search(said)) or (
            self._talks_of_card and bool(self._pieces)
        )
        found = _digits_in(text, self._language)
        if found is None:
            self._pieces = ()
            return None
        if _is_told(found.digits, beside_talk=self._talks_of_card and not asked_for_digits):
            return self._found(found)
        if watched and (found.are_nearly_all or words.of_its_parts.search(said)):
            return CardFound(found.masked())
        return None if asked_for_digits else self._piece(found)

    def _piece(self, found: _Digits) -> CardFound | None:
        """Perhaps the next piece of a number that was begun before: digits, and but for the first nothing else."""
        before = self._pieces if found.are_nearly_all else ()
        self._pieces = (*before, found.digits)[-_PIECES_MAX:]
        for count in range(2, len(self._pieces) + 1):
            if self._makes_card("".join(self._pieces[-count:])):
                return self._found(found, tuple(range(-count + 1, 0)))
        return None

    def _makes_card(self, digits: str) -> bool:
        long_enough = _DIGITS_BESIDE_TALK_MIN <= len(digits) <= DIGITS_MAX
        return is_card(digits) or (self._talks_of_card and long_enough)

    def _found(self, found: _Digits, earlier: tuple[int, ...] = ()) -> CardFound:
        self._pieces, self._watched_turns, self._talks_of_card = (), _WATCHED_TURNS, False
        return CardFound(found.masked(), earlier)
