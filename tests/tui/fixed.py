"""A box that always says the same, for pictures of screens: fixed time, fixed answers, fixed lines to watch.

async with shown("live", FixedFeed(agent={"look": {...}})) as pilot: ...
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from appliance import business
from appliance.business import Business
from appliance.clock import SetClock
from appliance.errors import NoAnswer
from appliance.settings import Settings
from appliance.store.database import Database
from appliance.tui.app import Technician
from appliance.tui.neighbours import Neighbours
from appliance.tui.processes import Process

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
Answer = dict[str, Any] | Callable[[dict[str, Any]], dict[str, Any]]


@dataclass
class FixedFeed:
    """Answers by what is asked (`{"do": KEY}`); nothing for a key: nobody answers. `asked` keeps all questions."""

    lines: Sequence[dict[str, Any]] = ()
    agent: dict[str, Answer] = field(default_factory=dict)
    line: dict[str, Answer] = field(default_factory=dict)
    path: Path = Path("/nonexistent/attendant.db")
    settings: Settings = field(default_factory=Settings)
    business: Business = field(default_factory=lambda: business.load("auto_repair"))
    clock: SetClock = field(default_factory=lambda: SetClock(NOW))
    config: Path | None = None
    neighbours: Neighbours = field(default_factory=Neighbours)
    asked: list[dict[str, Any]] = field(default_factory=list)
    report: dict[str, Any] = field(default_factory=dict)

    async def watch(self) -> AsyncIterator[dict[str, Any]]:
        for line in self.lines:
            yield line
        await asyncio.Event().wait()

    async def ask_agent(self, question: dict[str, Any]) -> dict[str, Any]:
        return self._answer(self.agent, question)

    async def ask_line(self, question: dict[str, Any]) -> dict[str, Any]:
        return self._answer(self.line, question)

    def _answer(self, answers: dict[str, Answer], question: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(question)
        answer = answers.get(question["do"])
        if answer is None:
            raise NoAnswer("control: no box answers here.", remedy="Start it: `appliance run`.")
        return answer(question) if callable(answer) else answer

    async def place_call(self, uri: str, say: str) -> dict[str, Any]:
        self.asked.append({"do": "call", "uri": uri, "say": say})
        return self.report

    def processes(self, pid: int) -> list[Process]:
        names = ("agent", "line", "mind")
        return [Process(name, 700 + at, 12.5 * at, (at + 1) << 28, 4 + at) for at, name in enumerate(names)]

    def database(self) -> Database:
        return Database(self.path, read_only=True)


@asynccontextmanager
async def shown(screen: str, feed: FixedFeed, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[None]]:
    """The app on `screen`, as large as `size` (columns, rows)."""
    app = Technician(feed, screen)
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        yield pilot


def text_of(pilot: Pilot[None]) -> str:
    """What stands on the screen, line by line, without colour."""
    app = pilot.app
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)
