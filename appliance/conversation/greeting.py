"""Greeting somebody whom the office's customer database knows: by which name, and where in the greeting. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from appliance.conversation.phrases import Phrases

SCRIPTS: Final[Mapping[str, str]] = {"en": "LATIN"}
"""The script that the voice of a language reads, as Unicode names it."""
_CHARS_MAX: Final = 40
_WORDS_MAX: Final = 4
_BESIDE_LETTERS: Final = frozenset(" -'’.")
_SENTENCE: Final = re.compile(r"(?<=[.?!])\s+")


def name_to_say(name: str, language: str) -> str:
    """`name` as it can be spoken to whom it belongs, "Miller, Alice" put right; empty when it is none to speak.

    A number, a name in a script the voice does not read, or one that is no person's length is not spoken.
    """
    last, comma, first = (part.strip() for part in unicodedata.normalize("NFC", name).partition(","))
    spoken = " ".join((f"{first} {last}" if comma else last).split())
    if not spoken or len(spoken) > _CHARS_MAX or len(spoken.split()) > _WORDS_MAX:
        return ""
    if not all(char in _BESIDE_LETTERS or _is_letter(char, SCRIPTS.get(language, "")) for char in spoken):
        return ""
    return spoken.title() if spoken.isupper() and len(spoken) > 3 else spoken


def greeting_parts(greeting: str, name: str, phrases: Phrases) -> list[str]:
    """The greeting in the pieces it is spoken in, one where there is no name.

    The name stands before the question at the end. What comes before it is prepared, as the whole greeting is: it
    sounds at once, and while it does the sentence with the name is made.
    """
    if not name:
        return [greeting]
    before, question = parted(greeting)
    return [part for part in (before, phrases.say("greeting_by_name", name=name), question) if part]


def parted(greeting: str) -> tuple[str, str]:
    """What stands before the question at the end of a greeting, and the question; empty where there is none."""
    *before, last = _SENTENCE.split(greeting.strip())
    return (" ".join(before), last) if before and last.endswith("?") else (greeting, "")


def _is_letter(char: str, script: str) -> bool:
    return char.isalpha() and unicodedata.name(char, "").startswith(script) if script else False
