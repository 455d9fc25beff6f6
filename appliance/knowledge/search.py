"""The passages near to a question: by meaning and by words, and how likely each answers.

By meaning: every text of the shelf is 384 bits in memory (the signs of its vector); the nearest by Hamming
distance are weighed again by their int8 vectors from the disk (Yamada, Asai and Hajishirzi 2021). By words:
BM25 of SQLite's FTS5 over stems. What either finds is ranked by one likelihood (`deciding`), so that nothing
has to be said about how a rank here compares with a rank there.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from appliance.domain.passage import Passage
from appliance.knowledge.deciding import (
    BY_MEANING,
    BY_WORDS_ONLY,
    LIKELIHOOD_MIN,
    Weights,
    answer_of,
    rarity,
    sentences_with,
)
from appliance.knowledge.sentences import sentences_of, share_of, stems_of
from appliance.knowledge.shelf import QUESTION_PART, Shelf, Shelved, Vector

_NEAR_TEXTS: Final = 200
_NEAR_PASSAGES: Final = 30
_COMMON_SHARE: Final = 0.02
"""A word that stands in a larger share of many passages finds nothing and costs much."""
_COMMON_MIN: Final = 500
_TERMS_MAX: Final = 8

Bits = npt.NDArray[np.uint64]


class Encoder(Protocol):
    """Sentences to unit vectors (engines.ports.SentenceVectors, which this room may not know)."""

    name: str

    def vectors(self, sentences: Sequence[str]) -> list[list[float]]:
        """One unit-length vector a sentence."""
        ...


@dataclass(frozen=True, slots=True)
class Near:
    """A passage with the signs of its nearness. `parts` are the cosines of its texts, by shelf.parts_of."""

    shelved: Shelved
    nearness: float
    share: float
    likelihood: float
    parts: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Found:
    """What the documents say to a question; empty when they do not. `answer` as in events.PassagesFound."""

    passages: tuple[Passage, ...] = ()
    answer: str = ""
    likelihood: float = 0.0


@dataclass(frozen=True, slots=True)
class _Index:
    """All that can be found, in memory: 48 bytes a text, words first so that a scan runs along them."""

    generation: int = -1
    bits: Bits = field(default_factory=lambda: np.zeros((0, 0), dtype=np.uint64))
    ids: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    passages: int = 0


class Search:
    """Over one shelf, by one encoder (None: by words only). Thread safe; notices by itself what `kb` changed."""

    def __init__(self, shelf: Shelf, encoder: Encoder | None) -> None:
        self._shelf = shelf
        self._encoder = encoder
        self._lock = threading.Lock()
        self._index = _Index()

    def load(self) -> None:
        """Read what can be found into memory, if it changed."""
        generation = self._shelf.generation()
        with self._lock:
            if generation != self._index.generation:
                self._index = self._read(generation)

    def generation(self) -> int:
        """A number that changes when what can be found does."""
        return self._shelf.generation()

    @property
    def passages(self) -> int:
        """How many can be found, as of the last look."""
        return self._index.passages

    @property
    def memory_bytes(self) -> int:
        """What the loaded documents take."""
        return self._index.bits.nbytes + self._index.ids.nbytes

    def find(self, question: str, count: int = 3) -> Found:
        """The passages that answer, best first, and the answer; none when the documents do not say."""
        near = self.near(question, count)
        likely = [one for one in near if one.likelihood >= LIKELIHOOD_MIN]
        if not likely:
            return Found(likelihood=near[0].likelihood if near else 0.0)
        return Found(tuple(map(_passage, likely)), self._answer(question, likely[0]), likely[0].likelihood)

    def near(self, question: str, count: int = 3) -> list[Near]:
        """The `count` most likely passages, best first, whether or not they answer."""
        self.load()
        stems = list(dict.fromkeys(stems_of(question, self._shelf.words)))
        if not self._index.passages or not (stems or self._encoder):
            return []
        weights = self._weights(stems)
        vector = self._vector(question)
        candidates = {*self._by_words(weights), *(self._by_meaning(vector) if vector is not None else ())}
        cosines = self._cosines(candidates, vector) if vector is not None else {}
        by = BY_MEANING if cosines else BY_WORDS_ONLY
        weighed = [
            _weighed(one, stems, weights, cosines.get(one.passage_id, {}), by)
            for one in self._shelf.shelved(candidates).values()
        ]
        weighed.sort(key=lambda one: (-one.likelihood, one.shelved.passage_id))
        told = {one.shelved.text: one for one in reversed(weighed)}  # the same in several documents: once
        return [one for one in weighed if told[one.shelved.text] is one][:count]

    def _answer(self, question: str, near: Near) -> str:
        words = self._shelf.words
        stems = list(dict.fromkeys(stems_of(question, words)))
        count = len(sentences_of(near.shelved.text, words))
        nearness = [near.parts.get(part, 0.0) for part in range(count)]
        sentences = sentences_with(near.shelved.text, stems, self._weights(stems), nearness, words)
        return answer_of(question, sentences, words, asked_so=near.parts.get(QUESTION_PART, 0.0))

    # --- by words -------------------------------------------------------------------------------

    def _weights(self, stems: Sequence[str]) -> dict[str, float]:
        counts = dict(
            self._shelf.rows(
                "SELECT w.term, w.doc FROM json_each(?) j JOIN word_counts w ON w.term = j.value",
                (json.dumps(stems),),
            )
        )
        return {one: rarity(counts.get(one, 0), self._index.passages) for one in stems}

    def _by_words(self, weights: Mapping[str, float]) -> list[int]:
        common = max(_COMMON_MIN, int(self._index.passages * _COMMON_SHARE))
        floor = rarity(common, self._index.passages)
        rare = sorted((one for one in weights if weights[one] >= floor), key=lambda one: -weights[one])
        if not rare:
            return []
        terms = " OR ".join(f'"{one}"' for one in rare[:_TERMS_MAX])
        rows = self._shelf.rows(
            "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?", (terms, _NEAR_PASSAGES)
        )
        return [row[0] for row in rows]

    # --- by meaning -----------------------------------------------------------------------------

    def _vector(self, question: str) -> Vector | None:
        if self._encoder is None or not self._index.ids.size:
            return None
        return np.asarray(self._encoder.vectors([question])[0], dtype=np.float32)

    def _by_meaning(self, vector: Vector) -> list[int]:
        index = self._index
        distances = np.zeros(index.ids.size, dtype=np.uint16)
        for row, bits in zip(index.bits, _bits(vector[np.newaxis])[:, 0], strict=True):
            distances += np.bitwise_count(row ^ bits)
        count = min(_NEAR_TEXTS, index.ids.size)
        nearest = np.argpartition(distances, count - 1)[:count]
        rows = self._shelf.rows(
            "SELECT passage, vector FROM vectors WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(index.ids[nearest].tolist()),),
        )
        cosines = _unpacked([row[1] for row in rows]) @ vector
        order = np.argsort(-cosines)
        return list(dict.fromkeys(rows[at][0] for at in order))[:_NEAR_PASSAGES]

    def _cosines(self, passages: set[int], vector: Vector) -> dict[int, dict[int, float]]:
        """The cosine of every text of these passages, by passage and part."""
        rows = self._shelf.rows(
            "SELECT passage, part, vector FROM vectors WHERE passage IN (SELECT value FROM json_each(?))",
            (json.dumps(list(passages)),),
        )
        found: dict[int, dict[int, float]] = {}
        if rows:
            cosines = (_unpacked([row[2] for row in rows]) @ vector).tolist()
            for (passage, part, _), cosine in zip(rows, cosines, strict=True):
                found.setdefault(passage, {})[part] = cosine
        return found

    def _read(self, generation: int) -> _Index:
        shelf = self._shelf
        counted = shelf.rows("SELECT count(*) FROM words")
        encoder = self._encoder.name if self._encoder else ""
        rows = shelf.rows(
            """SELECT x.id, x.vector FROM vectors x JOIN passages p ON p.id = x.passage
               JOIN versions v ON v.id = p.version JOIN documents d ON d.current = v.id WHERE v.encoder = ?""",
            (encoder,),
        )
        passages = counted[0][0] if counted else 0
        if not rows or not encoder:
            return _Index(generation, passages=passages)
        bits = np.concatenate(
            [_bits(_unpacked([row[1] for row in rows[at : at + 4096]])) for at in range(0, len(rows), 4096)],
            axis=1,
        )
        ids = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
        return _Index(generation, np.ascontiguousarray(bits), ids, passages)


def _weighed(
    one: Shelved, stems: Sequence[str], weights: dict[str, float], parts: Mapping[int, float], by: Weights
) -> Near:
    nearness = max(parts.values(), default=0.0)
    share = share_of(stems, one.stems, weights)
    return Near(one, nearness, share, by.likelihood(nearness, share), parts)


def _passage(near: Near) -> Passage:
    one = near.shelved
    return Passage(one.text, one.document, one.headings, one.version, near.likelihood)


def _bits(vectors: npt.NDArray[np.float32]) -> Bits:
    """The signs of vectors, 64 a word, one column a vector."""
    signs = np.packbits(vectors > 0, axis=1, bitorder="little")
    padded = np.pad(signs, ((0, 0), (0, -signs.shape[1] % 8)))
    return np.ascontiguousarray(padded).view(np.uint64).T


def _unpacked(vectors: Sequence[bytes]) -> npt.NDArray[np.float32]:
    stacked = np.frombuffer(b"".join(vectors), dtype=np.int8).reshape(len(vectors), -1)
    return stacked.astype(np.float32) / 127.0
