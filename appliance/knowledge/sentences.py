"""Text to sentences, and words to the stems they are found by. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from appliance.conversation.stems import stem_of
from appliance.knowledge.words import Words

_END: Final = re.compile(r"(?<=[.!?])(?:[\"'”’)\]]*)\s+(?=[\"'“‘(\[]*[A-ZÀ-Þ0-9])|\n+")
_LAST_WORD: Final = re.compile(r"([\w.]+)\.$")
_WORD: Final = re.compile(r"[^\W_]+")


def sentences_of(text: str, words: Words) -> list[str]:
    """The sentences of `text`, in order, as they stand; a line break ends one too."""
    found: list[str] = []
    start = 0
    for end in _END.finditer(text):
        if "\n" not in end[0] and _is_abbreviated(text[start : end.start()], words):
            continue
        found.append(text[start : end.end()].strip())
        start = end.end()
    found.append(text[start:].strip())
    return [one for one in found if one]


def stems_of(text: str, words: Words) -> list[str]:
    """What `text` is about: its words without those that say nothing, each as its stem (Porter 1980, Snowball)."""
    folded = text.lower().replace("’", "'")
    return [stem_of(word, words.stemmer) for word in _WORD.findall(folded) if word not in words.stop]


def share_of(wanted: Sequence[str], there: frozenset[str], weights: dict[str, float]) -> float:
    """The share (0 to 1) of the wanted stems' weight that is there; 0 for a question of stop words only."""
    total = sum(weights[one] for one in wanted)
    return sum(weights[one] for one in wanted if one in there) / total if total else 0.0


def _is_abbreviated(text: str, words: Words) -> bool:
    last = _LAST_WORD.search(text)
    return last is not None and (
        last[1].lower() in words.abbreviations or (len(last[1]) == 1 and last[1].isalpha())
    )
