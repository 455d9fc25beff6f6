"""The caller's name: heard in a sentence, alone, or spelled; never guessed out of something else.

A recogniser gives lower-case words, so what is a name must be told by what is not: the words that introduce
it, the words that end it, and the common words no name consists of. Who is known (a directory, the caller's own
record) is believed before what was heard, when the two sound alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import takewhile
from typing import Final

import jellyfish

from appliance.conversation.digits import digits_heard, without_accents
from appliance.conversation.languages import language_named
from appliance.conversation.languages.tables import NameWords
from appliance.conversation.spelling import SPELLED_LETTERS_MIN, run_at

NAME_WORDS_MAX: Final = 4
_ALIKE_MIN: Final = 0.5
_SOUNDS_ALIKE_MIN: Final = 0.84
_MARGIN_MIN: Final = 0.03
_SPELLED = "spelled"

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+|\?")
_NOT_TITLES: Final = frozenset({"mac", "mack", "mach", "macy", "macey"})


@dataclass(frozen=True, slots=True)
class _Talk:
    """How a language gives names: its tables with their patterns ready to use."""

    words: NameWords
    told: re.Pattern[str]
    maybe_told: re.Pattern[str]
    first_name: re.Pattern[str]
    last_name: re.Pattern[str]
    with_a_letter: re.Pattern[str]
    correction: re.Pattern[str]


@cache
def _talk_of(language: str) -> _Talk:
    words = language_named(language).names
    return _Talk(
        words=words,
        told=re.compile(words.told),
        maybe_told=re.compile(words.maybe_told),
        first_name=re.compile(words.first_name),
        last_name=re.compile(words.last_name),
        with_a_letter=re.compile(words.with_a_letter),
        correction=re.compile(words.correction),
    )


def name_heard(text: str, known: Sequence[str] = (), language: str = "en") -> str | None:
    """The name in `text`, in title case, at most NAME_WORDS_MAX words; None when there is none to be sure of.

    Spelled letters ("m i double l e r", "m as in mike") win over the word that was heard. Of `known` names one
    that sounds like what was heard is given back as it is written there. Questions, a yes or no, digits, and
    refusals ("i don't want to say") are no names.
    """
    talk = _talk_of(language)
    words = _WORD.findall(talk.with_a_letter.sub("", text.lower().replace("’", "'")))
    heard = " ".join(words)
    if corrected := list(talk.correction.finditer(heard)):
        later = name_heard(heard[corrected[-1].end() :], known, language)
        if later:
            return later
    words, spelled = _without_spelling(words, language)
    found = _spoken_name(words, talk, _words_of(known))
    named = _with_spelling(found, spelled)
    if not 0 < len(named) <= NAME_WORDS_MAX:
        return None
    return name_known(" ".join(named), known) or " ".join(_titled(word) for word in named)


def _words_of(names: Sequence[str]) -> frozenset[str]:
    return frozenset(word for name in names for word in name.lower().split())


def _spoken_name(words: list[str], talk: _Talk, known: frozenset[str]) -> list[str]:
    """The words of the name that was said, [] when nothing is certain to be one."""
    heard = " ".join(words)
    first, last = talk.first_name.search(heard), talk.last_name.search(heard)
    if first and last:
        both = [*first[1].split(), *last[1].split()]
        return both if _could_be_name(both, talk, known) else []
    if told := list(talk.told.finditer(heard)):
        return _name_at_start(heard[told[-1].end() :].split(), talk, known)
    plain = _name_at_start(words, talk, known)
    if plain or not (maybe := list(talk.maybe_told.finditer(heard))):
        return plain
    return _name_at_start(heard[maybe[0].end() :].split(), talk, known)


def _name_at_start(words: Sequence[str], talk: _Talk, known: frozenset[str]) -> list[str]:
    """The words up to the first that ends a name, if all of them can be one."""
    at = next((at for at, word in enumerate(words) if word not in talk.words.openings), len(words))
    words = words[at:]
    if not words or words[0] in talk.words.questions or "?" in words:
        return []
    name = list(takewhile(lambda word: word not in talk.words.endings, words))
    return name if _could_be_name(name, talk, known) else []


def _could_be_name(words: Sequence[str], talk: _Talk, known: frozenset[str]) -> bool:
    if not 0 < len(words) <= NAME_WORDS_MAX or digits_heard(" ".join(words)):
        return False
    letters = "".join(words).replace("-", "").replace("'", "")
    first, last = words[:-1], words[-1]
    plain = first if first and last in talk.words.surnames_too else words
    is_common = any(word in talk.words.no_names and word not in known for word in plain)
    return letters.isalpha() and len(letters) > 1 and not is_common


# --- spelling -----------------------------------------------------------------------------------


def _without_spelling(words: list[str], language: str) -> tuple[list[str], list[str]]:
    """The words without what was spelled, and each word that was spelled."""
    kept: list[str] = []
    spelled: list[str] = []
    at = 0
    while at < len(words):
        run = run_at(words, at, language)
        if len(run.letters) >= SPELLED_LETTERS_MIN or (run.sure and run.letters):
            spelled.append(run.letters)
            kept.append(_SPELLED)
            at += run.words
        else:
            kept.append(words[at])
            at += 1
    return kept, spelled


def _with_spelling(found: Sequence[str], spelled: Sequence[str]) -> list[str]:
    """`found` with each spelled word in the place of the one it spells, or after the others."""
    named = list(found)
    replaced: set[int] = set()
    for word in spelled:
        likeness = [(SequenceMatcher(None, word, heard).ratio(), at) for at, heard in enumerate(named)]
        free = [one for one in likeness if one[1] not in replaced]
        best, at = max(free, default=(0.0, 0))
        if best >= _ALIKE_MIN:
            named[at] = word
        else:
            named.append(word)
            at = len(named) - 1
        replaced.add(at)
    return named


# --- who is known -------------------------------------------------------------------------------


def name_known(heard: str, known: Sequence[str]) -> str | None:
    """The one of `known` that sounds like `heard`, whole or by one of its words; None when none or several do.

    "catherine" is "Kathryn Weiss" when there is only one such; "jane meyer" is "Jane Maier".
    """
    scored = sorted(((_likeness(heard, name), name) for name in known), reverse=True)
    if not scored or scored[0][0] < _SOUNDS_ALIKE_MIN:
        return None
    rivals = [score for score, name in scored[1:] if name != scored[0][1]]
    return scored[0][1] if not rivals or scored[0][0] - rivals[0] >= _MARGIN_MIN else None


def _likeness(heard: str, name: str) -> float:
    """How alike two names sound, 0 to 1: each word that was heard with the best word of the name."""
    words, parts = without_accents(heard).split(), without_accents(name).split()
    if not words or not parts or len(words) > len(parts):
        return _sound_likeness("".join(words), "".join(parts))
    return min(max(_sound_likeness(word, part) for part in parts) for word in words)


@cache
def _sound_likeness(word: str, part: str) -> float:
    """Spelling (Jaro-Winkler) and sound (Metaphone) together: 1 for the same word, 0.9 for the same sound."""
    if word == part:
        return 1.0
    sounds = _sound(word), _sound(part)
    spelling = jellyfish.jaro_winkler_similarity(word, part)
    sound = jellyfish.jaro_winkler_similarity(*sounds) if all(sounds) else 0.0
    if sounds[0] == sounds[1] and len(sounds[0]) > 1:
        return max(0.9, spelling)
    return min(0.95, 0.5 * (spelling + sound))


def _sound(word: str) -> str:
    """Metaphone without its half-vowels behind the first sound: "meyer" and "maier" are both MR."""
    code = jellyfish.metaphone(word)
    return code[:1] + re.sub("[YWH ]", "", code[1:])


# --- writing ------------------------------------------------------------------------------------


def _titled(word: str) -> str:
    """ "o'brien" -> "O'Brien", "mary-jane" -> "Mary-Jane", "mcdonald" -> "McDonald"."""
    parts = re.split(r"([-'])", word)
    if len(parts) > 2 and parts[1] == "'" and len(parts[0]) > 1:  # "d'angelo" has two capitals, "jane's" one
        return word.capitalize()
    return "".join(_capital(part) for part in parts)


def _capital(part: str) -> str:
    if part.startswith("mc") and len(part) > 3 and part not in _NOT_TITLES:
        return f"Mc{part[2:].capitalize()}"
    return part.capitalize()
