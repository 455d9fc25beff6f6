"""Gathers what the doctor judges of what is kept and sent, and of who watches over the box."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from appliance.errors import ApplianceError
from appliance.ops import checks_keeping, machine
from appliance.ops.doctor import Check, Finding
from appliance.ops.single import LOCK_NAME
from appliance.wiring.places import run_directory

if TYPE_CHECKING:
    from appliance.wiring.examining import Patient

_NOBODYS_NUMBER = "+15005550006"
"""Looked up in the customer database to see that it answers and takes our key; nothing is written there."""


def checks(box: Patient) -> list[Check]:
    """Database, backups, outbox, customer database, supervision."""
    return [
        Check("database", "whether it is whole", lambda: _database(box)),
        Check("backups", "whether there is a good copy, and how old", lambda: _backups(box)),
        Check("outbox", "whether what happened reaches the places it is sent to", lambda: _outbox(box)),
        Check("crm", "whether the customer database takes our key", lambda: _crm(box)),
        Check(
            "watchdog", "whether the box runs, and somebody restarts what is stuck", lambda: _watchdog(box)
        ),
    ]


def _database(box: Patient) -> Finding:
    from appliance.store.integrity import problems_of

    problems = problems_of(box.database, thorough=False)
    return checks_keeping.database(problems if problems or box.has_database else None)


def _backups(box: Patient) -> Finding:
    from appliance.wiring.keeping import backups_of

    kept = backups_of(box.config, box.clock)
    every = kept.all()
    newest = next(iter(every), None)
    facts = checks_keeping.BackupFacts(
        now=box.clock.now(),
        has_database=box.has_database,
        newest_at=None if newest is None else newest.made_at,
        fault="" if newest is None else kept.fault_of(newest) or "",
        count=len(every),
    )
    return checks_keeping.backups(facts, lambda: f"Made {kept.make().file}.")


def _outbox(box: Patient) -> Finding:
    from appliance.store.backlog import Backlog
    from appliance.store.database import Database

    if not box.has_database:
        waiting: list[checks_keeping.DestinationFacts] = [
            checks_keeping.DestinationFacts(name, 0, None, 0) for name in box.config.destinations
        ]
        return checks_keeping.outbox(waiting, box.clock.now())
    with Database(box.database, read_only=True) as database:
        standing = Backlog(database, box.clock).standing(box.config.destinations)
    facts = [
        checks_keeping.DestinationFacts(one.destination, one.waiting, one.oldest_at, one.buried, one.error)
        for one in standing
    ]
    return checks_keeping.outbox(facts, box.clock.now())


def _crm(box: Patient) -> Finding:
    """A number is looked up: that needs the machine, its answer and our key, and changes nothing there."""
    from appliance.sync.destinations import crm_of
    from appliance.web.asking import Client
    from appliance.wiring.examining import secret

    kind = box.config.crm.kind.value
    with closing(Client(ca_file=box.config.deliver.ca_file)) as client:
        crm = crm_of(box.config, box.office.language, secret, client)
        if crm is None:
            return checks_keeping.crm(kind)
        try:
            crm.contacts(_NOBODYS_NUMBER)
        except ApplianceError as fault:
            return checks_keeping.crm(kind, refused=fault.message, remedy=fault.remedy)
    return checks_keeping.crm(kind)


def _watchdog(box: Patient) -> Finding:
    state = box.state
    return checks_keeping.watchdog(
        checks_keeping.WatchFacts(
            units=tuple(machine.units()),
            supervisor_pid=machine.holder_of(run_directory(box.config) / LOCK_NAME),
            level="" if state is None else state.level,
            because=() if state is None else state.because,
        )
    )
