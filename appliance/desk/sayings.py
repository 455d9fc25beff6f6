"""What a language says at the desk: how wishes are recognised and what is answered. One table a language.

Another language is a module beside `sayings_en` and a line in LANGUAGES.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from appliance.desk.sayings_en import ENGLISH_CALLERS, ENGLISH_PATTERNS, ENGLISH_PHRASES, ENGLISH_WAKE_WORDS
from appliance.desk.words import Wish
from appliance.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Sayings:
    """One language. `patterns`: the first that is found is the wish. `callers`: words that name no caller."""

    language: str
    patterns: tuple[tuple[Wish, re.Pattern[str]], ...]
    phrases: Mapping[str, str]
    callers: frozenset[str]
    wake_words: frozenset[str]

    def say(self, name: str, /, **slots: str) -> str:
        """The phrase called `name`, its slots filled."""
        return self.phrases[name].format(**slots)

    def without_wake_word(self, text: str) -> str:
        """`text` without what the recogniser made of the word that woke us."""
        words = text.lower().split()
        while words and words[0] in self.wake_words:
            words.pop(0)
        return " ".join(words)


LANGUAGES: Final[Mapping[str, Sayings]] = {
    "en": Sayings(
        "en",
        tuple((Wish(wish), re.compile(pattern)) for wish, pattern in ENGLISH_PATTERNS),
        ENGLISH_PHRASES,
        ENGLISH_CALLERS,
        ENGLISH_WAKE_WORDS,
    )
}


def sayings_of(language: str) -> Sayings:
    """The sayings of a language by its two letters; ConfigError for one that the desk does not speak."""
    if language not in LANGUAGES:
        raise ConfigError(
            f'desk: "{language}" is not spoken at the desk yet.', remedy=f"Known are: {', '.join(LANGUAGES)}."
        )
    return LANGUAGES[language]
