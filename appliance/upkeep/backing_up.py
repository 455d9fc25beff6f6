"""The nightly backup, and the forgetting of old ones."""

from __future__ import annotations

import threading
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final

from appliance.clock import Clock
from appliance.settings import Keep
from appliance.store.backups import Backups
from appliance.upkeep.chores import comes_round
from appliance.upkeep.journal import Journal

_WAITS_AT_MOST: Final = timedelta(hours=6)
"""A line that is never quiet does not put off a backup for longer: it holds nobody up, it only costs the disk."""


class BackingUp:
    """Makes a backup each night. `database` is the path of the database: without one there is nothing to do."""

    name = "backup"

    def __init__(self, database: Path, backups: Backups, keep: Keep, journal: Journal, clock: Clock) -> None:
        self._database = database
        self._backups = backups
        self._keep = keep
        self._journal = journal
        self._clock = clock
        self._at = time.fromisoformat(keep.chores_at)

    def is_due(self, now: datetime, *, idle: bool) -> bool:
        """Once a night, when nobody is on the line or has not been off it for hours."""
        last = self._journal.last(self.name)
        if not self._database.exists() or not comes_round(now, last, self._at):
            return False
        return idle or (last is not None and comes_round(now - _WAITS_AT_MOST, last, self._at))

    def do(self, stop: threading.Event) -> None:
        """Make one, then remove those that are not to be kept."""
        self._backups.make(recordings=self._keep.backup_recordings)
        self._journal.done(self.name, self._clock.now())
        self._backups.thin(self._keep.backups_days, self._keep.backups_weeks)
