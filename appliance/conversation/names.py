"""The caller's name: heard in a sentence, alone, or spelled; never guessed out of something else.

A recogniser gives lower-case words, so what is a name must be told by what is not: the words that introduce
it, the words that end it, and the common words no name consists of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Final

from appliance.conversation.numbers import digits_heard

NAME_WORDS_MAX: Final = 4
_SPELLED_LETTERS_MIN: Final = 3
_ALIKE_MIN: Final = 0.5

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+|\?")
_WITH_A_LETTER = re.compile(
    r"\bwith(?:out)? (?:an?|one|two) \w+\b"
)  # "smith with a y": the spelling says it all
_CORRECTION = re.compile(r"\b(?:sorry|i mean|i meant|no wait|actually|correction|make that)\b")
_FIRST_NAME = re.compile(r"\b(?:first|given) name(?:'s| is)? (?!and\b)(\w+)")
_LAST_NAME = re.compile(r"\b(?:last|family|sur) ?name(?:'s| is)? (?!and\b)([\w' -]+?)(?= and\b| first\b|$)")
_TOLD = re.compile(
    r"\b(?:(?:the|my|your|full|last|first) name(?:'s| is| would be)?(?: actually)?|name is|name's|call me"
    r"|put (?:it|me|that) under|under(?: the name(?: of)?)?|you're speaking (?:to|with)|speaking with)\s+"
)
_MAYBE_TOLD = re.compile(
    r"\b(?:this is|this's|i'm|i am|it's|it is|that's|that is|it'd be|(?:that|it) would be|for|with)\s+"
)

_OPENINGS: Final = frozenset(
    "yes yeah yep yup sure okay ok right well oh uh um er ah hi hello hey so and no nope please just my"
    " the mister missus miss mr mrs ms misses good morning afternoon evening alright certainly".split()
)
_ENDINGS: Final = frozenset(
    "and calling from here speaking please thanks thank with at not but my number phone i'm i its is's"
    " for spelled spelt that's that to on as or who it's is was again sir ma'am because i'd i've by".split()
)
_NO_NAMES: Final = frozenset(
    "a about above address after again ago ahead all almost already also always am an anonymous another"
    " any anybody anyone anything anyway appointment are around asap ask asking available away back bad"
    " battery be because been before being better between big bit book booking both brake brakes bring"
    " broken business busy but by call called can can't cancel cannot car cars change check checking"
    " close closed come coming complicated confidential correct cost could couldn't curious customer cut"
    " date day days did didn't different difficult do does doesn't doing dollars don't done double down"
    " driving each early eight eleven emergency engine er estimate even ever every everything exactly"
    " far fast fine first five flat for forget forgot four friday from full fun get getting give go goes"
    " going gone gonna good got great guess had half happy hard has have haven't having he hear help her"
    " here him his hold home hope hoping hour hours how hundred i i'd i'll i've idea if important in"
    " information inspection interested into is isn't it it's job just kind know last late later leave"
    " let letter letters light like little long look looking lost lot make many matter maybe me mean"
    " message mind minute moment monday money month more morning much must my myself name need needed"
    " needs never new next nice nine no nobody noise none noon not nothing now number of off office oh"
    " oil okay old on once one only open or order other our out over own part pass personal phone pick"
    " please pretty price private problem question questions quick quite rather ready real really repair"
    " right running said same saturday say saying secret see service seven she should sick sir six so"
    " some somebody someone something soon sorry speak spell spelled stop stuck such sunday sure take"
    " talk tell ten than thank thanks that that's the their them then there these they thing things"
    " think thirty this those thousand three thursday time tire tired tires to today tomorrow tonight"
    " too truck trying tuesday twelve twenty two uh um under unknown until up urgent us used vehicle"
    " very wait waiting want wanted wanting wants was wasn't way we wednesday week weeks well were what"
    " what's whatever when where which while who why with won't wondering work working works would"
    " wouldn't wrong year years yes yesterday yet you you'd you're your yours zero".split()
)
_QUESTIONS: Final = frozenset(
    "what what's why who how when where which do does did is are can could would".split()
)
_SPACES: Final = {"dash": "-", "hyphen": "-", "apostrophe": "'"}
_NOT_TITLES: Final = frozenset({"mac", "mack", "mach", "macy", "macey"})


def name_heard(text: str) -> str | None:
    """The name in `text`, in title case, at most NAME_WORDS_MAX words; None when there is none to be sure of.

    Spelled letters ("m i double l e r", "m as in mike") win over the word that was heard. Questions, a yes or
    no, digits, and refusals ("i don't want to say") are no names.
    """
    words = _WORD.findall(_WITH_A_LETTER.sub("", text.lower().replace("’", "'")))
    heard = " ".join(words)
    if corrected := list(_CORRECTION.finditer(heard)):
        later = name_heard(heard[corrected[-1].end() :])
        if later:
            return later
    words, spelled = _without_spelling(words)
    found = _spoken_name(words)
    named = _with_spelling(found, spelled)
    return " ".join(_titled(word) for word in named) if 0 < len(named) <= NAME_WORDS_MAX else None


def _spoken_name(words: list[str]) -> list[str]:
    """The words of the name that was said, [] when nothing is certain to be one."""
    heard = " ".join(words)
    first, last = _FIRST_NAME.search(heard), _LAST_NAME.search(heard)
    if first and last:
        both = [*first[1].split(), *last[1].split()]
        return both if _could_be_name(both) else []
    if told := list(_TOLD.finditer(heard)):
        return _name_at_start(heard[told[-1].end() :].split())
    plain = _name_at_start(words)
    if plain or not (maybe := list(_MAYBE_TOLD.finditer(heard))):
        return plain
    return _name_at_start(heard[maybe[0].end() :].split())


def _name_at_start(words: Sequence[str]) -> list[str]:
    """The words up to the first that ends a name, if all of them can be one."""
    at = next((at for at, word in enumerate(words) if word not in _OPENINGS), len(words))
    words = words[at:]
    if not words or words[0] in _QUESTIONS or "?" in words:
        return []
    name = list(takewhile(lambda word: word not in _ENDINGS, words))
    return name if _could_be_name(name) else []


def _could_be_name(words: Sequence[str]) -> bool:
    if not 0 < len(words) <= NAME_WORDS_MAX or digits_heard(" ".join(words)):
        return False
    letters = "".join(words).replace("-", "").replace("'", "")
    return letters.isalpha() and len(letters) > 1 and not any(word in _NO_NAMES for word in words)


# --- spelling -----------------------------------------------------------------------------------


def _without_spelling(words: list[str]) -> tuple[list[str], list[str]]:
    """The words without what was spelled, and each word that was spelled."""
    kept: list[str] = []
    spelled: list[str] = []
    at = 0
    while at < len(words):
        letters, used, sure = _letters_at(words, at)
        if len(letters) >= _SPELLED_LETTERS_MIN or (sure and letters):
            spelled.append(letters)
            kept.append("spelled")
            at += used
        else:
            kept.append(words[at])
            at += 1
    return kept, spelled


def _letters_at(words: Sequence[str], at: int) -> tuple[str, int, bool]:
    """The letters that are spelled from word `at` on, the words they take, whether "as in" was said."""
    letters, start, sure = "", at, False
    while at < len(words):
        letter, used = _letter_at(words, at)
        if not letter or (letter in "-'" and not letters):
            break
        sure = sure or used >= 4
        letters += letter
        at += used
    return letters, at - start, sure


def _letter_at(words: Sequence[str], at: int) -> tuple[str, int]:
    """One spelled letter and the words it takes: "m", "m as in mike", "double l", "double u", "dash"."""
    word = words[at]
    following = words[at + 1] if at + 1 < len(words) else ""
    if word == "double" and len(following) == 1 and following.isalpha():
        return ("w" if following == "u" else following * 2), 2
    if word in _SPACES:
        return _SPACES[word], 1
    if len(word) != 1 or not word.isalpha():
        return "", 0
    if list(words[at + 1 : at + 3]) == ["as", "in"] and len(words) > at + 3:
        return word, 4
    if following in {"for", "like"} and len(words) > at + 2 and words[at + 2].startswith(word):
        return word, 3
    return word, 1


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
