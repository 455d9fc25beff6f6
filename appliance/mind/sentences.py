"""Pieces of composed text to sentences, each as early as it is safe to say it."""

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


class SentenceSplitter:
    """Feed it pieces; it hands out sentences. Their concatenation, with `finish`, is the text unchanged."""

    def __init__(self, longest: int = LONGEST_CHARACTERS) -> None:
        self._longest = longest
        self._text = ""

    def feed(self, piece: str) -> list[str]:
        """The sentences that `piece` completes, with the white space that follows them."""
        self._text += piece
        sentences = []
        while end := self._end():
            sentences.append(self._text[:end])
            self._text = self._text[end:]
        return sentences

    def finish(self) -> list[str]:
        """What is left when the text is over: at most one sentence."""
        rest, self._text = self._text, ""
        return [rest] if rest else []

    def _end(self) -> int:
        """Where the first sentence ends, 0 while that is not known."""
        for found in _MARK.finditer(self._text):
            if self._text[: found.end()].strip() and not self._is_inside(found):
                return self._with_space(found.end())
        return self._cut() if len(self._text) > self._longest else 0

    def _is_inside(self, found: re.Match[str]) -> bool:
        """Whether this full stop belongs to a word ("Dr.", "a.m.", a list's "1.") or the sentence goes on."""
        if not found["stop"]:
            return False
        if self._text[found.end() :].lstrip()[0].islower():
            return True
        before = self._text[: found.start()]
        word = _LAST_WORD.findall(before)[0]
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
