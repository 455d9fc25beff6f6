"""Desk: a day's appointments and the messages callers left, and what the office does with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import ClassVar, Final

from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.widget import Widget
from textual.widgets import DataTable, Static

from appliance.domain.appointment import Appointment, AppointmentChange, Standing
from appliance.errors import NotBookable, NotFound
from appliance.settings import Tells
from appliance.store.appointments import CLOSED, GONE, Diary, Refusal
from appliance.store.database import Database
from appliance.store.export import clock
from appliance.store.inbox import InboxPage, page_of
from appliance.store.messages import InboxEntry, Messages
from appliance.tui import moments
from appliance.tui.record_screen import RecordScreen
from appliance.tui.record_table import Column, Line, RecordTable
from appliance.tui.sheet import Sheet

_MESSAGES_MAX: Final = 200
_NEAR_TOLD: Final = 3
_APPOINTMENTS: Final = (Column("at", 11), Column("name", 14), Column("service", 18), Column("number"))
_MESSAGES: Final = (
    Column("taken", 12),
    Column("", 6),
    Column("for", 8),
    Column("from", 12),
    Column("matter"),
)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A day of the diary, cancelled ones too, and the inbox."""

    day: date
    every: bool
    appointments: tuple[Appointment, ...]
    messages: tuple[InboxEntry, ...]


