"""Pieces of composed text to sentences, each as early as it is safe to say it.

The first piece may be a clause: a caller hears "We repair all makes of cars," while the rest is composed. The
comma stays, and the voice keeps its tone up. It must be safe to have said, whatever comes behind it.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST_CHARACTERS: Final = 220
"""A sentence longer than this is cut at a comma, so that a voice that waits for it does not fall silent."""

_ABBREVIATIONS: Final = frozenset(
    {"dr", "mr", "mrs", "ms", "prof", "jr", "sr", "st", "ave", "blvd", "rd", "hwy", "apt", "ste"}
    | {"inc", "ltd", "corp", "vs", "etc", "approx", "dept", "ext"}
)
# Marks that may end a sentence, with the quotes and brackets that close around them. After a full stop it
# matters what follows; an exclamation or question mark is sure as soon as a space is there.
_MARK: Final = re.compile(r"""(?P<stop>\.+["'”’)\]]*)(?=\s+\S)|[.!?…]*[!?…]["'”’)\]]*(?=\s)|[。！？]|\n""")
_LAST_WORD: Final = re.compile(r"""[^\s("'“‘\[]*$""")
_DOTTED: Final = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]", re.ASCII)  # a.m, p.m, U.S, e.g, an initial
_COMMA: Final = re.compile(r"[,;:–—]\s")
_SPACE: Final = re.compile(r"\s")

CLAUSE_WORDS_MIN: Final = 4
"""A clause of fewer words is over before the next one is made."""
# Behind a clause's comma must stand, in full, a word that goes on: one that takes back ("but only on Mondays",
# "unless", "except") or names the next thing of a list is waited out.
_CLAUSE_END: Final = re.compile(r"(?:[,;:]| [-–—]|[–—])\s+(?=(?P<next>\S+)\s)")
_INTERJECTION: Final = re.compile(
    r"(?:yes|no|sure|certainly|of course|absolutely|well|okay|great),?\s+", re.I
)
_GOES_ON: Final = frozenset(
    "and so which including we we're we'll you you're you'll they they're it it's our your there there's "
    "this these he she i please".split()
)
# A clause that begins so is a condition or a setting of what is only claimed behind it.
_SETTINGS: Final = frozenset(
    "if when while since because as although though unless until till after before during for on in at with "
    "without from by whether once should depending given apart besides unlike due unfortunately".split()
)
# A clause that ends so leaves open what it says.
_OPEN_ENDS: Final = frozenset(
    "a an the and or but of to for with at on in by from that which who is are was be can will would could "
    "should may might do does did not if when than as including such like only about our your".split()
)


class SentenceSplitter:
    """Feed it pieces; it hands out sentences. Their concatenation, with `finish`, is the text unchanged.

    `clause_first` lets the first piece be a clause.
    """

    def __init__(self, longest: int = LONGEST_CHARACTERS, *, clause_first: bool = False) -> None:
        self._longest = longest
        self._text = ""
        self._may_be_clause = clause_first

    def feed(self, piece: str) -> list[str]:
        """The sentences that `piece` completes, with the white space that follows them."""
        self._text += piece
        sentences = []
        while end := self._end():
            sentences.append(self._text[:end])
            self._text = self._text[end:]
            self._may_be_clause = False
        return sentences

    def finish(self) -> list[str]:
        """What is left when the text is over: at most one sentence."""
        rest, self._text = self._text, ""
        return [rest] if rest else []

    def _end(self) -> int:
        """Where the first sentence ends, 0 while that is not known."""
        clause = clause_end(self._text) if self._may_be_clause else 0
        for found in _MARK.finditer(self._text, 0, clause or len(self._text)):
            if self._text[: found.end()].strip() and not self._is_inside(found):
                return self._with_space(found.end())
        return clause or (self._cut() if len(self._text) > self._longest else 0)

    def _is_inside(self, found: re.Match[str]) -> bool:
        """Whether this full stop belongs to a word ("Dr.", "a.m.", a list's "1.") or the sentence goes on."""
        if not found["stop"]:
            return False
        following = self._text[found.end() :].lstrip()[0]
        before = self._text[: found.start()]
        word = _LAST_WORD.findall(before)[0]
        if following.islower() or (following.isdigit() and word.lower() == "no"):  # "No. 4"
            return True
        is_numbering = before.strip().isdigit()
        is_initial = bool(_DOTTED.fullmatch(word)) and word != "I"
        return found["stop"] == "." and (word.lower() in _ABBREVIATIONS or is_initial or is_numbering)

    def _with_space(self, end: int) -> int:
        """White space belongs to the sentence before it."""
        while end < len(self._text) and self._text[end].isspace():
            end += 1
        return end

    def _cut(self) -> int:
        """No end in sight: after the last comma within bounds, else between words, else anywhere."""
        for pattern in (_COMMA, _SPACE):
            ends = [found.end() for found in pattern.finditer(self._text, 1, self._longest)]
            if ends:
                return ends[-1]
        return self._longest


def clause_end(text: str) -> int:
    """Where a first clause of `text` ends that may be said before the rest is known; 0 when there is none.

    Only the first comma counts, but for the one behind "yes" or "no".
    """
    start = opening.end() if (opening := _INTERJECTION.match(text)) else 0
    found = _CLAUSE_END.search(text, start)
    if found is None:
        return 0
    words = [word.strip("\"'“”(").lower() for word in text[start : found.start()].split()]
    is_clause = len(words) >= CLAUSE_WORDS_MIN and words[0] not in _SETTINGS and words[-1] not in _OPEN_ENDS
    return found.end() if is_clause and found["next"].lower().replace("’", "'") in _GOES_ON else 0
