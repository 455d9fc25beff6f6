"""The upkeep process: looks now and then what is due, and does it in a thread of its own, one after the other."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from appliance.clock import Clock
from appliance.errors import ApplianceError
from appliance.store.calls import moment_text
from appliance.store.database import Database
from appliance.upkeep.chores import Chore

_log = logging.getLogger(__name__)
LOOK_EVERY_S: Final = 5.0
AGAIN_AFTER_S: Final = 900.0
"""A chore that failed is tried again after this."""
_ALIVE_EVERY_S: Final = 1.0
_PATIENCE_S: Final = 10.0
_LONGEST_CALL: Final = timedelta(hours=4)

OnFault = Callable[[str], None]


def is_quiet(database: Database, now: datetime) -> bool:
    """Whether nobody is on the line: no call is open. One older than any call is a crash nobody repaired yet.

    A database that cannot be asked says nothing about callers: not quiet.
    """
    try:
        open_since = moment_text(now.astimezone(UTC) - _LONGEST_CALL)
        found = database.rows(
            "SELECT 1 FROM calls WHERE offered_at > ? AND ended_at IS NULL LIMIT 1", [open_since]
        )
    except ApplianceError:
        return False
    return not found


class Upkeep:
    """Does `chores` when they are due. `quiet(now)` says whether nobody is on the line.

    `say` is told in words how things stand: the last fault, or nothing ("") when all is well.
    """

    def __init__(
        self,
        chores: Sequence[Chore],
        clock: Clock,
        quiet: Callable[[datetime], bool],
        say: OnFault = lambda words: None,
    ) -> None:
        self._chores = tuple(chores)
        self._clock = clock
        self._quiet = quiet
        self._say = say
        self._not_before_s: dict[str, float] = {}
        self._faults: dict[str, str] = {}

    def run(self, stop: threading.Event) -> None:
        """Until `stop` is set."""
        while not stop.is_set():
            self.look(stop)
            stop.wait(LOOK_EVERY_S)

    def look(self, stop: threading.Event) -> int:
        """Do what is due now; how many chores that were."""
        done = 0
        for chore in self._chores:
            now = self._clock.now()
            if stop.is_set():
                break
            if self._may_try(chore) and chore.is_due(now, idle=self._quiet(now)):
                self._do(chore, stop)
                done += 1
        return done

    def _may_try(self, chore: Chore) -> bool:
        return self._clock.monotonic_s() >= self._not_before_s.get(chore.name, 0.0)

    def _do(self, chore: Chore, stop: threading.Event) -> None:
        fault = _attempt(chore, stop)
        if fault:
            self._faults[chore.name] = fault
            self._not_before_s[chore.name] = self._clock.monotonic_s() + AGAIN_AFTER_S
        else:
            self._faults.pop(chore.name, None)
            self._not_before_s.pop(chore.name, None)
        self._say(" ".join(self._faults.values()))


def _attempt(chore: Chore, stop: threading.Event) -> str:
    """Do it; what went wrong, in words, empty when nothing did."""
    try:
        chore.do(stop)
    except ApplianceError as error:
        _log.error("chore failed", extra={"chore": chore.name, "code": error.code, "reason": str(error)})
        return str(error)
    except Exception as error:  # noqa: BLE001  a bug in one chore must not end the others
        _log.exception("chore failed inside", extra={"chore": chore.name})
        return f"{chore.name}: a fault of ours ({type(error).__name__})."
    _log.info("chore done", extra={"chore": chore.name})
    return ""


def serve(
    upkeep: Upkeep, stop: threading.Event, on_ready: Callable[[], None], alive: Callable[[], None]
) -> None:
    """Run `upkeep` until `stop` is set. A chore may take long; the process is alive as long as its thread is."""
    working = threading.Thread(target=upkeep.run, args=(stop,), name="upkeep", daemon=True)
    working.start()
    on_ready()
    _log.info("upkeep ready")
    while not stop.wait(_ALIVE_EVERY_S) and working.is_alive():
        alive()
    working.join(_PATIENCE_S)
