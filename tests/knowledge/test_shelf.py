"""Documents, their versions, and what is found of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.errors import NotFound, StoreFault
from appliance.knowledge.passages import Piece
from appliance.knowledge.shelf import VERSIONS_KEPT, Shelf, packed
from appliance.knowledge.words import ENGLISH

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with Shelf(tmp_path / "kb.db", ENGLISH) as shelf:
        yield shelf


def put(shelf: Shelf, name: str, *texts: str) -> int:
    return shelf.put(
        name,
        [Piece(text, ("Handbook",)) for text in texts],
        {text: packed([1.0, 0.0]) for text in texts},
        content_hash=str(hash(texts)),
        encoder="fake",
        kind="text/plain",
        size_bytes=1,
        added_at=NOON,
    )


def found(shelf: Shelf, word: str) -> list[str]:
    rows = shelf.rows("SELECT rowid FROM words WHERE words MATCH ?", (word,))
    return [one.text for one in shelf.shelved(row[0] for row in rows).values()]


def test_a_new_version_is_in_force_at_once(shelf: Shelf) -> None:
    assert [put(shelf, "a.md", "Tires cost 25."), put(shelf, "a.md", "Tires cost 30.")] == [1, 2]
    assert found(shelf, "tire") == ["Tires cost 30."]
    assert [(one.number, bool(one.is_current)) for one in shelf.versions("a.md")] == [(2, True), (1, False)]


def test_rolled_back_the_old_words_are_found_again(shelf: Shelf) -> None:
    put(shelf, "a.md", "Tires cost 25.")
    put(shelf, "a.md", "Tires cost 30.")
    assert shelf.roll_back("a.md") == 1
    assert found(shelf, "tire") == ["Tires cost 25."]
    assert shelf.roll_back("a.md", 2) == 2
    assert found(shelf, "tire") == ["Tires cost 30."]


def test_removed_it_is_not_found_and_can_be_brought_back(shelf: Shelf) -> None:
    put(shelf, "a.md", "Tires cost 25.")
    shelf.remove("a.md")
    assert found(shelf, "tire") == []
    assert shelf.current("a.md") is None
    assert shelf.roll_back("a.md") == 1
    assert found(shelf, "tire") == ["Tires cost 25."]


def test_every_change_of_what_can_be_found_has_a_new_number(shelf: Shelf) -> None:
    numbers = [shelf.generation()]
    for change in (
        lambda: put(shelf, "a.md", "One."),
        lambda: put(shelf, "a.md", "Two."),
        lambda: shelf.roll_back("a.md"),
        lambda: shelf.remove("a.md"),
    ):
        change()
        numbers.append(shelf.generation())
    assert len(set(numbers)) == len(numbers)


def test_old_versions_are_forgotten_with_their_passages(shelf: Shelf) -> None:
    for number in range(VERSIONS_KEPT + 3):
        put(shelf, "a.md", f"Number {number}.")
    assert len(shelf.versions("a.md")) == VERSIONS_KEPT
    assert shelf.rows("SELECT count(*) FROM passages")[0][0] == VERSIONS_KEPT
    assert shelf.check() == []


def test_a_version_in_force_is_not_forgotten_after_a_roll_back(shelf: Shelf) -> None:
    for number in range(VERSIONS_KEPT):
        put(shelf, "a.md", f"Number {number}.")
    shelf.roll_back("a.md", 1)
    assert shelf.pieces("a.md", 1) == [Piece("Number 0.", ("Handbook",))]


@pytest.mark.parametrize("change", [lambda shelf: shelf.remove("x"), lambda shelf: shelf.roll_back("x")])
def test_what_is_not_there_is_said(shelf: Shelf, change) -> None:
    with pytest.raises(NotFound, match="x"):
        change(shelf)


def test_a_failed_addition_leaves_everything_as_it_was(shelf: Shelf) -> None:
    put(shelf, "a.md", "Tires cost 25.")
    with pytest.raises(StoreFault):
        shelf.put(
            "a.md",
            [Piece("Tires cost 30."), Piece(None)],  # type: ignore[arg-type]
            {},
            content_hash="",
            encoder="",
            kind="",
            size_bytes=0,
            added_at=NOON,
        )
    assert found(shelf, "tire") == ["Tires cost 25."]
    assert len(shelf.versions()) == 1


def test_before_anything_was_added_a_reader_finds_an_empty_shelf(tmp_path: Path) -> None:
    with Shelf(tmp_path / "none.db", ENGLISH, read_only=True) as shelf:
        assert shelf.versions() == []
        assert shelf.generation() == -1
    assert not (tmp_path / "none.db").exists()


def test_a_reader_sees_what_a_writer_adds(shelf: Shelf) -> None:
    put(shelf, "a.md", "One.")
    with Shelf(shelf.path, ENGLISH, read_only=True) as reader:
        before = reader.generation()
        put(shelf, "b.md", "Two.")
        assert reader.generation() != before
        assert {one.document for one in reader.versions()} == {"a.md", "b.md"}


def test_a_file_that_is_no_database_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "kb.db").write_text("this is a text and not a database " * 50)
    with Shelf(tmp_path / "kb.db", ENGLISH) as shelf, pytest.raises(StoreFault, match=r"kb\.db"):
        shelf.versions()
