"""Real-time scheduling for the process of a telephone: a packet must not wait for somebody else's work."""

from __future__ import annotations

import contextlib
import logging
import os
import sys

_log = logging.getLogger(__name__)
_REALTIME_PRIORITY = 10
_NICENESS = -10
_REALTIME = frozenset({os.SCHED_RR, os.SCHED_FIFO})
_GIL_SWITCH_S = 0.0005  # the clock thread waits at most this long for a busy Python thread


def hurry() -> None:
    """Ask for SCHED_RR for this thread and all that it starts from now on; what is not permitted is let be.

    Linux schedules threads, and a new one inherits from the one that starts it: call this before pjsua2 or
    anybody else has started theirs. (SCHED_RESET_ON_FORK would undo it in each of them.) All have the same
    priority, so that none that waits for the interpreter waits for one that is given no core.
    """
    sys.setswitchinterval(_GIL_SWITCH_S)
    if os.sched_getscheduler(0) not in _REALTIME:  # else systemd has chosen already
        _ask()
    _log.info("telephone scheduled", extra={"realtime": os.sched_getscheduler(0) in _REALTIME})


def _ask() -> None:
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(_REALTIME_PRIORITY))
    except OSError:  # without CAP_SYS_NICE a larger share has to do, and without that the ordinary one
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, _NICENESS)
