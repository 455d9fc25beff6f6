"""A file as Markdown, whatever it was written with; or the reason why not. The only file that imports kreuzberg.

What a file is, is found by its content, never by its name alone: a renamed program or picture is refused, a
text document under the wrong name is read as what it is and its lie is noted.
"""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import kreuzberg

from appliance.errors import DocumentRefused
from appliance.knowledge import second_readers

FILE_BYTES_MAX: Final = 50_000_000
UNPACKED_BYTES_MAX: Final = 500_000_000
TEXT_CHARACTERS_MAX: Final = 5_000_000
_LETTERS_MIN: Final = 3
_FAULTS: Final = (kreuzberg.KreuzbergError, *second_readers.FAULTS)

_OPEN_DOCUMENT: Final = "application/vnd.oasis.opendocument."
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_PRESENTATION: Final = f"{_OFFICE}presentationml.presentation"
_BY_NAME: Final = {
    ".pdf": "application/pdf",
    ".docx": f"{_OFFICE}wordprocessingml.document",
    ".xlsx": f"{_OFFICE}spreadsheetml.sheet",
    ".pptx": _PRESENTATION,
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".odt": f"{_OPEN_DOCUMENT}text",
    ".ods": f"{_OPEN_DOCUMENT}spreadsheet",
    ".odp": f"{_OPEN_DOCUMENT}presentation",
    ".rtf": "application/rtf",
    ".epub": "application/epub+zip",
    ".html": "text/html",
    ".htm": "text/html",
    ".xml": "text/xml",
    ".json": "application/json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".eml": "message/rfc822",
    ".msg": "application/vnd.ms-outlook",
    ".rst": "text/x-rst",
    ".org": "text/x-org",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".txt": "text/plain",
    ".text": "text/plain",
    ".vtt": "text/vtt",
    ".srt": "text/vtt",
    ".adoc": "text/asciidoc",
    ".asciidoc": "text/asciidoc",
}
SUFFIXES: Final = frozenset(_BY_NAME)
"""Names that a folder is searched for."""

_WRITTEN_AS_TEXT: Final = frozenset(
    {
        "text/markdown",
        "text/plain",
        "text/vtt",
        "text/asciidoc",
        "text/csv",
        "text/tab-separated-values",
        "text/html",
        "text/xml",
        "application/json",
        "message/rfc822",
        "text/x-rst",
        "text/x-org",
    }
)
_COMPOUND: Final = frozenset(
    {
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.ms-outlook",
    }
)
_COMPOUND_SIGNATURE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_HTML_TABLE: Final = re.compile(r"<table\b.*</table>", re.DOTALL | re.IGNORECASE)  # in Markdown
_ENCRYPTED_OFFICE: Final = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says. `kind` is its MIME type by content; `lied` when its name says another."""

    markdown: str
    kind: str
    lied: bool = False


def read(path: Path, *, bytes_max: int = FILE_BYTES_MAX) -> Document:
    """The file as Markdown; DocumentRefused, with reason and remedy, when it cannot be had."""
    content = _content(path, bytes_max)
    named = _BY_NAME.get(path.suffix.lower(), "")
    kind = kind_of(content, named)
    _refuse_locked(path, content, kind)
    if not kind:
        raise DocumentRefused(
            f"{path.name}: is no document that can be read (by its content).",
            remedy="Save it as PDF, DOCX, ODT, XLSX, HTML, Markdown or text.",
        )
    markdown = _markdown(path, content, kind)
    if sum(character.isalpha() for character in markdown[:100_000]) < _LETTERS_MIN:
        raise _without_text(path, kind)
    if len(markdown) > TEXT_CHARACTERS_MAX:
        raise DocumentRefused(
            f"{path.name}: holds more than {TEXT_CHARACTERS_MAX:,} characters.", remedy="Split it."
        )
    return Document(markdown, kind, lied=bool(named) and kind != named)


def kind_of(content: bytes, named: str = "") -> str:
    """The MIME type of `content`; among texts, which look alike, what the name says. "" when it is none of ours."""
    if content.startswith(_COMPOUND_SIGNATURE):
        return named if named in _COMPOUND else _sniffed(content)
    if content.startswith(b"PK"):
        return _open_document(content) or _sniffed(content)
    sniffed = _sniffed(content)
    if sniffed and not sniffed.startswith("text/") and sniffed != "application/json":
        return sniffed if sniffed in _BY_NAME.values() else ""
    if not _is_text(content):
        return ""
    return named if named in _WRITTEN_AS_TEXT else sniffed or "text/plain"


def _content(path: Path, bytes_max: int) -> bytes:
    try:
        size_bytes = path.stat().st_size
        if size_bytes > bytes_max:
            raise DocumentRefused(
                f"{path.name}: is too large ({size_bytes / 1e6:.0f} MB, at most {bytes_max / 1e6:.0f} MB).",
                remedy="Split it, or leave its pictures out.",
            )
        content = path.read_bytes()
    except OSError as error:
        raise DocumentRefused(
            f"{path.name}: cannot be opened ({error.strerror}).", remedy="Check the path and its permissions."
        ) from error
    if not content.strip():
        raise DocumentRefused(f"{path.name}: is empty.")
    return content


def _sniffed(content: bytes) -> str:
    try:
        found = kreuzberg.detect_mime_type(content)
    except _FAULTS:  # RuntimeError for what it does not know
        return ""
    return found if found in _BY_NAME.values() else ""


def _open_document(content: bytes) -> str:
    """OpenDocument and EPUB files say what they are in a first member called mimetype (OASIS ODF 1.2, part 3)."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            said = parts.read("mimetype")[:100].decode("ascii", "replace").strip()
    except _FAULTS:
        return ""
    return said if said in _BY_NAME.values() else ""


