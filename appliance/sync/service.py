"""The sync process: one at a time, sends what waits, asks who called, until it is told to stop."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from appliance.errors import StoreFault
from appliance.store.outbox import Outbox
from appliance.sync.acquaintance import Acquaintance
from appliance.sync.bell import Bell
from appliance.sync.forwarder import Forwarder, serve
from appliance.sync.lease import Lease

_log = logging.getLogger(__name__)
_LOOK_EVERY_S: Final = 2.0


def run(
    forwarder: Forwarder,
    acquaintance: Acquaintance | None,
    outbox: Outbox,
    run_directory: Path,
    stop: threading.Event,
    *,
    on_ready: Callable[[], None],
    alive: Callable[[], None],
    status: Callable[[str], None],
) -> None:
    """Until `stop`. While another process sends, this one waits, and says so (`status`)."""
    lease = Lease(run_directory)
    if not lease.take():
        on_ready()  # it is well, and waits its turn
        if not lease.wait(stop, _says_it_waits(status, alive)):
            return
    bell = Bell(run_directory)
    try:
        on_ready()  # also where the database is damaged and somebody is about to restore it
        if not _released(outbox, stop, alive=alive, status=status):
            return
        status("sending")
        _begin_asking(acquaintance, stop)
        serve(forwarder, stop, on_ready, alive, bell.rung)
    finally:
        bell.close()
        lease.give_back()


def _released(
    outbox: Outbox, stop: threading.Event, *, alive: Callable[[], None], status: Callable[[str], None]
) -> bool:
    """Take over what a sender that died had claimed; False when `stop` came before the store could be written."""
    while not stop.is_set():
        try:
            if released := outbox.release():
                _log.warning("rows of a sender that died are sent again", extra={"rows": released})
        except StoreFault as fault:
            alive()
            status(str(fault))
            _log.error("outbox cannot be written", extra={"code": fault.code, "reason": str(fault)})
            stop.wait(_LOOK_EVERY_S)
        else:
            return True
    return False


def _says_it_waits(status: Callable[[str], None], alive: Callable[[], None]) -> Callable[[int | None], None]:
    said: set[int | None] = set()

    def waiting(holder: int | None) -> None:
        alive()
        if holder not in said:
            said.add(holder)
            status(f"waiting: process {holder} sends already")
            _log.warning("another process sends already", extra={"pid": holder})

    return waiting


def _begin_asking(acquaintance: Acquaintance | None, stop: threading.Event) -> None:
    if acquaintance is not None:
        threading.Thread(target=acquaintance.run, args=(stop,), name="acquaintance", daemon=True).start()
