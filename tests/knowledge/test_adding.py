"""Folders onto the shelf: each file's fate is told, and only what changed is read again."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.knowledge.adding import Adding, Fate, Outcome, Progress
from appliance.knowledge.shelf import Shelf
from appliance.knowledge.words import ENGLISH
from tests.fakes.vectors import FakeVectors

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class CountingVectors(FakeVectors):
    """Remembers what it was asked to encode."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def vectors(self, sentences: Sequence[str]) -> list[list[float]]:
        self.asked += sentences
        return super().vectors(sentences)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with Shelf(tmp_path / "kb.db", ENGLISH) as shelf:
        yield shelf


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "office"
    (folder / "prices").mkdir(parents=True)
    (folder / "hours.md").write_text("# Hours\n\nWe open at nine. We close at five.")
    (folder / "prices" / "tires.csv").write_text("Service,Price\nTire rotation,25\nNew tires,400\n")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / ".hidden.md").write_text("Not for callers.")
    return folder


def add(shelf: Shelf, *paths: Path, encoder=None) -> dict[str, Outcome]:
    return {one.name: one for one in Adding(shelf, encoder, NOON).add(paths)}


def fates(outcomes: dict[str, Outcome]) -> dict[str, Fate]:
    return {name: one.fate for name, one in outcomes.items()}


def test_one_broken_file_keeps_no_other_out(shelf: Shelf, folder: Path) -> None:
    outcomes = add(shelf, folder)
    assert fates(outcomes) == {
        "office/broken.pdf": Fate.REFUSED,
        "office/hours.md": Fate.ADDED,
        "office/prices/tires.csv": Fate.ADDED,
    }
    assert "broken.pdf" in outcomes["office/broken.pdf"].note
    assert {one.document for one in shelf.versions()} == {"office/hours.md", "office/prices/tires.csv"}


def test_only_what_changed_is_read_again(shelf: Shelf, folder: Path) -> None:
    add(shelf, folder)
    (folder / "hours.md").write_text("# Hours\n\nWe open at ten. We close at five.")
    outcomes = add(shelf, folder)
    assert outcomes["office/hours.md"].fate is Fate.CHANGED
    assert outcomes["office/hours.md"].version == 2
    assert outcomes["office/prices/tires.csv"].fate is Fate.UNCHANGED


def test_of_a_changed_document_only_new_sentences_are_encoded(shelf: Shelf, folder: Path) -> None:
    encoder = CountingVectors()
    add(shelf, folder, encoder=encoder)
    encoder.asked.clear()
    (folder / "hours.md").write_text("# Hours\n\nWe open at ten. We close at five.")
    add(shelf, folder, encoder=encoder)
    assert encoder.asked == ["Hours: We open at ten. We close at five.", "We open at ten."]


def test_another_model_reads_everything_again(shelf: Shelf, folder: Path) -> None:
    add(shelf, folder, encoder=None)
    outcomes = add(shelf, folder, encoder=FakeVectors())
    assert outcomes["office/hours.md"].fate is Fate.CHANGED


def test_a_zipped_web_site_is_a_folder(shelf: Shelf, folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "site.zip", "w") as parts:
        parts.write(folder / "hours.md", "pages/hours.md")
        parts.writestr("../../outside.md", "# Out\n\nNobody may write there.")
    assert set(add(shelf, tmp_path / "site.zip")) == {"site/pages/hours.md", "site/outside.md"}
    assert not (tmp_path.parent / "outside.md").exists()


def test_a_zip_that_unpacks_to_too_much_keeps_no_other_out(
    shelf: Shelf, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.knowledge.reading.UNPACKED_BYTES_MAX", 100)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("a.txt", "a" * 10_000)
    outcomes = add(shelf, tmp_path / "bomb.zip", folder / "hours.md")
    assert fates(outcomes) == {"bomb.zip": Fate.REFUSED, "hours.md": Fate.ADDED}


def test_a_name_that_lies_is_noted(shelf: Shelf, tmp_path: Path) -> None:
    file = tmp_path / "list.docx"
    file.write_text(r"{\rtf1\ansi We open at nine.\par}")
    outcome = add(shelf, file)["list.docx"]
    assert (outcome.fate, "application/rtf" in outcome.note) == (Fate.ADDED, True)


def test_progress_names_file_and_share(shelf: Shelf, folder: Path) -> None:
    told: list[Progress] = []
    list(Adding(shelf, FakeVectors(), NOON, told.append).add([folder]))
    assert [one.done for one in told] == sorted(one.done for one in told)
    assert {one.name for one in told} == {"office/broken.pdf", "office/hours.md", "office/prices/tires.csv"}
    assert any(one.texts for one in told)
