"""Ties a process to the one that started it, so that no orphan answers the telephone."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Final

PARENT_VARIABLE: Final = "ATTENDANT_SUPERVISOR_PID"
_PR_SET_PDEATHSIG: Final = 1  # prctl(2)


def die_with_parent() -> None:
    """Have the kernel kill this process when the parent named in the environment dies.

    Called first thing by each process of a box, and by a box that a demonstration started; does nothing where no
    parent is named. The parent may have died before: then ours is already somebody else, and we leave at once.
    """
    supervisor_pid = os.environ.get(PARENT_VARIABLE)
    if supervisor_pid is None:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != int(supervisor_pid):
        sys.exit(0)
