"""Waiting for what must come true, with a deadline that only a fault reaches."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

LIMIT_S = 60.0
_between = threading.Event()  # never set


def wait_for(holds: Callable[[], object], what: str, limit_s: float = LIMIT_S) -> None:
    """Until `holds`; AssertionError names `what` never came."""
    until_s = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < until_s, f"waited in vain for {what}"
        _between.wait(0.05)
