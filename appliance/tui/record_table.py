"""A table of records: rows by their key, so that the cursor stays on what it was on when the list is read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text
from textual import events
from textual.widgets import DataTable


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and how many characters stand under it; 0: what the others leave, for one column of a table."""

    heading: str
    width: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One row: `key` says what it is of. Cells are what people said, so nothing in them is markup."""

    key: str
    cells: tuple[str | Text, ...]


class RecordTable(DataTable[Text]):
    """A list one goes through line by line; Enter or a click on the line under the cursor opens it.

    Long cells are cut with an ellipsis: `shows_whole` on the screen's sheet is for the rest.
    """

    _LEAST = 8

    def __init__(self, *columns: Column, id: str) -> None:  # noqa: A002  textual's own name
        super().__init__(id=id, cursor_type="row", zebra_stripes=False)
        self._wanted = columns
        self._lines: tuple[Line, ...] = ()
        self._drawn: tuple[tuple[Line, ...], int] | None = None

    def fill(self, lines: Sequence[Line]) -> None:
        """Show these; nothing is drawn when they are the same as before."""
        self._lines = tuple(lines)
        self._draw()

    @property
    def key(self) -> str | None:
        """The key of the line the cursor is on; None in an empty table."""
        return self._lines[self.cursor_row].key if 0 <= self.cursor_row < len(self._lines) else None

    def on_resize(self, event: events.Resize) -> None:
        """The column that takes the rest takes more or less."""
        self._draw()

    def _draw(self) -> None:
        width = self.size.width
        if not width or self._drawn == (self._lines, width):
            return
        keep, keys = self._key_drawn(), [line.key for line in self._lines]
        self.clear(columns=True)
        widths = self._widths(width)
        for column, wide in zip(self._wanted, widths, strict=True):
            self.add_column(column.heading, width=wide)
        for line in self._lines:
            self.add_row(*(_cut(cell, wide) for cell, wide in zip(line.cells, widths, strict=True)))
        self._drawn = (self._lines, width)
        if keep in keys:
            self.move_cursor(row=keys.index(keep))

    def _key_drawn(self) -> str | None:
        """What the cursor was on before the lines changed."""
        drawn = () if self._drawn is None else self._drawn[0]
        return drawn[self.cursor_row].key if 0 <= self.cursor_row < len(drawn) else None

    def _widths(self, width: int) -> list[int]:
        padding = 2 * self.cell_padding
        rest = width - sum(column.width + padding for column in self._wanted) - 1  # the scroll bar
        return [column.width or max(self._LEAST, rest) for column in self._wanted]


def _cut(cell: str | Text, wide: int) -> Text:
    text = cell.copy() if isinstance(cell, Text) else Text(" ".join(cell.split()))
    text.truncate(wide, overflow="ellipsis")
    return text
