"""The observe process of a box."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from typing import TYPE_CHECKING

from appliance import settings
from appliance.wiring.places import run_directory

if TYPE_CHECKING:
    from appliance.ops.notify import Notifier
    from appliance.settings import Settings


def run_observe(config: Settings, notifier: Notifier, stop: threading.Event) -> None:
    """Answer those who watch over the box until `stop` is set."""
    from appliance.clock import SystemClock
    from appliance.observe.asking import ask
    from appliance.observe.seeing import Looking
    from appliance.observe.service import ObserveServer
    from appliance.ops.observed import processes
    from appliance.store.database import FILE_NAME
    from appliance.web.serving import serve

    if not config.observe.port:  # there is none: under systemd that is a success, not a failure to start
        notifier.ready()
        return
    with contextlib.suppress(OSError):
        os.nice(10)
    directory = run_directory(config)
    looking = Looking(
        ask=lambda: ask(directory),
        processes=lambda: list(processes(sys.argv[2:])),
        database=settings.data_directory(config) / FILE_NAME,
        destinations=config.destinations,
        registers=bool(config.sip.registrar),
        clock=SystemClock(),
    )
    serve(ObserveServer(config.observe, looking.look, notifier.alive), stop, notifier.ready)
