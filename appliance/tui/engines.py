"""Engines: which models do the work, how fast, what the processes take, and the level of service with its switch."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import asdict
from statistics import median
from typing import Any, ClassVar, Final

from textual import work
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import DataTable, Static

from appliance.conversation.degradation import Level
from appliance.errors import ApplianceError
from appliance.store.calls import Calls
from appliance.tui import drawn
from appliance.tui.asking import Ask, Sure
from appliance.tui.frame import BoxScreen
from appliance.tui.processes import Process

_EVERY_S: Final = 2.0
_CALLS_MEASURED: Final = 20
_COLUMNS: Final = ("process", "pid", "memory", "core", "threads")
_LEVELS: Final = ", ".join(level.word for level in Level)


class EnginesScreen(BoxScreen):
    """The agent is asked, the kernel counts, the record tells how fast the last answers were."""

    TITLE: ClassVar[str] = "Engines"
    KEY: ClassVar[str] = "3"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "force", "force a level", tooltip="Hold one level of service, whatever works"),
        Binding("a", "auto", "automatic", tooltip="Let the box decide again by what works"),
    ]
    DEFAULT_CSS = """
    EnginesScreen #standing { height: auto; padding: 0 1; }
    EnginesScreen #processes { height: auto; }
    EnginesScreen #models { padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._before: dict[int, float] = {}
        self._before_s = 0.0
        self._speeds = ""

    def body(self) -> Iterable[Widget]:
        """The level on top, then processes, models and speeds."""
        yield Static(id="standing", markup=False)
        with VerticalScroll(can_focus=False):
            yield DataTable(id="processes", cursor_type="none", cell_padding=1, show_cursor=False)
            yield Static(id="models", markup=False)

    def on_mount(self) -> None:
        """Begin to look."""
        table = self.query_one(DataTable)
        for name in _COLUMNS:
            table.add_column(name, key=name)
        self._look_on()

    @work(group="sight")
    async def _look_on(self) -> None:
        turn = 0
        while True:
            if self.is_current:
                if turn % 15 == 0:
                    self._speeds = await asyncio.to_thread(self._measured)
                await self._look()
                turn += 1
            await asyncio.sleep(_EVERY_S)

    async def _look(self) -> None:
        try:
            told = await self.feed.ask_agent({"do": "look"})
        except ApplianceError as fault:
            self.trouble(fault)
            return
        self.trouble(None)
        self.put("standing", _standing(told))
        self.put("models", f"{_models(told)}\n\n{self._speeds}")
        self._draw(await asyncio.to_thread(self.feed.processes, told["pid"]))

    def _draw(self, processes: list[Process]) -> None:
        table = self.query_one(DataTable)
        now_s = self.feed.clock.monotonic_s()
        passed_s = now_s - self._before_s
        table.clear()
        for one in processes:
            before = self._before.get(one.pid)
            share = f"{(one.cpu_s - before) / passed_s:.0%}" if before is not None and passed_s > 0 else "-"
            memory = f"{one.memory_bytes / 2**20:,.0f} MiB"
            table.add_row(one.name, str(one.pid), memory, share, str(one.threads), key=str(one.pid))
        self._before, self._before_s = {one.pid: one.cpu_s for one in processes}, now_s

    def _measured(self) -> str:
        """Medians of the last answers by step, from the record."""
        try:
            with self.feed.database() as database:
                calls = Calls(database)
                ids = [one.call_id for one in calls.recent(_CALLS_MEASURED)]
                turns = [turn for call_id in ids for turn in calls.get(call_id).turns]
        except ApplianceError as fault:
            return f"Speed      {fault}"
        steps = drawn.steps_ms(asdict(turn.waterfall) for turn in turns if turn.waterfall)
        told = [f"{name} {round(median(took))} ms" for name, took in steps.items() if took]
        known = ", ".join(told) or "no answer on record yet"
        return f"Speed      {known}\n{'':10} medians of the last {_CALLS_MEASURED} calls"

    # --- acting ---------------------------------------------------------------------------------

    @work(exclusive=True)
    async def action_force(self) -> None:
        """Hold a level by hand, also after a restart."""
        word = await self.app.push_screen_wait(Ask(f"Hold which level? {_LEVELS}", Level.RULES.word))
        if not word:
            return
        if Level.named(word) is None:
            self.notify(f"There is no level {word}; there are: {_LEVELS}.", severity="error")
        elif await self.app.push_screen_wait(Sure(f"Hold level {word} until somebody lets it go?")):
            await self._force(word)

    @work(exclusive=True)
    async def action_auto(self) -> None:
        """Let the box decide."""
        if await self.app.push_screen_wait(Sure("Let the box decide its level again?")):
            await self._force(None)

    async def _force(self, word: str | None) -> None:
        try:
            self.put("standing", _standing(await self.feed.ask_agent({"do": "force", "level": word})))
        except ApplianceError as fault:
            self.notify(str(fault), severity="error")


def _standing(told: dict[str, Any]) -> str:
    how = "forced by hand: a lets it go" if told["forced"] else "by itself: f forces one"
    return "\n".join(
        [
            f"Level      {told['level'].upper()} ({how})",
            f"Down       {'; '.join(told['because']) or 'nothing'}",
        ]
    )


def _models(told: dict[str, Any]) -> str:
    mind = told["mind"]
    state = "rests, it was too slow" if mind["rests"] else "up" if mind["up"] else "not there"
    return "\n".join(
        [
            "",
            *(f"{name:<10} {version}" for name, version in told["versions"].items()),
            f"{'mind':<10} {mind['model'] or 'no model'}, {state}",
            f"{'waiting':<10} {told['voice_waiting']} sentences for the voice",
        ]
    )
