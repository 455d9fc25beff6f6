"""The second pass as a chore of the box: due when nobody is on the line, and gone when somebody calls.

The work is a process of its own. It is not asked to stop, it is killed: what it has kept is on disk, turn by turn,
and 300 MB of memory and a core are the caller's at once.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from appliance.clock import Clock
from appliance.errors import EngineFault
from appliance.secondpass.listening import REACHES_BACK
from appliance.store.second_texts import SecondTexts

_LOOK_EVERY_S: Final = 0.25
_NOT_FOR_IT: Final = frozenset({"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})
"""Who supervises us is told of us, not of it (sd_notify(3))."""


class SecondPassing:
    """Starts the process `command` when calls wait and it is quiet, and kills it when it no longer is.

    `parent_variable` is where the process looks for the id of whose death is its own.
    """

    name = "second_pass"

    def __init__(
        self,
        command: Sequence[str],
        second: SecondTexts,
        clock: Clock,
        quiet: Callable[[datetime], bool],
        *,
        parent_variable: str,
    ) -> None:
        self._command = tuple(command)
        self._second = second
        self._clock = clock
        self._quiet = quiet
        self._parent_variable = parent_variable

    def is_due(self, now: datetime, *, idle: bool) -> bool:
        """Whether nobody is on the line and a recording waits."""
        return idle and bool(self._second.waiting(now - REACHES_BACK))

    def do(self, stop: threading.Event) -> None:
        """Until nothing waits, somebody calls, or `stop` is set. EngineFault when the process failed."""
        environment = {key: value for key, value in os.environ.items() if key not in _NOT_FOR_IT}
        environment[self._parent_variable] = str(os.getpid())
        with subprocess.Popen(self._command, env=environment, stdin=subprocess.DEVNULL) as process:
            try:
                while process.poll() is None and self._may_go_on(stop):
                    stop.wait(_LOOK_EVERY_S)
                was_given_up = process.poll() is None
            finally:
                process.kill()  # nothing happens to one that is done
        if process.returncode and not was_given_up:
            raise EngineFault(
                f"The second pass ended with status {process.returncode}.",
                remedy="The log of the process second_pass says why; store.second_pass = false does without it.",
            )

    def _may_go_on(self, stop: threading.Event) -> bool:
        return not stop.is_set() and self._quiet(self._clock.now())
