"""Whom a caller asks for: a name or department of the directory in words that may be misheard. Pure.

A recogniser writes an unknown name as the common words it sounds like ("steve colosky", "prayer rack of an"), so
every run of words is compared with every name, by its letters and by its sound, spaces left out. Of 122 spoken
requests for 32 hard names through Vosk, the right one was first in 90 % (letters alone 79 %, sound alone 82 %; with
espeak's phonemes for the sound 93 %, which a room without engines cannot ask for). docs/transfer.md has the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import jellyfish
from rapidfuzz.distance import Levenshtein

from appliance.business import Business, Entry
from appliance.conversation.connecting import Caller
from appliance.conversation.directory_words import LANGUAGES
from appliance.conversation.names import name_heard
from appliance.conversation.numbers import digits_heard

SURE: Final = 0.75
"""At this likeness nobody else was meant: none of 44 requests for people who are not there reached it."""
MAYBE: Final = 0.6
"""From here on it is worth asking: 3 of the 44 come so near, and 13 of 122 misheard names are saved."""
_MARGIN: Final = 0.03
_SHORTNESS: Final = 0.35  # what a short name loses: three letters are hit by accident, ten are not
_RUN_WORDS_MAX: Final = 6
_MATCHES_MAX: Final = 3
_RETOLD_WORDS_MAX: Final = 15
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|&")


@dataclass(frozen=True, slots=True)
class Found:
    """Who may be meant, most likely first; `is_sure` when there is no need to ask. Empty: nobody we know."""

    entries: tuple[Entry, ...] = ()
    is_sure: bool = False


@dataclass(frozen=True, slots=True)
class _Name:
    entry: Entry
    letters: str
    sound: str


class Directory:
    """Everybody of one business, by every name. Made once, used by all calls."""

    def __init__(self, business: Business) -> None:
        self._language = business.language
        self._words = LANGUAGES.get(business.language, LANGUAGES["en"])
        self._asking = re.compile("|".join(self._words.asking))
        self._entries = business.directory
        self._names = [
            _Name(entry, letters, _sound_of(letters))
            for entry in business.directory
            for letters in sorted({_squashed(form) for form in self._forms(entry)} - {""})
        ]

    def __deepcopy__(self, _: dict[int, object]) -> Directory:
        """Sessions are copied to try things on; a directory never changes."""
        return self

    def asks_for_somebody(self, text: str) -> bool:
        """Whether `text` asks to be put through, whoever is meant; a name in passing is no request."""
        return bool(self._asking.search(text.lower()))

    def find(self, text: str) -> Found:
        """Who is asked for in `text` (lower-case words of the recogniser)."""
        words = _WORD.findall(text.lower())
        if by_number := self._by_extension(words):
            return Found((by_number,), is_sure=True)
        likeness: dict[str, float] = {}
        for run in self._runs(words):
            for name, like in self._alike(run):
                likeness[name.entry.id] = max(like, likeness.get(name.entry.id, 0.0))
        return self._most_likely(likeness)

    def caller_in(self, text: str) -> Caller:
        """Who calls and why, as far as `text` says: "it's ann miller about my oil light"."""
        found = re.search(self._words.about, text.lower())
        name = name_heard(text[: found.start()] if found else text, language=self._language)
        return Caller(name or "", self.matter_in(text))

    def matter_in(self, text: str) -> str:
        """Why somebody calls, in words for a colleague: "about my oil light" is about "their oil light"."""
        found = re.search(self._words.about, text.lower())
        return self.retold(found[1]) if found else ""

    def retold(self, matter: str) -> str:
        """A caller's own words as a colleague is told them, no longer than one can listen to."""
        told = " ".join(matter.split()[:_RETOLD_WORDS_MAX]).lower()
        for said, instead in self._words.turned:
            told = re.sub(said, instead, told)
        return told

    # --- names ----------------------------------------------------------------------------------

    def _forms(self, entry: Entry) -> Iterator[list[str]]:
        """All the ways to say an entry: whole, by the names in it, and as the file says."""
        spoken = self._said(entry.spoken)
        yield [word for word in spoken if word not in self._words.around]
        titles = set(self._words.written.values())
        names = [word for word in _WORD.findall(entry.spoken) if word[0].isupper()]
        for name in names:
            yield [word for word in self._said(name) if word not in titles]
        for other in (*entry.words, *entry.sounds_like):
            yield [word for word in self._said(other) if word not in self._words.around]

    def _said(self, text: str) -> list[str]:
        return [self._words.written.get(word, word) for word in _WORD.findall(text.lower())]

    # --- likeness -------------------------------------------------------------------------------

    def _by_extension(self, words: list[str]) -> Entry | None:
        said = next((at for at, word in enumerate(words) if word in self._words.extension), None)
        if said is None:
            return None
        digits = digits_heard(" ".join(words[said + 1 :]), self._language)
        return next((entry for entry in self._entries if digits and entry.extension == digits), None)

    def _runs(self, words: list[str]) -> Iterator[str]:
        """Every run of words that may be a name, its letters only; one that only asks is none."""
        seen: set[str] = set()
        for first in range(len(words)):
            for end in range(first + 1, min(len(words), first + _RUN_WORDS_MAX) + 1):
                run = words[first:end]
                letters = _squashed(run)
                if letters not in seen and not self._words.around.issuperset(run):
                    seen.add(letters)
                    yield letters

    def _alike(self, letters: str) -> Iterator[tuple[_Name, float]]:
        sound = _sound_of(letters)
        for name in self._names:
            if abs(len(letters) - len(name.letters)) > len(name.letters):
                continue
            spelled = Levenshtein.normalized_similarity(letters, name.letters)
            sounded = Levenshtein.normalized_similarity(sound, name.sound)
            like = (spelled + sounded) / 2 - _SHORTNESS / len(name.letters)
            if like >= MAYBE:
                yield name, like

    def _most_likely(self, likeness: dict[str, float]) -> Found:
        if not likeness:
            return Found()
        best = max(likeness.values())
        near = sorted((-like, entry_id) for entry_id, like in likeness.items() if like >= best - _MARGIN)
        entries = {entry.id: entry for entry in self._entries}
        found = tuple(entries[entry_id] for _, entry_id in near[:_MATCHES_MAX])
        return Found(found, is_sure=best >= SURE and len(found) == 1)


def _squashed(words: list[str]) -> str:
    return "".join(words).replace("'", "").replace("’", "")


def _sound_of(letters: str) -> str:
    """The consonants as they sound (metaphone): "colosky" and "kowalski" are KLSK and KWLSK."""
    return jellyfish.metaphone(letters)
