"""Calls: a list that is paged and narrowed down, a call whole with its transcript and waterfalls, and its files."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import ClassVar, Final

from rich.table import Table
from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import DataTable, Input, Select, Static

from appliance.domain.call import Disposition
from appliance.errors import ApplianceError
from appliance.store.call_pages import CallPages, Listed, Place, Wanted
from appliance.store.database import Database
from appliance.store.search import Search
from appliance.store.whole_calls import export_to, whole_call
from appliance.tui import moments
from appliance.tui.call_sheet import lasted, sheet
from appliance.tui.record_screen import RecordScreen, begin
from appliance.tui.record_table import Column, Line, RecordTable
from appliance.tui.sheet import Sheet

PAGE_CALLS: Final = 50
FOUND_MAX: Final = 200
"""Calls in which the words were said, at most: the newest (store/search.py)."""
_COLUMNS: Final = (
    Column("when", 16),
    Column("caller", 14),
    Column("lasted", 6),
    Column("ended", 12),
    Column("about"),
)
_EVERY: Final = Wanted()


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is on the screen: which calls, and after which places the pages so far begin."""

    wanted: Wanted = _EVERY
    places: tuple[Place | None, ...] = (None,)

    @property
    def page(self) -> int:
        """The number of the page, from 0."""
        return len(self.places) - 1


@dataclass(frozen=True, slots=True)
class _Seen:
    """A page of calls; `more` whether there is one after it, `in_all` how many calls there are."""

    asked: _Asked
    lines: tuple[Listed, ...]
    more: bool
    in_all: int
    unindexed: int


