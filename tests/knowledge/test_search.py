"""The right passage is found by its words and by its meaning; what is not there is declined."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.engines.sentence_vectors import MiniLmVectors
from appliance.knowledge.adding import Adding
from appliance.knowledge.search import Search
from appliance.knowledge.shelf import Shelf
from appliance.knowledge.words import ENGLISH
from appliance.settings import Settings
from appliance.weights.place import resolve
from tests.fakes.vectors import FakeVectors

HANDBOOK = """
# Handbook

## Warranty
All repairs carry a warranty of twelve months. Towing is not covered.

## Do you take insurance?
We work with Delta, Aetna and Cigna.

## Prices
| Service | Price |
|---|---|
| Oil change | $49 |
| Tire rotation | $25 |
"""
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with Shelf(tmp_path / "kb.db", ENGLISH) as shelf:
        yield shelf


def write(tmp_path: Path, text: str = HANDBOOK) -> Path:
    file = tmp_path / "handbook.md"
    file.write_text(text)
    return file


def put(shelf: Shelf, encoder, file: Path) -> None:
    assert [one.note for one in Adding(shelf, encoder, NOON).add([file])] == [""]


@pytest.mark.parametrize("encoder", [None, FakeVectors()])
def test_what_it_says_is_answered_with_its_source(shelf: Shelf, tmp_path: Path, encoder) -> None:
    put(shelf, encoder, write(tmp_path))
    found = Search(shelf, encoder).find("price of a tire rotation")
    assert found.answer == "Tire rotation: Price $25."
    assert found.passages[0].source == "handbook.md (version 1): Handbook > Prices"
    assert found.passages[0].likelihood == found.likelihood


@pytest.mark.parametrize("encoder", [None, FakeVectors()])
def test_what_it_does_not_say_is_declined(shelf: Shelf, tmp_path: Path, encoder) -> None:
    put(shelf, encoder, write(tmp_path))
    found = Search(shelf, encoder).find("may I bring my elephant")
    assert (found.passages, found.answer) == ((), "")


def test_an_empty_shelf_says_nothing(shelf: Shelf) -> None:
    assert Search(shelf, FakeVectors()).find("price of tires").passages == ()


@pytest.mark.parametrize("question", ["", "?!", "the", '"', "tire* AND NOT (", "💥", "a" * 5000])
def test_whatever_is_asked_is_no_fault(shelf: Shelf, tmp_path: Path, question: str) -> None:
    put(shelf, FakeVectors(), write(tmp_path))
    assert Search(shelf, FakeVectors()).find(question).answer in ("", "Tire rotation: Price $25.")


def test_what_kb_changes_is_found_at_the_next_question(shelf: Shelf, tmp_path: Path) -> None:
    encoder = FakeVectors()
    put(shelf, encoder, write(tmp_path))
    search = Search(shelf, encoder)
    assert "$25" in search.find("price of a tire rotation").answer
    put(shelf, encoder, write(tmp_path, HANDBOOK.replace("$25", "$30")))
    assert "$30" in search.find("price of a tire rotation").answer
    shelf.remove("handbook.md")
    assert search.find("price of a tire rotation").passages == ()


def test_what_two_documents_say_alike_is_found_once(shelf: Shelf, tmp_path: Path) -> None:
    put(shelf, FakeVectors(), write(tmp_path))
    (tmp_path / "copy.md").write_text(HANDBOOK)
    put(shelf, FakeVectors(), tmp_path / "copy.md")
    texts = [one.shelved.text for one in Search(shelf, FakeVectors()).near("price of a tire rotation", 10)]
    assert len(texts) == len(set(texts)) > 2


def test_vectors_of_another_model_are_not_compared(shelf: Shelf, tmp_path: Path) -> None:
    put(shelf, FakeVectors("old"), write(tmp_path))
    near = Search(shelf, FakeVectors("new")).near("tire rotation price")
    assert near[0].shelved.text == "Tire rotation: Price $25."
    assert near[0].nearness == 0.0


def test_the_nearest_are_found_as_an_exact_search_finds_them(shelf: Shelf) -> None:
    """Bits first, int8 afterwards, loses next to nothing against comparing every vector."""
    import numpy as np

    from appliance.knowledge.passages import Piece
    from appliance.knowledge.shelf import packed, parts_of

    chance = np.random.default_rng(1)
    centres = chance.standard_normal((20, 384))
    texts = [f"made up {number}" for number in range(2000)]
    exact = centres[np.arange(2000) % 20] + chance.standard_normal((2000, 384))
    exact /= np.linalg.norm(exact, axis=1, keepdims=True)
    pieces = [Piece(text) for text in texts]
    vectors = {
        part: packed(exact[at].tolist())
        for at, piece in enumerate(pieces)
        for part in parts_of(piece, ENGLISH).values()
    }
    shelf.put("x", pieces, vectors, content_hash="", encoder="fixed", kind="", size_bytes=0, added_at=NOON)

    class Fixed:
        name = "fixed"

        def vectors(self, sentences):
            return [exact[int(one)].tolist() for one in sentences]

    search = Search(shelf, Fixed())
    hits = 0
    for asked in range(0, 200, 10):
        wanted = {texts[at] for at in np.argsort(-(exact @ exact[asked]))[:3]}
        hits += len(wanted & {one.shelved.text for one in search.near(str(asked), 3)})
    assert hits >= 57


@pytest.mark.real
def test_paraphrases_are_found_by_meaning(shelf: Shelf, tmp_path: Path) -> None:
    model = resolve(Settings(), "vectors")
    assert model is not None
    encoder = MiniLmVectors(model)
    put(shelf, encoder, write(tmp_path))
    search = Search(shelf, encoder)
    assert "Tire rotation" in search.find("what do you charge for rotating the tires").answer
    assert "Cigna" in search.find("do you take cigna").answer
    assert search.find("is it going to rain tomorrow").passages == ()
    assert search.find("can you do my nails").passages == ()
