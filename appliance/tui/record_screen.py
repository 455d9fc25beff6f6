"""What the screens of record share: they look into the database in a thread of its own, again and again while they
are shown, and every order is asked for first, carried out beside the screen, and its fault shown with the remedy."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Final, cast

from rich.text import Text
from textual.timer import Timer
from textual.widgets import Static

from appliance.errors import ApplianceError, NotFound
from appliance.store.database import Database
from appliance.tui.asking import Ask, Sure
from appliance.tui.frame import BoxScreen
from appliance.tui.sheet import Sheet

_BUSY_MS: Final = 2000  # a person waits; the box's own transactions take milliseconds
WIDE_COLUMNS: Final = 120
"""From so many columns on, what belongs together stands side by side."""


def begin(screen: BoxScreen, group: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Do this beside the screen, in the place of what of its `group` is not done yet."""
    screen.run_worker(
        cast(Any, work), group=group, exclusive=True
    )  # its own types know no coroutine function


class RecordScreen(BoxScreen):
    """A screen of what was kept. `gather` looks (in a thread), `show` draws what it saw (on the screen's loop)."""

    EVERY_S: ClassVar[float] = 3.0
    """How often it looks again while it is shown."""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE_COLUMNS, "-wide")]  # noqa: RUF012  textual's own
    _again: Timer | None = None
    _outcome: str | ApplianceError | None = None  # of the last order, until something else is done

    # --- looking ----------------------------------------------------------------------------------

    @abstractmethod
    def gather(self) -> Any:
        """What is to be shown. Runs in a thread; ApplianceError is shown with its remedy."""

    @abstractmethod
    def show(self, seen: Any) -> None:
        """Draw what `gather` saw."""

    def on_mount(self) -> None:
        """Look at once, and again from time to time."""
        self._again = self.set_interval(self.EVERY_S, self.look, pause=True)

    def on_screen_resume(self) -> None:
        """Shown, or back from a question: look again."""
        self._outcome = None
        self.look()
        if self._again is not None:
            self._again.resume()

    def on_screen_suspend(self) -> None:
        """What nobody sees is not looked at."""
        if self._again is not None:
            self._again.pause()

    def look(self) -> None:
        """Look again now."""
        begin(self, "look", self._look)

    async def _look(self) -> None:
        try:
            seen = await asyncio.to_thread(self.gather)
        except ApplianceError as fault:
            self.trouble(fault)
            return
        self.tell_outcome(self._outcome)
        self.show(seen)

    # --- the box ----------------------------------------------------------------------------------

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """The database, read-only. NotFound before the first call, StoreFault."""
        with Database(self._file(), read_only=True, busy_ms=_BUSY_MS) as database:
            yield database

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """The database, for an order. NotFound before the first call, StoreFault."""
        with Database(self._file(), busy_ms=_BUSY_MS) as database:
            yield database

    def _file(self) -> Path:
        file = self.feed.database().path
        try:
            begun = file.stat().st_size > 0
        except OSError:
            begun = False
        if not begun:
            raise NotFound(
                "Nothing has happened yet: this box has no database.",
                remedy="`appliance run` starts it; the first call is then shown here.",
            )
        return file

    @property
    def directory(self) -> Path:
        """Where the database and the recordings lie."""
        return self.feed.database().path.parent

    def office_time(self, at: datetime) -> datetime:
        """A moment on the business's clock."""
        return at.astimezone(self.feed.business.zone)

    def now(self) -> datetime:
        """The present moment on the business's clock."""
        return self.office_time(self.feed.clock.now())

    # --- orders -----------------------------------------------------------------------------------

    def order(self, question: str, do: Callable[[], str]) -> None:
        """Ask, then do it in a thread and say what came of it."""
        begin(self, "order", partial(self._ordered, question, do))

    def order_with(self, question: str, proposed: str, do: Callable[[str], str]) -> None:
        """Ask for a line of text, then do it with that; nothing without."""
        begin(self, "order", partial(self._ordered_with, question, proposed, do))

    async def _ordered(self, question: str, do: Callable[[], str]) -> None:
        if await self.app.push_screen_wait(Sure(question)):
            await self._carried_out(do)

    async def _ordered_with(self, question: str, proposed: str, do: Callable[[str], str]) -> None:
        if text := await self.app.push_screen_wait(Ask(question, proposed)):
            await self._carried_out(lambda: do(text))

    async def _carried_out(self, do: Callable[[], str]) -> None:
        try:
            self.tell_outcome(await asyncio.to_thread(do))
        except ApplianceError as fault:
            self.tell_outcome(fault)
        self.look()

    def trouble(self, fault: ApplianceError | None) -> None:
        """As every screen does; a line that is another takes another height."""
        super().trouble(fault)
        if fault is not None:
            self.query_one("#trouble", Static).refresh(layout=True)

    def tell_outcome(self, said: str | ApplianceError | None) -> None:
        """What came of an order, where a trouble would stand, until something else is done."""
        self._outcome = said
        self.trouble(said if isinstance(said, ApplianceError) else None)
        if isinstance(said, str):
            line = self.query_one("#trouble", Static)
            line.update(Text(said))  # which lays out anew
            line.add_class("shown")

    def open_sheet(self, make: Callable[[], Sheet], then: Callable[[str], None] | None = None) -> None:
        """Put a page on top that `make` (in a thread) has made; `then` is told what was wanted there."""
        begin(self, "open", partial(self._open_sheet, make, then))

    async def _open_sheet(self, make: Callable[[], Sheet], then: Callable[[str], None] | None) -> None:
        try:
            page = await asyncio.to_thread(make)
        except ApplianceError as fault:  # forgotten a moment ago, or the disk
            self.trouble(fault)
            return
        wanted = await self.app.push_screen_wait(page)
        if wanted and then is not None:
            then(wanted)
