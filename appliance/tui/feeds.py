"""What the screens are fed: the box's sockets, its database read-only, its settings. Tests give fixed ones.

A feed is asked; nothing is shared with the box but its sockets and files. What does not answer raises NoAnswer
(or the store's own fault), which a screen shows with its remedy.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Protocol

from appliance.business import Business
from appliance.clock import Clock, SystemClock
from appliance.errors import NoAnswer
from appliance.ops import watching
from appliance.ops.watching import Told
from appliance.settings import Settings, data_directory
from appliance.store.database import FILE_NAME, Database
from appliance.tui.neighbours import Neighbours
from appliance.tui.processes import Process, beside


class Feed(Protocol):
    """Everything a screen may want to know of a box, and the orders it may give."""

    @property
    def settings(self) -> Settings:
        """The box's settings."""
        ...

    @property
    def business(self) -> Business:
        """Whose telephone it answers."""
        ...

    @property
    def clock(self) -> Clock:
        """The office's time."""
        ...

    @property
    def config(self) -> Path | None:
        """The settings file, for commands that are started in a process of their own; None: the usual one."""
        ...

    @property
    def neighbours(self) -> Neighbours:
        """What other rooms do for the screens of record."""
        ...

    def watch(self) -> AsyncIterator[Told]:
        """Lines of the watch socket from now on; ends when the box goes, NoAnswer when there is none."""
        ...

    async def ask_agent(self, question: Told) -> Told:
        """One question to the agent (agent/control.py)."""
        ...

    async def ask_line(self, question: Told) -> Told:
        """One question to the line (line/look.py)."""
        ...

    async def place_call(self, uri: str, say: str) -> Told:
        """Call `uri` in a process of its own and say something; the report of `appliance call --score --json`."""
        ...

    def processes(self, pid: int) -> list[Process]:
        """The box's processes; `pid` is one of them."""
        ...

    def database(self) -> Database:
        """The database, read-only, unopened: `with feed.database() as database`."""
        ...


class BoxFeed:
    """The box whose settings these are; `directory` is its run directory, where its sockets are."""

    def __init__(
        self,
        settings: Settings,
        business: Business,
        directory: Path,
        config: Path | None = None,
        neighbours: Neighbours | None = None,
    ) -> None:
        self.settings = settings
        self.business = business
        self.config = config
        self.clock: Clock = SystemClock()
        self.neighbours = neighbours or Neighbours()
        self._directory = directory

    def watch(self) -> AsyncIterator[Told]:
        """See `Feed.watch`."""
        return watching.watch(self._directory / watching.WATCH)

    async def ask_agent(self, question: dict[str, Any]) -> Told:
        """See `Feed.ask_agent`."""
        return await watching.ask(self._directory / watching.CONTROL, question)

    async def ask_line(self, question: dict[str, Any]) -> Told:
        """See `Feed.ask_line`."""
        return await watching.ask(self._directory / watching.LINE, question)

    async def place_call(self, uri: str, say: str) -> Told:
        """See `Feed.place_call`."""
        asked = ["call", uri, "--say", say, "--score", "--json"]
        chosen = [] if self.config is None else ["--config", str(self.config)]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "appliance.cli.app", *asked, *chosen),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            told, complaint = await process.communicate()
        finally:
            if process.returncode is None:  # the screen was left
                process.terminate()
        try:
            report: Told = json.loads(told)
        except ValueError as error:
            last = complaint.decode(errors="replace").strip().splitlines()[-1:]
            raise NoAnswer(f"call: it could not be placed. {' '.join(last)}".rstrip()) from error
        return report

    def processes(self, pid: int) -> list[Process]:
        """See `Feed.processes`."""
        return beside(pid)

    def database(self) -> Database:
        """See `Feed.database`."""
        return Database(data_directory(self.settings) / FILE_NAME, read_only=True)
