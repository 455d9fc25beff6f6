"""A document that takes its reader down is refused, and the next one is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.errors import DocumentRefused
from appliance.knowledge.careful_reader import CarefulReader


@pytest.fixture
def document(tmp_path: Path) -> Path:
    file = tmp_path / "hours.md"
    file.write_text("# Hours\n\nWe open at nine. Caf\xe9.")
    return file


def test_it_reads_what_reading_reads(document: Path) -> None:
    with CarefulReader() as reader:
        assert reader.read(document).markdown == document.read_text()
        assert reader.read(document).kind == "text/markdown"


def test_a_refusal_keeps_its_reason_and_remedy(tmp_path: Path) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    with (
        CarefulReader() as reader,
        pytest.raises(DocumentRefused, match=r"broken\.pdf: is broken") as refused,
    ):
        reader.read(tmp_path / "broken.pdf")
    assert refused.value.remedy


def test_a_reader_that_dies_refuses_the_document_and_is_replaced(document: Path) -> None:
    with CarefulReader() as reader:
        reader.read(document)
        assert reader._process is not None
        reader._process.kill()
        reader._process.wait()
        with pytest.raises(DocumentRefused, match="more memory or time"):
            reader.read(document)
        assert reader.read(document).markdown


def test_a_reader_that_needs_too_much_memory_dies_alone(document: Path) -> None:
    document.write_text("We open at nine. " * 250_000)
    with (
        CarefulReader(memory_bytes_max=1_000_000) as reader,
        pytest.raises(DocumentRefused, match="more memory or time"),
    ):
        reader.read(document)


def test_a_reader_that_takes_too_long_is_ended(document: Path) -> None:
    with CarefulReader(read_s_max=0.0) as reader, pytest.raises(DocumentRefused, match="more memory or time"):
        reader.read(document)
