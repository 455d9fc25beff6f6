"""Logs: what the processes of the box log, as it comes; by level and by call. What people say never appears."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from contextlib import aclosing
from functools import partial
from typing import ClassVar, Final

from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, RichLog, Select, Static

from appliance.errors import ApplianceError
from appliance.ops.log_lines import LEVELS, LogLine, follow
from appliance.tui.frame import BoxScreen
from appliance.tui.record_screen import begin

KEPT_LINES: Final = 5000
"""As many lines are held, so that a filter finds what has passed."""
_STYLES: Final = {
    "debug": "dim",
    "info": "",
    "warning": "yellow",
    "error": "bold red",
    "critical": "bold red reverse",
}


class LogsScreen(BoxScreen):
    """The log as it is written."""

    TITLE: ClassVar[str] = "Logs"
    KEY: ClassVar[str] = "8"
    AUTO_FOCUS: ClassVar[str | None] = "#log"
    CSS = """
    #log_filters { height: 1; }
    #log_filters Input, #log_filters Select { width: 1fr; }
    #log { height: 1fr; scrollbar-size-horizontal: 0; }
    #log_told { height: 1; padding: 0 1; color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "call", "call", key_display="/"),
        Binding("l", "level", "level"),
        Binding("f", "follow", "follow/hold"),
        Binding("c", "clear", "all"),
        Binding("escape", "log", "to the log", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._lines: deque[LogLine] = deque(maxlen=KEPT_LINES)
        self._call = ""
        self._least = "info"
        self._shown = 0

    def body(self) -> Iterable[Widget]:
        """The filters, the lines, and which of them are shown."""
        yield Horizontal(
            Input(placeholder="/ id of a call", id="call", compact=True),
            Select([(one, one) for one in LEVELS], value="info", allow_blank=False, id="level", compact=True),
            id="log_filters",
        )
        yield RichLog(id="log", max_lines=KEPT_LINES, min_width=0, wrap=True, auto_scroll=True)
        yield Static(id="log_told")

    def on_mount(self) -> None:
        """Follow from now on, with what was last before."""
        begin(self, "follow", self._follow)
        self._tell()

    async def _follow(self) -> None:
        try:
            async with aclosing(follow(self.feed.neighbours.log_file)) as lines:
                async for some in lines:
                    self._take(some)
        except ApplianceError as fault:
            self.trouble(fault)

    def _take(self, some: list[LogLine]) -> None:
        self._lines.extend(some)
        self._write([line for line in some if self._shows(line)])
        self._tell()

    def _write(self, lines: Iterable[LogLine]) -> None:
        log = self.query_one("#log", RichLog)
        for line in lines:
            log.write(self._text(line))
            self._shown += 1

    def _text(self, line: LogLine) -> Text:
        """One line: time, level, process, message, fields; the level is a word, not only a colour."""
        at = f"{line.at.astimezone(self.feed.business.zone):%H:%M:%S}" if line.at else " " * 8
        text = Text(f"{at} {line.level.upper():<8.8} {line.process:<8.8} ", _STYLES.get(line.level, ""))
        text.append(line.message, "bold")
        for name, value in line.fields:
            text.append(f" {name}=", "dim").append(value)
        return text

    def _shows(self, line: LogLine) -> bool:
        enough = LEVELS.index(line.level) >= LEVELS.index(self._least)
        return enough and (not self._call or line.call_id.startswith(self._call))

    def _tell(self) -> None:
        log, held = self.query_one("#log", RichLog), len(self._lines)
        place = self.feed.neighbours.log_file
        source = "the journal (attendant-*)" if place is None else place.name
        how = "following" if log.auto_scroll else "held (f follows again)"
        told = f"{how}: {min(self._shown, held)} of {held} lines of {source}"
        if not held:
            told = f"Nothing yet in {source}; a file: `appliance tui --log FILE`."
        self.query_one("#log_told", Static).update(Text(told))

    # --- what is shown ----------------------------------------------------------------------------

    def _again(self) -> None:
        """Draw what is held anew, as it is asked for now."""
        self.query_one("#log", RichLog).clear()
        self._shown = 0
        self._write([line for line in self._lines if self._shows(line)])
        self._tell()

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        self._call = event.value.strip()
        self._again()
        self.action_log()

    @on(Select.Changed)
    def _chosen(self, event: Select.Changed) -> None:
        if event.value != self._least:
            self._least = str(event.value)
            self.call_after_refresh(partial(self._again))

    def action_call(self) -> None:
        """Type the id of a call, or its beginning."""
        self.query_one("#call", Input).focus()

    def action_level(self) -> None:
        """From this level to the next, and around."""
        after = LEVELS[(LEVELS.index(self._least) + 1) % len(LEVELS)]
        self.query_one("#level", Select).value = after

    def action_follow(self) -> None:
        """Stay at the last line, or stay where it is."""
        log = self.query_one("#log", RichLog)
        log.auto_scroll = not log.auto_scroll
        self._tell()

    def action_clear(self) -> None:
        """Every call, from info on."""
        self.query_one("#call", Input).clear()
        self._call = ""
        self.query_one("#level", Select).value = "info"
        self._again()

    def action_log(self) -> None:
        """From a filter to the lines."""
        self.query_one("#log", RichLog).focus()
