"""A word to its stem ("booked" -> "book"), for the guard and for finding passages. Snowball (Porter 2001)."""

from __future__ import annotations

from functools import lru_cache

import snowballstemmer


@lru_cache(maxsize=65536)
def stem_of(word: str, stemmer: str) -> str:
    """The stem of a lower-case `word` by the Snowball rules called `stemmer` ("english")."""
    stem: str = _stemmer(stemmer).stemWord(word)
    return stem


@lru_cache(maxsize=8)
def _stemmer(name: str) -> snowballstemmer.basestemmer.BaseStemmer:
    return snowballstemmer.stemmer(name)
