"""Looks at the box when somebody asks: the agent's word, the database, the disk, the processes."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from appliance.clock import Clock
from appliance.errors import StoreFault
from appliance.ops.health import Facts
from appliance.ops.observed import ProcessUse, Told
from appliance.store.backlog import Backlog, Standing
from appliance.store.database import Database

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sight:
    """The box at one moment. `outbox`: None when the database cannot be read."""

    at: datetime
    told: Told | None
    outbox: Sequence[Standing] | None
    free_bytes: int | None
    processes: Sequence[ProcessUse]
    registers: bool

    @property
    def facts(self) -> Facts:
        """What health is judged by."""
        state = None if self.told is None else self.told.state
        return Facts(state, self.registers, self.free_bytes, self.outbox is not None)


@dataclass(frozen=True, slots=True)
class Looking:
    """How to look at one box. `ask` is its agent; `destinations` as the outbox names them."""

    ask: Callable[[], Told | None]
    processes: Callable[[], Sequence[ProcessUse]]
    database: Path
    destinations: Sequence[str]
    registers: bool
    clock: Clock

    def look(self) -> Sight:
        """Now. Takes as long as the agent takes to answer, at most the limit of asking it."""
        return Sight(
            self.clock.now(),
            self.ask(),
            self._outbox(),
            self._free_bytes(),
            self.processes(),
            self.registers,
        )

    def _outbox(self) -> list[Standing] | None:
        """By a connection for each look: one that was opened before a backup took the file's place sees the old."""
        try:
            with Database(self.database, read_only=True) as database:
                return Backlog(database, self.clock).standing(self.destinations)
        except StoreFault as fault:
            _log.info("database not read", extra={"code": fault.code})
            return None

    def _free_bytes(self) -> int | None:
        try:
            return shutil.disk_usage(self.database.parent).free
        except OSError:
            return None
