"""Sync: what is on its way to other machines, how each of them stands, and having it tried again or given up."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Final

from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import DataTable, Static

from appliance.store.backlog import Backlog, Standing
from appliance.store.outbox import Delivery, DeliveryState
from appliance.tui.moments import ago
from appliance.tui.record_screen import RecordScreen
from appliance.tui.record_table import Column, Line, RecordTable
from appliance.tui.sheet import Sheet

PAGE_ROWS: Final = 50
_UNSENT: Final = (DeliveryState.WAITING, DeliveryState.CLAIMED, DeliveryState.BURIED)
_DESTINATIONS: Final = (
    *(Column("to", 8), Column("", 8), Column("waiting", 7), Column("since", 6), Column("today", 6)),
    *(Column("given up", 8), Column("last error")),
)
_ROWS: Final = (
    *(Column("row", 6), Column("to", 8), Column("tells of", 22), Column("since", 6), Column("state", 8)),
    *(Column("tries", 5), Column("why")),
)


@dataclass(frozen=True, slots=True)
class _Seen:
    """Every destination, who sends, and a page of what was not sent; `after` is where that page begins."""

    standing: tuple[Standing, ...]
    sender: int | None
    after: int
    rows: tuple[Delivery, ...]
    more: bool


class SyncScreen(RecordScreen):
    """The outbox by destination, and row by row."""

    TITLE: ClassVar[str] = "Sync"
    KEY: ClassVar[str] = "6"
    AUTO_FOCUS: ClassVar[str | None] = "#rows"
    CSS = """
    #sender { height: 1; padding: 0 1; }
    #destinations { height: auto; max-height: 7; }
    #troubles { height: auto; max-height: 4; padding: 0 1; }
    #unsent { height: 1fr; }
    #unsent Static { height: 1; padding: 0 1; text-style: bold; }
    #rows { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "retry", "retry row"),
        Binding("b", "bury", "give up"),
        Binding("w", "waiting", "retry all"),
        Binding("u", "unbury", "retry given up"),
        Binding("s", "send", "send now"),
        Binding("n", "page(1)", "older", show=False),
        Binding("p", "page(-1)", "newer", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._pages: tuple[int, ...] = (0,)
        self._seen: _Seen | None = None

    def body(self) -> Iterable[Widget]:
        """Who sends, the destinations, and what was not sent."""
        yield Static(id="sender", markup=False)
        yield RecordTable(*_DESTINATIONS, id="destinations")
        yield Static(id="troubles", markup=False)
        yield Vertical(Static(id="unsent_told", markup=False), RecordTable(*_ROWS, id="rows"), id="unsent")

    # --- looking ----------------------------------------------------------------------------------

    def gather(self) -> _Seen:
        """How everything stands now."""
        after = self._pages[-1]
        with self.reading() as database:
            backlog = Backlog(database, self.feed.clock)
            standing = backlog.standing(self.feed.settings.destinations)
            rows = backlog.rows(_UNSENT, limit=PAGE_ROWS + 1, after=after)
        sender = self.feed.neighbours.sender()
        return _Seen(tuple(standing), sender, after, tuple(rows[:PAGE_ROWS]), len(rows) > PAGE_ROWS)

    def show(self, seen: _Seen) -> None:
        """All of it; what to do where there is nothing."""
        self._seen = seen
        self.query_one("#sender", Static).update(_who_sends(seen))
        self.query_one("#destinations", RecordTable).fill([self._destination(one) for one in seen.standing])
        troubles = [self._trouble_of(one) for one in seen.standing if one.failing_since]
        self.query_one("#troubles", Static).update("\n".join(troubles))
        self.query_one("#unsent_told", Static).update(_told(seen, len(self._pages)))
        self.query_one("#rows", RecordTable).fill([self._row(one) for one in seen.rows])

    def _destination(self, one: Standing) -> Line:
        now = self.feed.clock.now()
        waiting, today, buried = str(one.waiting), str(one.sent_today), str(one.buried)
        cells = (one.destination, _state(one), waiting, ago(one.oldest_at, now), today, buried)
        return Line(one.destination, (*cells, one.error))

    def _trouble_of(self, one: Standing) -> str:
        """What is wrong with it, since when, and what to do."""
        remedy = self.feed.neighbours.remedy_of(one.error)
        since = (
            "" if one.failing_since is None else f" since {self.office_time(one.failing_since):%d %b %H:%M}"
        )
        rest = f", left alone until {self.office_time(one.rests_until):%H:%M}" if one.rests_until else ""
        return f"! {one.destination}: {one.error}{since}{rest}. {remedy}".rstrip()

    def _row(self, one: Delivery) -> Line:
        about = f"{one.kind} {one.subject}"
        since = ago(one.created_at, self.feed.clock.now())
        state = "given up" if one.state is DeliveryState.BURIED else str(one.state)
        number = str(one.number)
        return Line(number, (number, one.destination, about, since, state, str(one.attempts), one.reason))

    def action_page(self, step: int) -> None:
        """The page after this one, or before it."""
        if step > 0 and self._seen is not None and self._seen.more and self._seen.after == self._pages[-1]:
            self._pages = (*self._pages, self._seen.rows[-1].number)
        elif step < 0 and len(self._pages) > 1:
            self._pages = self._pages[:-1]
        self.look()

    @on(DataTable.RowSelected, "#rows")
    def _opened(self) -> None:
        if number := self._row_chosen():
            self.open_sheet(partial(self._row_sheet, number))

    def _row_sheet(self, number: int) -> Sheet:
        with self.reading() as database:
            one = Backlog(database).get(number)
        said = json.dumps(one.payload, indent=2, ensure_ascii=False) if one.payload else ""
        head = f"Row {one.number}: {one.kind} {one.subject} to {one.destination}"
        due = f"{one.state}, {one.attempts} attempts, due {self.office_time(one.due_at):%a %d %b %H:%M:%S}"
        return Sheet(Text("\n".join([head, due, one.reason, "", said])))

    # --- orders -----------------------------------------------------------------------------------

    def action_retry(self) -> None:
        """The row under the cursor is tried again now."""
        if number := self._row_chosen():
            self.order(f"Try row {number} again now?", partial(self._retry, number=number))

    def action_waiting(self) -> None:
        """All that waits for the destination of the row under the cursor is tried now."""
        if name := self._destination_chosen():
            self.order(f"Try everything that waits for {name} now?", partial(self._retry, destination=name))

    def action_unbury(self) -> None:
        """What was given up is tried again."""
        if name := self._destination_chosen():
            again = partial(self._retry, destination=name, buried=True)
            self.order(f"Try everything that was given up for {name} again?", again)

    def action_bury(self) -> None:
        """The row under the cursor is given up, for a reason."""
        if number := self._row_chosen():
            self.order_with(f"Give row {number} up: why?", "", partial(self._bury, number))

    def action_send(self) -> None:
        """Whoever sends is woken."""
        self.order("Have everything that is due sent now?", self._ring)

    def _retry(self, *, number: int | None = None, destination: str = "", buried: bool = False) -> str:
        with self.writing() as database:
            backlog = Backlog(database, self.feed.clock)
            rows = backlog.retry(number=number, destination=destination, buried=buried)
        return f"{rows} to be sent now. {self._ring()}"

    def _bury(self, number: int, why: str) -> str:
        with self.writing() as database:
            Backlog(database, self.feed.clock).bury(number, why)
        return f"Row {number} is given up; r takes it back."

    def _ring(self) -> str:
        if self.feed.neighbours.ring():
            return "The sync process tries it."
        return "No process sends at present: `appliance run`, or `appliance sync now`."

    def _row_chosen(self) -> int | None:
        key = self.query_one("#rows", RecordTable).key
        return None if key is None else int(key)

    def _destination_chosen(self) -> str | None:
        """The destination of the table that has the focus."""
        destinations = self.query_one("#destinations", RecordTable)
        if destinations.has_focus or self._row_chosen() is None:
            return destinations.key
        rows = () if self._seen is None else self._seen.rows
        return next((one.destination for one in rows if one.number == self._row_chosen()), None)


def _state(one: Standing) -> str:
    """As `appliance sync status` says it; `resting`: the breaker is open."""
    return "resting" if one.rests_until else "failing" if one.failing_since else "well"


def _who_sends(seen: _Seen) -> str:
    if not seen.standing:
        return "Nothing is sent anywhere: see [deliver] and [crm] in the settings."
    return f"Process {seen.sender} sends." if seen.sender else "No process sends at present: `appliance run`."


def _told(seen: _Seen, page: int) -> str:
    if not seen.rows:
        return "Nothing waits, and nothing was given up."
    more = ", n: more" if seen.more else ""
    return f"Not sent, the oldest first (page {page}{more}; Enter: the whole row)"
