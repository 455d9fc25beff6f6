"""A page of tables, facts and pictures as one HTML file that asks nobody for anything.

Whoever has something to show puts blocks together.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under a header; `marks` gives a row a kind: good, bad, or none."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    marks: Sequence[str] = ()

    @property
    def marked_rows(self) -> list[tuple[str, Sequence[str]]]:
        """Each row with its mark, empty where there is none."""
        marks = (*self.marks, *("" for _ in self.rows))
        return list(zip(marks, self.rows, strict=False))


@dataclass(frozen=True, slots=True)
class Definitions:
    """Names and what each stands for."""

    title: str
    entries: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sentences:
    """Things to be said in words."""

    title: str
    sentences: Sequence[str]


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG document, shown as an image so that its ids stay its own."""

    title: str
    svg: str

    @property
    def address(self) -> str:
        """The picture itself as an address."""
        return "data:image/svg+xml;base64," + base64.b64encode(self.svg.encode()).decode()


Block = Table | Definitions | Sentences | Picture


@dataclass(frozen=True, slots=True)
class Page:
    """A heading, a line below it, and blocks from top to bottom."""

    title: str
    subtitle: str = ""
    blocks: Sequence[Block] = field(default_factory=tuple)


def html(page: Page) -> str:
    """The whole page as text; everything in it is escaped."""
    import jinja2

    templates = jinja2.Environment(
        loader=jinja2.PackageLoader("appliance.press", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    kinds: dict[str, Any] = {"kind": lambda block: type(block).__name__}
    return templates.get_template("page.html").render(page=page, **kinds)