def _is_text(content: bytes) -> bool:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    head = content[:65536]
    return b"\0" not in head and sum(byte < 9 for byte in head) == 0


# --- what cannot be read --------------------------------------------------------------------------


def _refuse_locked(path: Path, content: bytes, kind: str) -> None:
    """Encrypted files, and archives that would unpack to more than any document."""
    locked = content.startswith(_COMPOUND_SIGNATURE) and _ENCRYPTED_OFFICE in content
    if content.startswith(b"PK"):
        locked = _is_locked_archive(path, content)
    if kind == "application/pdf":
        locked = b"/Encrypt" in content
    if locked and not (kind == "application/pdf" and _opens(content, kind)):
        raise DocumentRefused(f"{path.name}: is encrypted.", remedy="Save it without a password.")


def _is_locked_archive(path: Path, content: bytes) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            members = parts.infolist()
            manifest = (
                parts.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in parts.namelist() else b""
            )
    except _FAULTS as error:
        raise _broken(path, str(error)) from error
    if sum(one.file_size for one in members) > UNPACKED_BYTES_MAX:
        raise DocumentRefused(f"{path.name}: unpacks to more than any document.", remedy="Leave it out.")
    return any(one.flag_bits & 1 for one in members) or b"encryption-data" in manifest


def _opens(content: bytes, kind: str) -> bool:
    """Whether it can be read all the same: many PDFs are only protected against printing."""
    try:
        kreuzberg.extract_bytes_sync(content, kind, config=_config())
    except _FAULTS:
        return False
    return True


def _broken(path: Path, said: str) -> DocumentRefused:
    reason = said.splitlines()[0][:120] if said else "it cannot be understood"
    return DocumentRefused(
        f"{path.name}: is broken ({reason}).",
        remedy="Open it in the program it was made with and save it again.",
    )


def _without_text(path: Path, kind: str) -> DocumentRefused:
    scanned = kind == "application/pdf"
    return DocumentRefused(
        f"{path.name}: holds no text" + (" (a scan: pictures of pages)." if scanned else "."),
        remedy="Run it through text recognition first, for example ocrmypdf." if scanned else "",
    )


# --- reading --------------------------------------------------------------------------------------


def _config() -> kreuzberg.ExtractionConfig:
    return kreuzberg.ExtractionConfig(  # type: ignore[call-arg]  # its stub does not know disable_ocr
        output_format="markdown", use_cache=False, disable_ocr=True
    )


def _markdown(path: Path, content: bytes, kind: str) -> str:
    match kind:
        case "text/markdown" | "text/plain" | "text/vtt" | "text/asciidoc":
            return _written(kind, _decoded(content))
        case "application/json":
            return _json(path, content)
        case _ if kind == f"{_OPEN_DOCUMENT}presentation":
            return _by_second_reader(path, second_readers.odp_markdown, content)
    try:
        return kreuzberg.extract_bytes_sync(content, kind, config=_config()).content
    except _FAULTS as error:
        if kind == _PRESENTATION:  # refuses slides whose picture is only linked
            return _by_second_reader(path, second_readers.pptx_markdown, content)
        raise _broken(path, str(error)) from error


def _by_second_reader(path: Path, reader: second_readers.Reader, content: bytes) -> str:
    try:
        return reader(content)
    except _FAULTS as error:
        raise _broken(path, str(error)) from error


def _decoded(content: bytes) -> str:
    """UTF-8, UTF-16 with its mark, else what Windows wrote."""
    for encoding in ("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _written(kind: str, text: str) -> str:
    """Text formats that are nearly Markdown, made so."""
    match kind:
        case "text/vtt":
            return second_readers.vtt_markdown(text)
        case "text/asciidoc":
            return second_readers.asciidoc_markdown(text)
        case "text/plain":
            return second_readers.plain_markdown(text)
        case _:
            return _HTML_TABLE.sub(lambda found: f"\n\n{_of_html(found[0])}\n\n", text)


def _of_html(html: str) -> str:
    return kreuzberg.extract_bytes_sync(html.encode(), "text/html", config=_config()).content


def _json(path: Path, content: bytes) -> str:
    try:
        value: Any = json.loads(_decoded(content))
    except (ValueError, RecursionError) as error:
        raise _broken(path, str(error)) from error
    return second_readers.json_markdown(value)
