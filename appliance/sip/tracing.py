"""pjsua's own log as the source of the trace: the only place where it shows every message it sends and gets.

Level 4 has the messages. A call writes some sixty lines, nearly all when it begins and ends; each costs a few
microseconds here, and nothing at all while people speak.
"""

from __future__ import annotations

from typing import Any, Final

import pjsua2 as pj

from appliance.clock import Clock
from appliance.sip.call import guarded
from appliance.sip.trace import Trace

_LEVEL: Final = 4


class TraceWriter(pj.LogWriter):  # type: ignore[misc]
    """Hands each line to a trace."""

    def __init__(self, trace: Trace, clock: Clock) -> None:
        super().__init__()
        self._trace = trace
        self._clock = clock

    @guarded
    def write(self, entry: Any) -> None:
        """A line, without any decoration."""
        self._trace.wrote(entry.msg, self._clock.now().timestamp())


def write_into(trace: Trace, clock: Clock, log: Any) -> TraceWriter:
    """Set up `log` (pj.LogConfig) so that `trace` gets everything; keep what is returned as long as the library."""
    writer = TraceWriter(trace, clock)
    writer.__disown__()  # libDestroy frees it
    log.level = log.consoleLevel = _LEVEL
    log.decor = 0
    log.writer = writer
    return writer
