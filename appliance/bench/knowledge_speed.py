"""How long one lookup takes among a hundred thousand passages, in processor time of one core.

The passages are made up: words with the frequencies of a language (Zipf), vectors scattered about those of
real sentences. Wall time is told beside it; on a shared machine it is context.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from appliance.knowledge.passages import Piece
from appliance.knowledge.search import Encoder, Search
from appliance.knowledge.shelf import Shelf, packed, parts_of
from appliance.knowledge.words import Words

_VOCABULARY: Final = 40_000
_SENTENCES: Final = 3
_SENTENCE_WORDS: Final = 14
_PASSAGES_A_DOCUMENT: Final = 2_000
_SCATTER: Final = 0.7


@dataclass(frozen=True, slots=True)
class Speed:
    """What the lookups took. `search_ms` (processor) and `wall_ms` whole, `encode_ms` the vector's part of it."""

    passages: int
    search_ms: Sequence[float]
    wall_ms: Sequence[float]
    encode_ms: Sequence[float]
    load_ms: float
    memory_bytes: int


def measure(
    questions: Sequence[str],
    encoder: Encoder,
    words: Words,
    passages: int,
    tell: Callable[[str], None] = lambda _: None,
) -> Speed:
    """Look `questions` up among so many passages, on a shelf made for it on disk."""
    with tempfile.TemporaryDirectory() as folder, Shelf(Path(folder) / "speed.db", words) as shelf:
        tell(f"making {passages:,} passages")
        _fill(shelf, encoder, questions, passages)
        search = Search(shelf, encoder)
        begun = time.process_time()
        search.load()
        load_ms = (time.process_time() - begun) * 1000
        tell(f"asking {len(questions)} questions")
        search.find(questions[0])
        timed = [_timed(lambda one=one: search.find(one)) for one in questions]  # type: ignore[misc]
        encoded = [_timed(lambda one=one: encoder.vectors([one])) for one in questions]  # type: ignore[misc]
        return Speed(
            passages,
            [processor for processor, _ in timed],
            [wall for _, wall in timed],
            [processor for processor, _ in encoded],
            load_ms,
            search.memory_bytes,
        )


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """(processor, wall) in ms."""
    processor, wall = time.process_time(), time.perf_counter()
    work()
    return (time.process_time() - processor) * 1000, (time.perf_counter() - wall) * 1000


def _fill(shelf: Shelf, encoder: Encoder, questions: Sequence[str], passages: int) -> None:
    chance = np.random.default_rng(4)
    centres = np.array(encoder.vectors(questions), dtype=np.float32)
    vocabulary = _vocabulary(questions)
    for first in range(0, passages, _PASSAGES_A_DOCUMENT):
        count = min(_PASSAGES_A_DOCUMENT, passages - first)
        pieces = [Piece(text) for text in _texts(vocabulary, count, chance)]
        parts = [text for piece in pieces for text in parts_of(piece, shelf.words).values()]
        scattered = centres[chance.integers(len(centres), size=len(parts))]
        scattered = scattered + _SCATTER * _unit(chance.standard_normal(scattered.shape))
        vectors = {text: packed(one) for text, one in zip(parts, _unit(scattered), strict=True)}
        shelf.put(
            f"made up {first}",
            pieces,
            vectors,
            content_hash="",
            encoder=encoder.name,
            kind="",
            size_bytes=0,
            added_at=datetime(2026, 1, 1, tzinfo=UTC),
        )


def _unit(vectors: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / lengths, dtype=np.float32)


def _vocabulary(questions: Sequence[str]) -> list[str]:
    """The questions' own words among the frequent ones, so that they find something; the rest is made up."""
    asked = list(dict.fromkeys(word for one in questions for word in one.split() if word.isalpha()))
    made_up = [f"w{number}x" for number in range(_VOCABULARY - len(asked))]
    half = len(asked) // 2
    return [*made_up[:20], *asked[:half], *made_up[20:2000], *asked[half:], *made_up[2000:]]


def _texts(vocabulary: Sequence[str], count: int, chance: np.random.Generator) -> list[str]:
    """Passages of three sentences whose words are as frequent as in a language."""
    ranks = np.arange(1, len(vocabulary) + 1)
    weights = 1.0 / (ranks + 2.7)
    drawn = chance.choice(
        len(vocabulary), size=(count, _SENTENCES, _SENTENCE_WORDS), p=weights / weights.sum()
    )
    return [
        " ".join(" ".join(vocabulary[at] for at in sentence).capitalize() + "." for sentence in passage)
        for passage in drawn
    ]