class CallsScreen(RecordScreen):
    """Every call that was kept."""

    TITLE: ClassVar[str] = "Calls"
    KEY: ClassVar[str] = "4"
    EVERY_S: ClassVar[float] = 5.0
    AUTO_FOCUS: ClassVar[str | None] = "#calls"
    CSS = """
    #filters { height: 1; }
    #filters Input, #filters Select { width: 1fr; }
    #words { width: 2fr; }
    #list { height: 1fr; }
    #calls { width: 1fr; height: 1fr; }
    #preview { display: none; width: 1fr; padding: 0 1; border-left: solid $primary; }
    CallsScreen.-wide #preview { display: block; }
    #told { height: 1; color: $text-muted; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "words", "search", key_display="/"),
        Binding("c", "clear", "clear"),
        Binding("n", "older", "older"),
        Binding("p", "newer", "newer"),
        Binding("e", "export", "export"),
        Binding("escape", "list", "to the list", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._asked = _Asked()
        self._seen: _Seen | None = None

    def body(self) -> Iterable[Widget]:
        """Filters, the list, beside it the call under the cursor where there is room, and how many there are."""
        how = [(str(one), str(one)) for one in Disposition]
        yield Horizontal(
            Input(placeholder="/ words that were said", id="words", compact=True),
            Input(placeholder="since 2d", id="since", compact=True),
            Input(placeholder="number", id="caller", compact=True),
            Select(how, prompt="ended", id="how", compact=True),
            id="filters",
        )
        yield Horizontal(
            RecordTable(*_COLUMNS, id="calls"), VerticalScroll(Static(id="page"), id="preview"), id="list"
        )
        yield Static(id="told")

    # --- looking ----------------------------------------------------------------------------------

    def gather(self) -> _Seen:
        """A page of what is asked for; the words are looked for once, not again and again."""
        asked, before = self._asked, self._seen
        with self.reading() as database:
            if not asked.wanted.words:
                return _page(database, asked)
            if before is not None and before.asked == asked:
                return before
            found = CallPages(database).found(asked.wanted, FOUND_MAX)
            return _Seen(asked, tuple(found), False, len(found), Search(database).waiting())

    def show(self, seen: _Seen) -> None:
        """The page, unless something else was asked for meanwhile."""
        if seen.asked != self._asked:
            return
        self._seen = seen
        self.query_one("#calls", RecordTable).fill([self._line(one) for one in seen.lines])
        self.query_one("#told", Static).update(_told(seen))
        self._preview()

    def _line(self, one: Listed) -> Line:
        call = one.call
        when = f"{self.office_time(call.offered_at):%a %d %b %H:%M}"
        return Line(call.call_id, (when, call.caller, lasted(call), str(call.disposition), _about(one)))

    # --- what is wanted ---------------------------------------------------------------------------

    @on(Input.Submitted)
    def _typed(self) -> None:
        self._narrow()
        self.query_one("#calls", RecordTable).focus()

    @on(Select.Changed)
    def _chosen(self) -> None:
        self._narrow()

    def _narrow(self) -> None:
        how = self.query_one("#how", Select)
        try:
            begins = moments.since(self._text("#since"), self.now())
        except ApplianceError as fault:
            self.trouble(fault)
            return
        wanted = Wanted(
            words=self._text("#words"),
            since=begins,
            disposition=None if how.is_blank() else str(how.value),
            caller=self._text("#caller") or None,
        )
        if wanted != self._asked.wanted:
            self._ask(_Asked(wanted))

    def _text(self, field: str) -> str:
        return self.query_one(field, Input).value.strip()

    def _ask(self, asked: _Asked) -> None:
        self._asked = asked
        self.look()

    def action_words(self) -> None:
        """Type what was said."""
        self.query_one("#words", Input).focus()

    def action_list(self) -> None:
        """From a filter to the list."""
        self.query_one("#calls", RecordTable).focus()

    def action_clear(self) -> None:
        """Every call again."""
        for one in self.query(Input):
            one.clear()
        self.query_one("#how", Select).clear()
        self._ask(_Asked())

    def action_older(self) -> None:
        """The page after this one."""
        if self._seen is not None and self._seen.more and self._seen.asked == self._asked:
            self._ask(replace(self._asked, places=(*self._asked.places, self._seen.lines[-1].place)))

    def action_newer(self) -> None:
        """The page before this one."""
        if self._asked.page:
            self._ask(replace(self._asked, places=self._asked.places[:-1]))

    # --- one call ---------------------------------------------------------------------------------

    @on(DataTable.RowSelected)
    def _opened(self, event: DataTable.RowSelected) -> None:
        if call_id := self.query_one("#calls", RecordTable).key:
            self.open_sheet(partial(self._call_sheet, call_id), lambda _: self._export(call_id))

    def _call_sheet(self, call_id: str) -> Sheet:
        return Sheet(self._read_sheet(call_id), (("e", "export", "export"),))

    @on(DataTable.RowHighlighted)
    def _highlighted(self) -> None:
        self._preview()

    def _preview(self) -> None:
        if self.query_one("#preview").display:
            begin(self, "preview", self._show_preview)

    async def _show_preview(self) -> None:
        call_id = self.query_one("#calls", RecordTable).key
        page = Table.grid()
        if call_id is not None:
            try:
                page = await asyncio.to_thread(self._read_sheet, call_id)
            except ApplianceError as fault:  # forgotten a moment ago, or the disk
                self.trouble(fault)
        self.query_one("#page", Static).update(page)

    def _read_sheet(self, call_id: str) -> Table:
        with self.reading() as database:
            return sheet(whole_call(database, self.directory, call_id), self.feed.business.zone)

    def action_export(self) -> None:
        """The call under the cursor as files."""
        if call_id := self.query_one("#calls", RecordTable).key:
            self._export(call_id)

    def _export(self, call_id: str) -> None:
        def do(folder: str) -> str:
            with self.reading() as database:
                whole = whole_call(database, self.directory, call_id)
            written = export_to(whole, Path(folder).expanduser())
            return f"{len(written)} files are in {written[0].parent}."

        self.order_with(f"Write call {call_id} to which folder?", f"~/call-{call_id}", do)


def _page(database: Database, asked: _Asked) -> _Seen:
    pages = CallPages(database)
    lines = pages.page(asked.wanted, PAGE_CALLS + 1, asked.places[-1])
    in_all = pages.count(asked.wanted)
    return _Seen(asked, tuple(lines[:PAGE_CALLS]), len(lines) > PAGE_CALLS, in_all, 0)


def _about(one: Listed) -> Text:
    """What was found in it, the words looked for in bold; else what the call was about."""
    if one.hit is None:
        return Text("" if one.call.summary is None else one.call.summary.wish)
    told = Text()
    for piece in one.hit.said:
        told.append(piece.text, "bold" if piece.is_hit else "")
    return told


def _told(seen: _Seen) -> str:
    """Which of how many; what to do where there is none."""
    first = seen.asked.page * PAGE_CALLS + 1
    if not seen.lines:
        return (
            "No calls yet: ring the box." if seen.asked == _Asked() else "No call fits: c shows all of them."
        )
    told = f"{first:,}-{first + len(seen.lines) - 1:,} of {seen.in_all:,}"
    if seen.asked.wanted.words:
        told += ", the best first"
    if seen.unindexed:
        told += f"; {seen.unindexed} older calls are not in the index yet"
    return told
