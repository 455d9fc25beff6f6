"""A second view of a sentence beside what it means: the letters of its words. Pure arithmetic.

One misheard word ("break pads", "i need my roots touch up") turns the meaning of a sentence further than its
letters. Whole words and the runs of three and four letters in them, hashed to a fixed length (Weinberger et al.
2009; runs as in fastText, Bojanowski et al. 2017), are set behind the vector of its meaning, so that the cosine of
two rows is the weighted mean of both likenesses. By sound (metaphone) instead of by letters as many are found, and
more foreign sentences let in.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from appliance.engines.intent_kernel import Matrix

SHARE: Final = 0.3
"""How much of the likeness the letters decide; the rest is meaning."""
PLACES: Final = 1024
"""The length of the hashed part."""
_RUNS: Final = (3, 4)
_SIGN_BIT: Final = 31


def with_letters(sentences: Sequence[str], meant: Matrix) -> Matrix:
    """(n, d) unit vectors of what `sentences` mean to (n, d + PLACES) unit vectors; 0.1 ms a sentence."""
    spelt = np.zeros((len(sentences), PLACES), np.float32)
    for at, sentence in enumerate(sentences):
        spelt[at] = letters(sentence)
    return np.hstack((np.float32(np.sqrt(1 - SHARE)) * meant, np.float32(np.sqrt(SHARE)) * spelt))


def letters(sentence: str) -> Matrix:
    """(PLACES,) unit vector of the words of `sentence` and the runs of letters in them; zeros without words."""
    counts = np.zeros(PLACES, np.float32)
    for run in _runs(sentence.lower()):
        place = zlib.crc32(run.encode())
        counts[place % PLACES] += -1 if place >> _SIGN_BIT else 1
    length = np.linalg.norm(counts)
    return counts / length if length else counts


def _runs(sentence: str) -> Iterator[str]:
    """Each word, and the runs of letters in it with its edges marked: "oil" gives oil, <oi, oil, il>, <oil, oil>."""
    for word in sentence.split():
        yield f"={word}"
        edged = f"<{word}>"
        for length in _RUNS:
            yield from (edged[at : at + length] for at in range(len(edged) - length + 1))
