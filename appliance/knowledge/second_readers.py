"""Formats that kreuzberg does not read, or not always: presentations (odfpy, python-pptx), and texts that are
nearly Markdown. Only this file imports odf and pptx."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, Final
from xml.sax import SAXException

from odf import draw, opendocument, teletype, text
from pptx import Presentation
from pptx.exc import PackageNotFoundError

Reader = Callable[[bytes], str]
FAULTS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    PackageNotFoundError,
    SAXException,
    SyntaxError,
    KeyError,
    ValueError,
    AttributeError,
)
"""What zipfile, odfpy and python-pptx were seen to raise on damaged files; they have no class of their own for it."""

_CUE: Final = re.compile(r"^(?:\d+|.*-->.*|WEBVTT.*|NOTE\b.*|STYLE|REGION)$")
_TAG: Final = re.compile(r"</?[a-zA-Z][^>]*>|<\d[\d:.]*>")
_SPEAKER: Final = re.compile(r"<v(?:\.[\w.]+)?\s+([^>]+)>")
_HEADING: Final = re.compile(r"^(={1,6})\s+(.*)$", re.MULTILINE)
_ATTRIBUTE: Final = re.compile(r"^(?::[\w-]+:.*|\[.*\]|//.*|image::?.*|include::.*)$", re.MULTILINE)
_UNDERLINE: Final = re.compile(r"^(?![\s=\-~])(.{2,100})\n([=\-~])\2{2,}\s*$", re.MULTILINE)
_ORG_HEADING: Final = re.compile(r"^(\*+)\s+(?=\S)", re.MULTILINE)


def odp_markdown(content: bytes) -> str:
    """An OpenDocument presentation: a heading a slide, a line a paragraph."""
    slides = opendocument.load(BytesIO(content)).getElementsByType(draw.Page)
    return "\n\n".join(_slide(_lines_of(slide)) for slide in slides)


def _lines_of(slide: Any) -> Iterator[str]:
    for paragraph in slide.getElementsByType(text.P):
        yield teletype.extractText(paragraph).strip()


def pptx_markdown(content: bytes) -> str:
    """A PowerPoint presentation, likewise; pictures are passed over."""
    slides = Presentation(BytesIO(content)).slides
    return "\n\n".join(_slide(_lines_on(slide)) for slide in slides)


def _lines_on(slide: Any) -> Iterator[str]:
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield from (paragraph.text.strip() for paragraph in shape.text_frame.paragraphs)
        elif shape.has_table:
            yield from (" ".join(cell.text for cell in row.cells) for row in shape.table.rows)


def _slide(lines: Iterator[str]) -> str:
    said = [line for line in lines if line]
    return "\n\n".join([f"# {said[0]}", *said[1:]]) if said else ""


def vtt_markdown(content: str) -> str:
    """Subtitles (WebVTT, SubRip): what is said, without times; who says it, where it is told."""
    lines = (line.strip() for line in content.splitlines())
    kept = (_TAG.sub("", _SPEAKER.sub(r"\1: ", line)) for line in lines if not _CUE.match(line))
    return "\n".join(filter(None, kept))


def asciidoc_markdown(content: str) -> str:
    """AsciiDoc: its headings and paragraphs (it is Markdown in all that matters here but the heading's sign)."""
    return _HEADING.sub(lambda found: f"{'#' * len(found[1])} {found[2]}", _ATTRIBUTE.sub("", content))


def plain_markdown(content: str) -> str:
    """Plain text is Markdown but for indentation, which means nothing in it."""
    return "\n".join(line.strip() for line in content.splitlines())


def json_markdown(value: Any) -> str:
    """JSON: a list of like objects is a table, an object a paragraph of its keys and values."""
    return "\n\n".join(_told(value, ()))


def _told(value: Any, way: tuple[str, ...]) -> Iterator[str]:
    match value:
        case dict():
            plain = {key: one for key, one in value.items() if not isinstance(one, dict | list)}
            if plain:
                yield _sentence(plain)
            for key in value.keys() - plain.keys():
                yield f"{'#' * min(6, len(way) + 1)} {_spaced(key)}"
                yield from _told(value[key], (*way, key))
        case [dict(), *_] if all(isinstance(one, dict) for one in value):
            yield from _objects(value, way)
        case list():
            yield "\n".join(f"- {one}" for one in value if not isinstance(one, dict | list))
            for one in value:
                if isinstance(one, dict | list):
                    yield from _told(one, way)
        case _:
            yield str(value)


def _objects(rows: list[dict[str, Any]], way: tuple[str, ...]) -> Iterator[str]:
    if any(isinstance(one, dict | list) for row in rows for one in row.values()):
        for row in rows:
            yield from _told(row, way)
        return
    columns = list(dict.fromkeys(key for row in rows for key in row))
    lines = [_cells(map(_spaced, columns)), _cells("---" for _ in columns)]
    yield "\n".join([*lines, *(_cells(row.get(key, "") for key in columns) for row in rows)])


def _cells(values: Iterator[Any]) -> str:
    return f"| {' | '.join(_cell(value) for value in values)} |"


def _cell(value: Any) -> str:
    return "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")


def _sentence(plain: dict[str, Any]) -> str:
    told = ", ".join(f"{_spaced(key)} {value}" for key, value in plain.items() if value not in (None, ""))
    return f"{told}."


def _spaced(key: str) -> str:
    """ "opening_hours" and "openingHours" as they would be said."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[_\-]+", " ", str(key)).strip()
