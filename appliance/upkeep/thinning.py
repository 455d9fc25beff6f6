"""Forgets each night what has been kept long enough."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, time, timedelta
from typing import Final

from appliance.clock import Clock
from appliance.store.database import Database
from appliance.store.retention import Retention
from appliance.upkeep.chores import comes_round
from appliance.upkeep.journal import Journal
from appliance.upkeep.service import is_quiet

_log = logging.getLogger(__name__)
_BELIEVABLE: Final = timedelta(days=31)


class Thinning:
    """Retention by the clock, while nobody is on the line; a call that comes stops it between two small steps."""

    name = "retention"

    def __init__(
        self, database: Database, retention: Retention, journal: Journal, clock: Clock, *, at: str
    ) -> None:
        self._database = database
        self._retention = retention
        self._journal = journal
        self._clock = clock
        self._at = time.fromisoformat(at)

    def is_due(self, now: datetime, *, idle: bool) -> bool:
        """Once a night, and only when nobody is on the line."""
        return idle and comes_round(now, self._journal.last(self.name), self._at)

    def do(self, stop: threading.Event) -> None:
        """Forget what is old; broken off by a call it goes on when that is over.

        A clock that has leapt is not believed the first night: it would have everything forgotten at once.
        """
        now = self._clock.now()
        if not self._is_believable(now):
            _log.warning("clock has leapt, nothing is forgotten today")
            self._journal.done(self.name, now)
            return
        broken_off = False

        def go_on() -> bool:
            nonlocal broken_off
            broken_off = stop.is_set() or not is_quiet(self._database, self._clock.now())
            return not broken_off

        gone = self._retention.thin(now, go_on)
        _log.info("forgotten", extra={"gone": {kind: count for kind, count in gone.items() if count}})
        if not broken_off:
            self._journal.done(self.name, now)

    def _is_believable(self, now: datetime) -> bool:
        last = self._journal.last(self.name)
        return last is not None and timedelta(0) <= now - last <= _BELIEVABLE
