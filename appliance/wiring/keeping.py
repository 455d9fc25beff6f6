"""The chores of a box, and the process that does them."""

from __future__ import annotations

import contextlib
import os
import threading
from typing import TYPE_CHECKING

from appliance import settings

if TYPE_CHECKING:
    from appliance.clock import Clock
    from appliance.ops.notify import Notifier
    from appliance.settings import Settings
    from appliance.store.database import Database
    from appliance.upkeep.chores import Chore


def chores_of(config: Settings, database: Database, clock: Clock) -> list[Chore]:
    """Everything this box does for itself, in the order it is looked at."""
    return []


def run_upkeep(config: Settings, notifier: Notifier, stop: threading.Event) -> None:
    """Do the chores until `stop` is set, behind everything else."""
    from appliance.clock import SystemClock
    from appliance.store.database import FILE_NAME, Database
    from appliance.upkeep.service import Upkeep, is_quiet, serve

    _stand_back()
    clock = SystemClock()
    with Database(settings.data_directory(config) / FILE_NAME) as database:
        chores = chores_of(config, database, clock)
        upkeep = Upkeep(chores, clock, lambda now: is_quiet(database, now), notifier.status)
        serve(upkeep, stop, notifier.ready, notifier.alive)


def _stand_back() -> None:
    """Behind everything else. Not SCHED_IDLE: starved, it would hold the database's write lock against the agent."""
    with contextlib.suppress(OSError):
        os.nice(19)