class DeskScreen(RecordScreen):
    """What the office has to do."""

    TITLE: ClassVar[str] = "Desk"
    KEY: ClassVar[str] = "5"
    AUTO_FOCUS: ClassVar[str | None] = "#messages"
    CSS = """
    #desk { layout: vertical; height: 1fr; }
    DeskScreen.-wide #desk { layout: horizontal; }
    #desk Vertical { width: 1fr; height: 1fr; }
    #desk Static { height: 1; padding: 0 1; text-style: bold; }
    #desk RecordTable { height: 1fr; }
    DeskScreen.-wide #inbox { border-left: solid $primary; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "done", "done"),
        Binding("o", "reopen", "reopen"),
        Binding("a", "every", "all/open"),
        Binding("m", "move", "move"),
        Binding("x", "cancel", "cancel"),
        Binding("left_square_bracket", "day(-1)", "day", key_display="["),
        Binding("right_square_bracket", "day(1)", "day", key_display="]"),
        Binding("t", "today", "today"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._days = 0
        self._every = False
        self._seen: _Seen | None = None

    def body(self) -> Iterable[Widget]:
        """The diary and the inbox: one above the other, or side by side."""
        yield Container(
            Vertical(Static(id="day"), RecordTable(*_APPOINTMENTS, id="appointments")),
            Vertical(Static(id="open"), RecordTable(*_MESSAGES, id="messages"), id="inbox"),
            id="desk",
        )

    # --- looking ----------------------------------------------------------------------------------

    def gather(self) -> _Seen:
        """The day that is looked at, and the messages."""
        begins = datetime.combine(self._day(), time(), self.feed.business.zone)
        every = self._every
        with self.reading() as database:
            held = self._diary(database).between(begins, begins + timedelta(days=1), cancelled=True)
            inbox = Messages(database).inbox(_MESSAGES_MAX, open_only=not every)
        return _Seen(begins.date(), every, tuple(held), tuple(inbox))

    def show(self, seen: _Seen) -> None:
        """Both lists, with what to do where one is empty."""
        self._seen = seen
        agreed = sum(one.standing is Standing.AGREED for one in seen.appointments)
        self.query_one("#day", Static).update(f"{self._named(seen.day)}: {agreed or 'no'} appointments")
        what = "messages" if seen.every else "open messages"
        empty = "" if seen.messages or seen.every else " (a shows those that are done)"
        self.query_one("#open", Static).update(f"{len(seen.messages) or 'no'} {what}{empty}")
        self.query_one("#appointments", RecordTable).fill(
            [self._appointment(one) for one in seen.appointments]
        )
        self.query_one("#messages", RecordTable).fill([self._message(one) for one in seen.messages])

    def _appointment(self, one: Appointment) -> Line:
        at = f"{self.office_time(one.starts_at):%H:%M}-{self.office_time(one.ends_at):%H:%M}"
        style = "" if one.standing is Standing.AGREED else "strike dim"
        cancelled = "" if one.standing is Standing.AGREED else "cancelled "
        cells = (at, one.name, self._service(one), f"{cancelled}{one.phone} {one.staff}".rstrip())
        return Line(one.appointment_id, tuple(Text(cell, style) for cell in cells))

    def _message(self, one: InboxEntry) -> Line:
        left = one.message
        mark = "done" if one.done_at else "URGENT" if left.urgent else ""
        taken = f"{self.office_time(one.taken_at):%d %b %H:%M}"
        return Line(
            left.message_id, (taken, mark, left.whom or "anybody", left.name or left.phone, left.matter)
        )

    def _service(self, one: Appointment) -> str:
        known = self.feed.business.service(one.service)
        return one.service if known is None else known.spoken

    def _named(self, day: date) -> str:
        name = {0: "Today", 1: "Tomorrow", -1: "Yesterday"}.get(self._days)
        return f"{day:%A %d %B}" if name is None else f"{name}, {day:%A %d %B}"

    def _day(self) -> date:
        return self.now().date() + timedelta(days=self._days)

    def _diary(self, database: Database) -> Diary:
        told = self.feed.settings.told_of(Tells.APPOINTMENT)
        return Diary(database, self.feed.business, self.feed.clock, destinations=told)

    # --- days -------------------------------------------------------------------------------------

    def action_day(self, days: int) -> None:
        """So many days on."""
        self._days += days
        self.look()

    def action_today(self) -> None:
        """Back to today."""
        self._days = 0
        self.look()

    def action_every(self) -> None:
        """Messages that are done too, or the open ones only."""
        self._every = not self._every
        self.look()

    # --- messages ---------------------------------------------------------------------------------

    def action_done(self) -> None:
        """Somebody has seen to the message under the cursor."""
        self._mark("Is it done", lambda messages, key: messages.mark_read(key), "is done")

    def action_reopen(self) -> None:
        """It is to be seen to again."""
        self._mark("Open it again", lambda messages, key: messages.reopen(key), "is open again")

    def _mark(self, question: str, change: Callable[[Messages, str], None], now: str) -> None:
        entry = self._message_chosen()
        if entry is None:
            return

        def do() -> str:
            with self.writing() as database:
                change(Messages(database, self.feed.clock), entry.message.message_id)
            return f"The message of {entry.message.name or entry.message.phone} {now}."

        self.order(f"{question}: {entry.message.matter}?", do)

    def _message_chosen(self) -> InboxEntry | None:
        key = self.query_one("#messages", RecordTable).key
        seen = () if self._seen is None else self._seen.messages
        return next((one for one in seen if one.message.message_id == key), None)

    # --- appointments -----------------------------------------------------------------------------

    def action_cancel(self) -> None:
        """Give up the appointment under the cursor; its time is free again."""
        if one := self._agreed_chosen():
            self.order(f"Cancel {self._told(one)}?", partial(self._cancel, one))

    def action_move(self) -> None:
        """Give the appointment under the cursor another time."""
        if one := self._agreed_chosen():
            at = f"{self.office_time(one.starts_at):%Y-%m-%d %H:%M}"
            self.order_with(f"Move {self._told(one)} to when?", at, partial(self._move, one))

    def _cancel(self, one: Appointment) -> str:
        with self.writing() as database:
            if isinstance(self._diary(database).cancel(one.appointment_id), Refusal):
                raise _over()
        return f"{self._told(one)} is cancelled."

    def _move(self, one: Appointment, to: str) -> str:
        at = moments.moment(to, self.now(), self.feed.business)
        with self.writing() as database:
            diary = self._diary(database)
            moved = diary.move(one.appointment_id, at)
            if isinstance(moved, Refusal):
                raise _over() if moved.reason == GONE else self._taken(diary, one, at, moved)
        return f"Moved: {self._told(moved)}."

    def _taken(self, diary: Diary, one: Appointment, at: datetime, refusal: Refusal) -> NotBookable:
        why = "is not a time that can be booked" if refusal.reason == CLOSED else "is taken"
        free = diary.openings(
            *(one.service, at - timedelta(days=7), at + timedelta(days=30), _NEAR_TOLD),
            near=at,
            moving=one.appointment_id,
        )
        near = ", ".join(f"{opening.starts_at:%a %d %b %H:%M}" for opening in free)
        return NotBookable(
            f"{self.office_time(at):%a %d %b %H:%M} {why}.",
            remedy=f"Free near it: {near}." if near else "Nothing is free within a month of it.",
        )

    def _agreed_chosen(self) -> Appointment | None:
        one = self._appointment_chosen()
        return one if one is not None and one.standing is Standing.AGREED else None

    def _appointment_chosen(self) -> Appointment | None:
        key = self.query_one("#appointments", RecordTable).key
        seen = () if self._seen is None else self._seen.appointments
        return next((one for one in seen if one.appointment_id == key), None)

    def _told(self, one: Appointment) -> str:
        return f"{one.name}, {self._service(one)}, {self.office_time(one.starts_at):%a %d %b %H:%M}"

    # --- whole ------------------------------------------------------------------------------------

    @on(DataTable.RowSelected, "#messages")
    def _message_opened(self) -> None:
        if entry := self._message_chosen():
            self.open_sheet(partial(self._message_sheet, entry))

    @on(DataTable.RowSelected, "#appointments")
    def _appointment_opened(self) -> None:
        if one := self._appointment_chosen():
            self.open_sheet(partial(self._appointment_sheet, one))

    def _message_sheet(self, entry: InboxEntry) -> Sheet:
        with self.reading() as database:
            page = page_of(entry, database, self.directory)
        return Sheet(Text("\n".join(self._message_lines(page))))

    def _message_lines(self, page: InboxPage) -> Iterable[str]:
        left, done_at = page.entry.message, page.entry.done_at
        yield f"Message  {left.message_id}, taken {self.office_time(page.entry.taken_at):%a %d %b %H:%M}"
        yield f"Stands   {f'done {self.office_time(done_at):%a %d %b %H:%M}' if done_at else 'open'}"
        yield f"For      {left.whom or 'anybody'}{', urgent' if left.urgent else ''}"
        yield f"From     {left.name or 'unnamed'}, {left.phone or 'no number'}"
        yield f"Matter   {left.matter}"
        yield f"Call     {left.call_id}"
        place = "" if page.place_ms is None else f", from {clock(page.place_ms)} on"
        yield f"Sound    {'none' if page.recording is None else f'{page.recording}{place}'}"
        for sent in page.deliveries:
            yield f"Sent     by {sent.destination}: {sent.state}, {sent.attempts} attempts {sent.reason}".rstrip()

    def _appointment_sheet(self, one: Appointment) -> Sheet:
        with self.reading() as database:
            history = self._diary(database).history(one.appointment_id)
        lines = [f"{self._told(one)}, {one.standing}", f"{one.appointment_id}, {one.phone} {one.staff}", ""]
        return Sheet(Text("\n".join([*lines, *map(self._change, history)])))

    def _change(self, change: AppointmentChange) -> str:
        when = (
            "earlier"
            if change.changed_at is None
            else f"{self.office_time(change.changed_at):%a %d %b %H:%M}"
        )
        by = f"in call {change.call_id}" if change.call_id else "at the desk"
        return f"{when}  {change.kind} for {self.office_time(change.starts_at):%a %d %b %H:%M}, {by}"


def _over() -> NotFound:
    return NotFound(
        "That appointment is over or cancelled.", remedy="`appliance appointments add` makes a new one."
    )
