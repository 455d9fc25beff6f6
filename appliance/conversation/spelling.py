"""Letters as people spell them: "m i double l e r", "k as in kilo", "kilo india lima", "s for sugar".

Single letters are believed, names of letters ("are", "why") only among other letters, words of an alphabet when
there are several or when they follow their letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from appliance.conversation.digits import without_accents
from appliance.conversation.languages import language_named
from appliance.conversation.languages.tables import Letters

SPELLED_LETTERS_MIN: Final = 3


@dataclass(frozen=True, slots=True)
class Run:
    """Letters spelled one after the other, and how many words they take. `sure` when no other words can be meant."""

    letters: str
    words: int
    sure: bool


def spelled(text: str, language: str = "en") -> str | None:
    """The longest stretch of spelled letters in `text`, lower case, "-" and "'" among them; None without one."""
    alphabets = language_named(language).letters.alphabets
    words = [
        part
        for word in without_accents(text).split()
        for part in ([word] if word in alphabets else word.replace("-", " - ").split())
    ]
    runs = [run_at(words, at, language) for at in range(len(words))]
    found = [run.letters for run in runs if run.sure or len(run.letters) >= SPELLED_LETTERS_MIN]
    return max(found, key=len, default=None)


def run_at(words: Sequence[str], at: int, language: str = "en") -> Run:
    """The letters that are spelled from word `at` on; none when the word begins no spelling."""
    return _speller_of(language).run(words, at)


@cache
def _speller_of(language: str) -> _Speller:
    letters = language_named(language).letters
    return _Speller(letters)


class _Speller:
    """Reads letters by one language's tables."""

    def __init__(self, letters: Letters) -> None:
        self._known = letters

    def run(self, words: Sequence[str], start: int) -> Run:
        letters, at, sure, bare, plain = "", start, False, 0, 0
        while at < len(words):
            letter, used, is_sure, is_bare = self._letter(words, at, among=plain > 0)
            if not letter and letters and words[at] in self._known.fillers:
                at += 1
                continue
            if not letter or (letter in "-'" and not letters):
                break
            sure, bare, plain = sure or is_sure, bare + is_bare, plain + (not is_bare)
            letters += letter
            at += used
        while at > start and words[at - 1] in self._known.fillers:
            at -= 1
        if bare and not self._are_spelling(words[start:at], plain):
            return Run("", 0, sure=False)
        return Run(letters, at - start, sure or (bare >= SPELLED_LETTERS_MIN))

    def _are_spelling(self, words: Sequence[str], plain: int) -> bool:
        """Whether words of an alphabet are spelling: among letters, or too many to be a name."""
        known = [word for word in words if word in self._known.alphabets]
        return plain >= SPELLED_LETTERS_MIN - 1 or (
            len(known) >= SPELLED_LETTERS_MIN and any(word not in self._known.names_too for word in known)
        )

    def _letter(self, words: Sequence[str], at: int, *, among: bool) -> tuple[str, int, bool, bool]:
        """One letter, the words it takes, whether it was said what for, whether only an alphabet's word stood."""
        word, known = words[at], self._known
        following = words[at + 1] if at + 1 < len(words) else ""
        if word in known.repeated:
            letter, used, _, _ = (
                self._letter(words, at + 1, among=True) if following else ("", 0, False, False)
            )
            if following == known.double_u[0]:
                return known.double_u[1], 2, False, False
            return (
                (letter * known.repeated[word], 1 + used, False, False) if letter else ("", 0, False, False)
            )
        if word in known.signs:
            return known.signs[word], 1, False, False
        if len(word) == 1 and word.isalpha():
            used, is_sure = self._with_its_word(words, at)
            return word, used, is_sure, False
        if word in known.spoken and among and (not following or self._goes_on(words, at + 1)):
            return known.spoken[word], 1, False, False
        if word in known.alphabets:
            return known.alphabets[word], 1, False, True
        return "", 0, False, False

    def _goes_on(self, words: Sequence[str], at: int) -> bool:
        """Whether a letter, or another of its names, stands at `at`."""
        word = words[at]
        return (
            (len(word) == 1 and word.isalpha()) or word in self._known.repeated or word in self._known.spoken
        )

    def _with_its_word(self, words: Sequence[str], at: int) -> tuple[int, bool]:
        """How many words "m as in mike" takes, and whether it was one; "as in" takes any word, "for" its own."""
        letter = words[at]
        for way in self._known.as_in:
            size = len(way)
            if tuple(words[at + 1 : at + 1 + size]) == way and len(words) > at + 1 + size:
                word = words[at + 1 + size]
                if size > 1 or (word.startswith(letter) and len(word) > 1):
                    return size + 2, size > 1
        following = words[at + 1] if at + 1 < len(words) else ""
        if self._known.alphabets.get(following) == letter:
            return 2, True
        return 1, False
