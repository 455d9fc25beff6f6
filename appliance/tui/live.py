"""Live: each call as it happens, and three things that can be done to it: hang up, transfer, take over.

The watch socket tells what is said; how loud, how long and how clean is asked for, three times a second while the
screen is looked at and somebody calls, else once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, ClassVar, Final

from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import DataTable, Static

from appliance.errors import ApplianceError
from appliance.store.calls import Calls
from appliance.tui import drawn
from appliance.tui.asking import Ask, Sure
from appliance.tui.frame import BoxScreen
from appliance.tui.seen import CallSeen, from_record, seen

_BUSY_S: Final = 0.33
_A_CALL_S: Final = 0.3
"""More calls are looked at more seldom: three times a second four of them took 3.6 % of a core."""
_IDLE_S: Final = 1.0
_COLUMNS: Final = ("caller", "phase", "time", "hears", "speaks", "gap ms", "loss", "jitter", "echo")
_NOBODY: Final = "Nobody is on the line. A call shows here as soon as it is answered; 9 places a test call."


class LiveScreen(BoxScreen):
    """Every call under way; the chosen one whole."""

    TITLE: ClassVar[str] = "Live"
    KEY: ClassVar[str] = "1"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h", "hang_up", "hang up", tooltip="End the chosen call now"),
        Binding("t", "transfer", "transfer", tooltip="The phone system hands the caller to an extension"),
        Binding(
            "o", "take_over", "take over", tooltip="Your telephone rings; when you answer, you are joined"
        ),
    ]
    DEFAULT_CSS = """
    LiveScreen #calls { height: auto; max-height: 7; }
    LiveScreen #whole { height: 1fr; }
    LiveScreen #said { width: 1fr; border-right: solid $panel; padding: 0 1; }
    LiveScreen #times { width: 34; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[str, CallSeen] = {}
        self._looked: dict[str, dict[str, Any]] = {}
        self._quality: dict[str, dict[str, Any]] = {}
        self._standing = ""

    def body(self) -> Iterable[Widget]:
        """The calls on top; of the chosen one what is said, and how fast it was answered."""
        yield Static(id="standing")
        yield DataTable(id="calls", cursor_type="row", cell_padding=1)
        with Horizontal(id="whole"):
            with VerticalScroll(id="said", can_focus=False):
                yield Static(_NOBODY, id="words", markup=False)
            yield Static(id="times", markup=False)

    def on_mount(self) -> None:
        """Begin to look."""
        table = self.query_one(DataTable)
        for name in _COLUMNS:
            table.add_column(name, key=name)
        self._follow()
        self._look_on()

    # --- looking --------------------------------------------------------------------------------

    @work(group="follow")
    async def _follow(self) -> None:
        """Take in what the box tells; dial again when it is gone."""
        while True:
            try:
                async for told in self.feed.watch():
                    self._take(told)
            except ApplianceError:
                pass  # the other worker says so on the screen
            await asyncio.sleep(_IDLE_S)

    def _take(self, told: dict[str, Any]) -> None:
        call_id = told.get("call_id", "")
        if told.get("kind") == "closed":
            self._seen.pop(call_id, None)
        elif told.get("kind") == "offered":
            self._seen[call_id] = self._seen.get(call_id) or CallSeen(call_id, str(told.get("caller", "")))
        elif call_id in self._seen:
            self._seen[call_id] = seen(self._seen[call_id], told)

    @work(group="sight")
    async def _look_on(self) -> None:
        """Ask for what is not told, while somebody sees it."""
        turn = 0
        while True:
            if self.is_current:
                await self._look(with_line=turn % 3 == 0 or not self._looked)
                self._draw()
            turn += 1
            await asyncio.sleep(pause_s(len(self._looked)))

    async def _look(self, *, with_line: bool) -> None:
        try:
            agent = await self.feed.ask_agent({"do": "look"})
            if with_line:
                self._quality = (await self.feed.ask_line({"do": "look"}))["calls"]
        except ApplianceError as fault:
            self._looked = {}
            self._standing = ""
            self.trouble(fault)
            return
        self.trouble(None)
        self._looked = {one["call_id"]: one for one in agent["calls"]}
        for gone in self._seen.keys() - self._looked.keys():
            del self._seen[gone]
        for call_id in self._looked.keys() - self._seen.keys():
            self._seen[call_id] = await asyncio.to_thread(self._caught_up, call_id)
        forced = ", forced by hand" if agent["forced"] else ""
        why = f" ({'; '.join(agent['because'])})" if agent["because"] else ""
        self._standing = f"level {agent['level']}{forced}{why}   calls {len(self._looked)}"

    def _caught_up(self, call_id: str) -> CallSeen:
        """What is on record already of a call that was there before us."""
        caller = self._looked[call_id]["caller"]
        try:
            with self.feed.database() as database:
                return from_record(call_id, caller, Calls(database).get(call_id).turns)
        except ApplianceError:
            return CallSeen(call_id, caller)

    # --- drawing --------------------------------------------------------------------------------

    def _draw(self) -> None:
        self.put("standing", self._standing)
        table = self.query_one(DataTable)
        for row in [row for row in table.rows if row.value not in self._looked]:
            table.remove_row(row)
        for call_id, looked in self._looked.items():
            self._draw_row(table, call_id, self._cells(self._seen[call_id], looked))
        chosen = self._chosen()
        self.put("times", "" if chosen is None else _times(chosen))
        if self.put("words", _NOBODY if chosen is None else _transcript(chosen)):
            self.query_one("#said", VerticalScroll).scroll_end(animate=False)

    def _draw_row(self, table: DataTable[str], call_id: str, cells: tuple[str, ...]) -> None:
        """Only what changed, so that a quiet screen costs nothing."""
        if call_id not in table.rows:
            table.add_row(*cells, key=call_id)
            return
        for name, cell in zip(_COLUMNS, cells, strict=True):
            if table.get_cell(call_id, name) != cell:
                table.update_cell(call_id, name, cell)

    def _cells(self, call: CallSeen, looked: dict[str, Any]) -> tuple[str, ...]:
        quality = self._quality.get(call.call_id, {})
        came = quality.get("packets_received", 0) + quality.get("packets_lost", 0)
        loss = f"{100 * quality['packets_lost'] / came:.1f} %" if came else "-"
        minutes, seconds = divmod(looked["lasts_ms"] // 1000, 60)
        return (
            call.caller[:14] or "unknown",
            f"{call.phase if looked['by'] == 'conversation' else looked['by']:<8}",
            f"{minutes}:{seconds:02}",
            drawn.meter(looked["heard_dbfs"], 6),
            drawn.meter(looked["spoken_dbfs"], 6),
            str(call.gaps_ms[-1]) if call.gaps_ms else "-",
            loss,
            f"{quality['jitter_ms']:.0f} ms" if came else "-",
            f"{looked['erle_db']:.0f} dB",
        )

    def _chosen(self) -> CallSeen | None:
        """The call under the cursor."""
        table = self.query_one(DataTable)
        if not table.row_count:
            return None
        row = table.coordinate_to_cell_key(table.cursor_coordinate).row_key
        return self._seen.get(str(row.value))

    # --- acting ---------------------------------------------------------------------------------

    @work(exclusive=True)
    async def action_hang_up(self) -> None:
        """End the chosen call."""
        call = self._chosen()
        if call is None:
            return
        if await self.app.push_screen_wait(Sure(f"Hang up on {call.caller or 'this caller'}?")):
            await self._order("hang_up", call)

    @work(exclusive=True)
    async def action_transfer(self) -> None:
        """Hand the caller on; the phone system does it."""
        await self._hand_over("transfer", "Transfer {} to which extension?")

    @work(exclusive=True)
    async def action_take_over(self) -> None:
        """Ring a telephone here, and join whoever answers with the caller."""
        await self._hand_over("take_over", "Take {} over: which telephone shall ring?")

    async def _hand_over(self, order: str, question: str) -> None:
        call = self._chosen()
        if call is None:
            return
        proposed = next((entry.extension for entry in self.feed.business.directory if entry.extension), "")
        to = await self.app.push_screen_wait(Ask(question.format(call.caller or "this caller"), proposed))
        if to:
            await self._order(order, call, to=to)

    async def _order(self, order: str, call: CallSeen, **more: str) -> None:
        try:
            await self.feed.ask_agent({"do": order, "call_id": call.call_id, **more})
        except ApplianceError as fault:
            self.notify(str(fault), severity="error")
        else:
            self.notify(f"{order.replace('_', ' ')}: ordered")


def pause_s(calls: int) -> float:
    """How long to leave a box with so many calls alone between two looks."""
    return max(_BUSY_S, calls * _A_CALL_S) if calls else _IDLE_S


def _transcript(call: CallSeen) -> Text:
    """C the caller, A us; > is still growing, / was cut off by the caller."""
    text = Text()
    for line in call.lines:
        text.append(f"{line.who} ", style="bold" if line.who == "C" else "dim" if line.who == "-" else "")
        text.append(
            f"{line.text}{' /' if line.interrupted else ''}\n", style="dim" if line.who == "-" else ""
        )
    if call.under_way:
        text.append(f"{'A' if call.phase == 'speaks' else 'C'}> {call.under_way}", style="italic")
    return text


def _times(call: CallSeen) -> str:
    rows = list(drawn.waterfall_rows(call.waterfall, 14))
    return "\n".join(
        [
            "Gaps before answers, ms",
            drawn.sparkline(call.gaps_ms, 32) or "-",
            drawn.gaps_told(call.gaps_ms),
            "",
            "Last answer",
            *(rows or ["no answer yet"]),
        ]
    )
