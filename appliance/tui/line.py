"""Line: how the box stands with the phone system, and its last SIP dialogs as ladders, whole or as a pcap file."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar, Final

from rich.text import Text
from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import DataTable, Static

from appliance.errors import ApplianceError
from appliance.sip.pcap import pcap
from appliance.sip.trace import SipMessage
from appliance.tui import drawn
from appliance.tui.asking import Ask
from appliance.tui.frame import BoxScreen
from appliance.tui.sheet import Sheet

_EVERY_S: Final = 1.0
_COLUMNS: Final = ("at", "what", "answered", "from/to")


class LineScreen(BoxScreen):
    """The line process, asked once a second while somebody looks."""

    TITLE: ClassVar[str] = "Line"
    KEY: ClassVar[str] = "2"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "whole", "messages", tooltip="The chosen dialog, message by message"),
        Binding("e", "export", "pcap", tooltip="Write every message kept to a file for Wireshark"),
    ]
    DEFAULT_CSS = """
    LineScreen #account { height: auto; padding: 0 1; }
    LineScreen #dialogs { width: 1fr; max-width: 60; border-right: solid $panel; }
    LineScreen #ladder { width: 1fr; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._messages: list[SipMessage] = []
        self._own = ""

    def body(self) -> Iterable[Widget]:
        """Account and transport on top; dialogs left, the chosen one's ladder right."""
        yield Static(id="account", markup=False)
        with Horizontal():
            yield DataTable(id="dialogs", cursor_type="row", cell_padding=1)
            with VerticalScroll(can_focus=False):
                yield Static(id="ladder", markup=False)

    def on_mount(self) -> None:
        """Begin to look."""
        table = self.query_one(DataTable)
        for name in _COLUMNS:
            table.add_column(name, key=name)
        self._look_on()

    @work(group="sight")
    async def _look_on(self) -> None:
        while True:
            if self.is_current:
                await self._look()
            await asyncio.sleep(_EVERY_S)

    async def _look(self) -> None:
        try:
            told = await self.feed.ask_line({"do": "look"})
            new = await self._new_messages()
        except ApplianceError as fault:
            self.trouble(fault)
            return
        self.trouble(None)
        self._own = told["sip_uri"].rpartition("@")[2]
        self.put("account", _account(told))
        if new:
            self._messages = [*self._messages, *new]
            self._draw()
        elif not self._messages:
            self.put("ladder", "No SIP yet: call the box, or place a test call (9).")

    async def _new_messages(self) -> list[SipMessage]:
        """What the line has kept since we asked last; a line that was started anew begins at 1 again."""
        found: list[SipMessage] = []
        more = True
        while more:
            last = found[-1] if found else self._messages[-1] if self._messages else None
            told = await self.feed.ask_line({"do": "trace", "after": last.number if last else 0})
            found += [SipMessage(**one) for one in told["messages"]]
            more = told["more"]
        return found

    # --- drawing --------------------------------------------------------------------------------

    def _draw(self) -> None:
        table = self.query_one(DataTable)
        chosen = self._chosen_dialog()
        table.clear()
        for dialog, messages in drawn.dialogs(self._messages).items():
            table.add_row(*self._row(messages), key=dialog)
        if chosen in table.rows:
            table.move_cursor(row=table.get_row_index(chosen), animate=False)
        self._draw_ladder()

    def _row(self, messages: list[SipMessage]) -> tuple[str, ...]:
        first = messages[0]
        at = self.feed.clock.now().fromtimestamp(first.at_s, self.feed.business.zone)
        way = ">" if first.sent else "<"
        return f"{at:%H:%M:%S}", first.method, drawn.outcome(messages) or "not yet", f"{way}{first.peer}"

    @on(DataTable.RowHighlighted)
    def _draw_ladder(self) -> None:
        width = max(30, self.size.width - min(60, self.size.width // 2) - 6)
        self.put("ladder", "\n".join(drawn.ladder(self._chosen(), width)))

    def _chosen_dialog(self) -> str:
        table = self.query_one(DataTable)
        if not table.row_count:
            return ""
        return str(table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value)

    def _chosen(self) -> list[SipMessage]:
        return drawn.dialogs(self._messages).get(self._chosen_dialog(), [])

    # --- acting ---------------------------------------------------------------------------------

    @on(DataTable.RowSelected)
    def action_whole(self) -> None:
        """The chosen dialog's messages, one below the other."""
        if chosen := self._chosen():
            heads = (f"--- {'sent to' if one.sent else 'came from'} {one.peer}\n{one.text}" for one in chosen)
            self.app.push_screen(Sheet(Text("\n".join(heads).replace("\r", ""))))

    @work(exclusive=True)
    async def action_export(self) -> None:
        """Every message that is kept, as a file; one that is there already stays."""
        if not self._messages:
            self.notify("There is no SIP yet that could be written.")
            return
        name = await self.app.push_screen_wait(Ask("Write all messages to which file?", "attendant.pcap"))
        if not name:
            return
        try:
            await asyncio.to_thread(_write_new, Path(name), pcap(self._messages, self._own))
        except OSError as error:
            self.notify(f"{name}: {error.strerror}. Choose another name.", severity="error")
        else:
            self.notify(f"{name}: {len(self._messages)} messages; secrets are crossed out.")


def _write_new(path: Path, content: bytes) -> None:
    """OSError when there is such a file."""
    with path.open("xb") as file:
        file.write(content)


def _account(told: dict[str, Any]) -> str:
    """Five lines of how the line stands."""
    asked = told["registration"]
    if not told["registrar"]:
        standing = "answers unregistered: [sip] registrar is empty"
    elif not asked:
        standing = f"no answer yet from {told['registrar']}"
    else:
        is_in = "REGISTERED" if asked["registered"] else "NOT REGISTERED"
        at = asked["at_iso"][11:19]
        standing = (
            f"{is_in} as {told['user']} at {told['registrar']}: {asked['status']} {asked['reason']}, {at}"
        )
    behind = f", behind {told['public_address']}" if told["public_address"] else ""
    return "\n".join(
        [
            f"Account    {standing}",
            f"Address    {told['sip_uri']} ({told['transport']}{behind})",
            f"Codecs     {', '.join(told['codecs'])}; at most {told['max_calls']} calls",
            f"Calls      {_calls(told['calls'])}",
        ]
    )


def _calls(calls: dict[str, dict[str, Any]]) -> str:
    told = [
        f"{one['caller'] or 'unknown'} {one['codec']}, lost {one['packets_lost']}" for one in calls.values()
    ]
    return "; ".join(told) or "none"
