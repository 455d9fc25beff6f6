"""Every kind of file is read, or refused with a reason."""

from __future__ import annotations

import json
import random
import zipfile
from pathlib import Path

import pytest

from appliance.errors import DocumentRefused
from appliance.knowledge import reading
from appliance.knowledge.reading import read

PDF_WITHOUT_TEXT = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R>>endobj
4 0 obj<</Length 18>>stream
10 10 80 80 re f
endstream endobj
trailer<</Root 1 0 R>>
%%EOF
"""


@pytest.fixture
def write(tmp_path: Path):
    def write(name: str, content: bytes | str) -> Path:
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    return write


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "We open at nine."),
        ("a.txt", "We open at nine. Caf\xe9.".encode("cp1252")),
        ("a.txt", "We open at nine.".encode("utf-16")),
        ("a.md", "# Hours\n\nWe open at nine."),
        ("a.html", "<html><body><h1>Hours</h1><p>We open at nine.</p></body></html>"),
        ("a.csv", "day;hours\nMonday;We open at nine.\n"),
        ("a.json", json.dumps({"opening_hours": "We open at nine."})),
        ("a.rtf", r"{\rtf1\ansi We open at nine.\par}"),
        ("a.eml", "From: a@example.org\nSubject: Hours\nContent-Type: text/plain\n\nWe open at nine.\n"),
        ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>We open at nine.\n"),
        ("a.adoc", "= Hours\n\nWe open at nine.\n"),
    ],
)
def test_what_it_says_is_read(write, name: str, content: bytes | str) -> None:
    assert "We open at nine." in read(write(name, content)).markdown


def test_a_heading_stays_one(write) -> None:
    html = write("a.html", "<html><body><h2>Hours</h2><p>We open at nine.</p></body></html>")
    assert "## Hours" in read(html).markdown


def test_json_reads_like_tables_and_sentences(write) -> None:
    facts = {
        "shop": "Hilltop",
        "prices": [{"service": "Oil", "price": 49}, {"service": "Tires", "price": 25}],
    }
    markdown = read(write("a.json", json.dumps(facts))).markdown
    assert "shop Hilltop." in markdown
    assert "| Oil | 49 |" in markdown


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"  \n", "empty"),
        ("picture.pdf", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "no document"),
        ("program.txt", b"\x7fELF\x02\x01\x01" + bytes(100), "no document"),
        ("cut.pdf", b"%PDF-1.7\n1 0 obj<</Ty", "broken"),
        ("cut.docx", b"PK\x03\x04" + b"x" * 50, "broken|no document"),
        ("bad.json", b'{"a": ', "broken"),
        ("scan.pdf", PDF_WITHOUT_TEXT, "no text.*scan"),
        ("signs.md", b"--- *** ---", "no text"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(
    write, name: str, content: bytes, reason: str
) -> None:
    with pytest.raises(DocumentRefused, match=reason) as refused:
        read(write(name, content))
    assert name in refused.value.message


def test_a_locked_archive_is_said_to_be_encrypted(write, tmp_path: Path) -> None:
    file = tmp_path / "locked.odt"
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        parts.writestr("META-INF/manifest.xml", "<manifest><encryption-data/></manifest>")
    with pytest.raises(DocumentRefused, match="encrypted"):
        read(file)


def test_an_encrypted_office_file_too(write) -> None:
    signature = bytes.fromhex("d0cf11e0a1b11ae1")
    file = write("locked.xlsx", signature + bytes(512) + "EncryptedPackage".encode("utf-16-le") + bytes(512))
    with pytest.raises(DocumentRefused, match="encrypted"):
        read(file)


def test_a_huge_file_is_not_even_opened(write) -> None:
    with pytest.raises(DocumentRefused, match="too large"):
        read(write("a.txt", "word " * 100), bytes_max=100)


@pytest.mark.real
@pytest.mark.parametrize("suffix", [".docx", ".odt", ".epub", ".pptx", ".rtf", ".eml"])
def test_a_damaged_document_is_refused_or_read_but_never_a_crash(
    data_dir: Path, tmp_path: Path, suffix: str
) -> None:
    whole = (data_dir / "kb_documents" / "parity_eng_spa_mult" / f"eng_spa_mult{suffix}").read_bytes()
    chance = random.Random(suffix)
    file = tmp_path / f"damaged{suffix}"
    for _ in range(25):
        damaged = bytearray(whole)
        for _ in range(40):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        file.write_bytes(damaged[: chance.randrange(1, len(damaged))] if chance.random() < 0.3 else damaged)
        try:
            assert read(file).markdown
        except DocumentRefused as refused:
            assert file.name in refused.message


def test_an_archive_that_would_unpack_to_more_than_any_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "UNPACKED_BYTES_MAX", 1000)
    file = tmp_path / "bomb.docx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", "")
        parts.writestr("word/document.xml", "a" * 5000)
    with pytest.raises(DocumentRefused, match=r"unpacks|no document"):
        read(file)


def test_a_document_under_a_wrong_name_is_read_as_what_it_is(write) -> None:
    rtf = write("really.docx", r"{\rtf1\ansi We open at nine.\par}")
    document = read(rtf)
    assert (document.lied, document.kind) == (True, "application/rtf")
    assert "We open at nine." in document.markdown


@pytest.mark.real
def test_every_development_document_is_read(data_dir: Path) -> None:
    files = [
        one for one in (data_dir / "kb_documents").rglob("*.*") if one.suffix.lower() in reading.SUFFIXES
    ]
    refused = []
    for file in files:
        try:
            assert read(file).markdown.strip()
        except DocumentRefused as fault:
            refused.append(str(fault))
    assert len(files) >= 60
    assert refused == []


@pytest.mark.real
def test_one_text_in_fourteen_formats_is_one_text(data_dir: Path) -> None:
    said = "All human beings are born free and equal in dignity and rights."
    files = sorted((data_dir / "kb_documents" / "parity_eng_spa_mult").iterdir())
    assert [one.name for one in files if said not in read(one).markdown] == []
    assert {one.name for one in files if read(one).lied} == {"eng_spa_mult.doc", "eng_spa_mult.ppt"}
