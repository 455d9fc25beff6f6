"""Whether the right passage is found, whether what the documents do not say is declined, and how long it takes."""

from __future__ import annotations

import hashlib
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

import numpy as np

from appliance.bench.figures import Distribution, Figure, Findings
from appliance.bench.knowledge_material import Collection, Question
from appliance.bench.knowledge_speed import Speed
from appliance.knowledge.deciding import LIKELIHOOD_MIN
from appliance.knowledge.search import Encoder, Search
from appliance.knowledge.shelf import Shelf, packed, parts_of
from appliance.knowledge.words import Words

AIM_PERCENT: Final = 95.0
AIM_MS: Final = 30.0
_SOME_TIME: Final = datetime(2026, 1, 1, tzinfo=UTC)
_TOP: Final = 3


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question's fate. `rank` of the first right passage (0: not among the first three, or not asked for).

    `says`: whether the spoken answer holds what it must; None without one, or where the material does not tell.
    """

    kind: str
    has_answer: bool
    rank: int
    found: bool
    answered: bool
    says: bool | None
    likelihood: float


@dataclass
class RememberedVectors:
    """An encoder that keeps what it has encoded in a file: five thousand texts take minutes the first time."""

    encoder: Encoder
    file: Path
    name: str = field(init=False)
    _known: dict[str, list[float]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.name = self.encoder.name
        if self.file.exists():
            with np.load(self.file) as kept:
                self._known = dict(zip(kept["keys"].tolist(), kept["vectors"].tolist(), strict=True))

    def vectors(self, sentences: Sequence[str]) -> list[list[float]]:
        """One unit-length vector a sentence."""
        return [self._vector(one) for one in sentences]

    def keep(self) -> None:
        """Write the file."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        matrix = np.array(list(self._known.values()), dtype=np.float32)
        np.savez(self.file, keys=np.array(list(self._known)), vectors=matrix)

    def _vector(self, sentence: str) -> list[float]:
        key = hashlib.sha256(f"{self.name}\0{sentence}".encode()).hexdigest()
        if key not in self._known:
            self._known[key] = self.encoder.vectors([sentence])[0]
        return self._known[key]


def measure(
    collections: Sequence[Collection],
    encoder: Encoder,
    words: Words,
    speed: Speed | None,
    *,
    command: str,
    conditions: Mapping[str, str],
    tell: Callable[[str], None] = lambda _: None,
) -> Findings:
    """Ask every collection its questions; `speed` was measured before, or None."""
    asked: list[_Asked] = []
    for collection in collections:
        tell(
            f"{collection.kind}: {len(collection.documents)} documents, {len(collection.answered)} questions"
        )
        with tempfile.TemporaryDirectory() as folder, Shelf(Path(folder) / "bench.db", words) as shelf:
            put(shelf, encoder, collection)
            search = Search(shelf, encoder)
            asked += [_ask(search, collection.kind, one) for one in collection.answered]
            asked += [_ask(search, collection.kind, one) for one in collection.not_answered]
    figures = _figures(asked, speed)
    return Findings(
        "knowledge",
        command,
        {"figures": {one.name: one.value for one in figures}, "questions": len(asked)},
        figures,
        rows=[_row(one) for one in asked],
        plots=[Distribution("Likelihood of the first passage", "", _likelihoods(asked))],
        conditions=conditions,
        notes=_NOTES,
    )


_NOTES: Final = (
    "Not answered: what the other kind of material asks (paragraphs, pairs), what another article asks"
    " (article), what a caller of the same office might ask and the handbook does not say (handbook).",
    "Said in spite: the share of those to which a sentence would be spoken as an answer.",
)


def put(shelf: Shelf, encoder: Encoder, collection: Collection) -> None:
    """The collection's documents onto a shelf."""
    for name, pieces in collection.documents.items():
        texts = {text for piece in pieces for text in parts_of(piece, shelf.words).values()}
        shelf.put(
            name,
            pieces,
            {text: packed(encoder.vectors([text])[0]) for text in texts},
            content_hash="",
            encoder=encoder.name,
            kind="",
            size_bytes=0,
            added_at=_SOME_TIME,
        )


def _ask(search: Search, kind: str, question: Question) -> _Asked:
    found = search.find(question.text, _TOP)
    near = [one.shelved.text for one in search.near(question.text, _TOP)]
    rank = next((at for at, text in enumerate(near, 1) if _is_right(text, question)), 0)
    right = any(_is_right(one.text, question) for one in found.passages)
    says = question.said.lower() in found.answer.lower() if question.said and found.answer else None
    return _Asked(kind, bool(question.right), rank, right, bool(found.answer), says, found.likelihood)


def _is_right(text: str, question: Question) -> bool:
    """A passage is right that contains what was named, or is a piece of it."""
    return any(one.lower() in text.lower() or text in one for one in question.right)


# --- figures --------------------------------------------------------------------------------------


def _figures(asked: Sequence[_Asked], speed: Speed | None) -> list[Figure]:
    figures: list[Figure] = []
    for kind in dict.fromkeys(one.kind for one in asked):
        answered = [one for one in asked if one.kind == kind and one.has_answer]
        others = [one for one in asked if one.kind == kind and not one.has_answer]
        figures += [
            _share(f"{kind}: right in top 3", [one.rank > 0 for one in answered], AIM_PERCENT),
            _share(f"{kind}: right first", [one.rank == 1 for one in answered]),
            _share(
                f"{kind}: found", [one.found for one in answered], AIM_PERCENT if kind != "handbook" else None
            ),
            _share(f"{kind}: answered with a sentence", [one.answered for one in answered]),
            _share(f"{kind}: which says it", [one.says for one in answered if one.says is not None]),
            _share(f"{kind}: declined", [one.likelihood < LIKELIHOOD_MIN for one in others], _aim(kind)),
            _share(f"{kind}: said in spite", [one.answered for one in others]),
        ]
    return figures + (_speed_figures(speed) if speed else [])


def _aim(kind: str) -> float | None:
    return AIM_PERCENT if kind != "handbook" else None


def _share(name: str, hits: Sequence[bool | None], aim: float | None = None) -> Figure:
    value = round(100.0 * sum(map(bool, hits)) / len(hits), 1) if hits else None
    return Figure(name, value, "%", aim, at_most=False, n=len(hits))


def _speed_figures(speed: Speed) -> list[Figure]:
    size = f"{speed.passages:,} passages"
    return [
        Figure(
            f"retrieval p50, {size}", round(median(speed.search_ms), 1), "ms", AIM_MS, n=len(speed.search_ms)
        ),
        Figure(f"retrieval p95, {size}", round(quantiles(speed.search_ms, n=20)[-1], 1), "ms", AIM_MS),
        Figure("of which the question's vector p50", round(median(speed.encode_ms), 1), "ms"),
        Figure("retrieval p50, wall time", round(median(speed.wall_ms), 1), "ms"),
        Figure(f"memory, {size}", round(speed.memory_bytes / 1e6, 1), "MB"),
        Figure("to load them", round(speed.load_ms), "ms"),
    ]


def _row(one: _Asked) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "has_answer": one.has_answer,
        "rank": one.rank,
        "found": one.found,
        "answered": one.answered,
        "says": one.says,
        "likelihood": round(one.likelihood, 4),
    }


def _likelihoods(asked: Sequence[_Asked]) -> dict[str, list[float]]:
    groups: dict[str, list[float]] = defaultdict(list)
    for one in asked:
        groups[f"{one.kind}, {'said' if one.has_answer else 'not said'}"].append(one.likelihood)
    return dict(groups)
