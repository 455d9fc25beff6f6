"""Words as a recogniser hears them: sound-alikes, swallowed small words, an "uh" where nothing was said.

For plays that are held with noise: the same seed mishears the same words.
"""

from __future__ import annotations

from random import Random
from typing import Final

from appliance.conversation.mishearing_words import MishearingWords, mishearing_words_of

RATE: Final = 0.1
"""Share of words that are touched: about what a small recogniser gets wrong on a decent telephone line."""
_SWALLOWED_SHARE: Final = 0.25
_HESITATED_SHARE: Final = 0.15
_LETTERS_MIN: Final = 4  # shorter words that stand in no table are heard as they are


def misheard(text: str, chance: Random, rate: float = RATE, language: str = "en") -> str:
    """`text` with about `rate` (0 to 1) of its words misheard; never nothing at all."""
    words = mishearing_words_of(language)
    heard = [_heard(word, chance, words) if chance.random() < rate else word for word in text.split()]
    return " ".join(word for word in heard if word) or text


def _heard(word: str, chance: Random, words: MishearingWords) -> str:
    """One word as it is misheard; empty when it is swallowed."""
    way = chance.random()
    if way < _SWALLOWED_SHARE and word in words.swallowed:
        return ""
    if way > 1 - _HESITATED_SHARE:
        return f"{chance.choice(words.hesitations)} {word}"
    alike = words.sounds_like.get(word)
    return chance.choice(alike) if alike else _near(word, chance, words)


def _near(word: str, chance: Random, words: MishearingWords) -> str:
    """A word of no table with one of its sounds taken for its neighbour; the first sound is heard best."""
    near = [pair for pair in words.near_sounds if pair[0] in word[1:]]
    if len(word) < _LETTERS_MIN or not near:
        return word
    said, heard = chance.choice(near)
    return word[0] + word[1:].replace(said, heard, 1)
