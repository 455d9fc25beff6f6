"""Sentence vectors that are remembered between runs of a bench: 25,000 sentences take three minutes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from appliance.engines.intent_kernel import Matrix
from appliance.engines.ports import SentenceVectors


class KeptVectors:
    """`vectors`, with those of every sentence it was asked for in `file` once `keep` was called."""

    def __init__(self, vectors: SentenceVectors, file: Path) -> None:
        self.name = vectors.name
        self._vectors = vectors
        self._file = file
        self._rows: dict[str, Matrix] = {}
        if file.is_file():
            with np.load(file, allow_pickle=False) as kept:
                self._rows = dict(zip(map(str, kept["sentences"]), kept["rows"], strict=True))

    def vectors(self, sentences: Sequence[str]) -> list[list[float]]:
        """One unit-length vector a sentence."""
        rows: list[list[float]] = self.rows(sentences).tolist()
        return rows

    def rows(self, sentences: Sequence[str]) -> Matrix:
        """The same as (n, d) numbers."""
        for one in sentences:
            if one not in self._rows:
                self._rows[one] = np.array(self._vectors.vectors([one])[0], np.float32)
        return np.array([self._rows[one] for one in sentences], np.float32)

    def keep(self) -> None:
        """Write them down."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(self._file, sentences=np.array(list(self._rows)), rows=np.array(list(self._rows.values())))
