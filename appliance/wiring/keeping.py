"""The chores of a box, and the process that does them."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from datetime import datetime
from typing import TYPE_CHECKING

from appliance import business, settings

if TYPE_CHECKING:
    from appliance.clock import Clock
    from appliance.ops.notify import Notifier
    from appliance.settings import Settings
    from appliance.store.backups import Backups
    from appliance.store.database import Database
    from appliance.upkeep.chores import Chore

_log = logging.getLogger(__name__)


def chores_of(config: Settings, database: Database, clock: Clock) -> list[Chore]:
    """Everything this box does for itself, in the order it is looked at."""
    from appliance.store.retention import Retention
    from appliance.store.search import Search
    from appliance.upkeep.backing_up import BackingUp
    from appliance.upkeep.checking import Checking
    from appliance.upkeep.indexing import Indexing
    from appliance.upkeep.journal import Journal
    from appliance.upkeep.service import is_quiet
    from appliance.upkeep.thinning import Thinning
    from appliance.wiring.hearing_again import second_pass_of

    directory, keep = settings.data_directory(config), config.keep
    journal, backups = Journal(directory), backups_of(config, clock)
    language = business.load(config.business).language
    told = config.deliver.destinations
    at = keep.chores_at
    return [
        Checking(database, backups, journal, clock, at=at, language=language, destinations=told),
        BackingUp(database.path, backups, keep, journal, clock),
        Thinning(database, Retention(database, directory, keep), journal, clock, at=at),
        Indexing(Search(database)),
        *second_pass_of(config, database, clock, lambda now: is_quiet(database, now)),
        *_mailed_reports(config, database, clock),
    ]


def _mailed_reports(config: Settings, database: Database, clock: Clock) -> list[Chore]:
    if not config.reports.mail_to:
        return []
    from appliance.reports.mailing import MailedReports
    from appliance.web.mailing import MailServer

    server = MailServer(config.deliver, settings.secret("smtp_password"))
    office = business.load(config.business)
    return [MailedReports(database, office, config.reports, config.deliver, send=server.send, clock=clock)]


def backups_of(config: Settings, clock: Clock) -> Backups:
    """The backups of this box's database."""
    from appliance.store.backups import Backups
    from appliance.store.database import FILE_NAME

    return Backups(settings.data_directory(config) / FILE_NAME, settings.backups_directory(config), clock)


def look_before_opening(config: Settings, clock: Clock) -> None:
    """Before the agent opens the database: keep a write-ahead log that SQLite would take for an empty one."""
    from appliance.store.database import FILE_NAME
    from appliance.store.integrity import keep_broken_log

    aside = keep_broken_log(settings.data_directory(config) / FILE_NAME, clock.now())
    if aside is not None:
        _log.critical("write-ahead log damaged, the last changes may be missing", extra={"aside": aside.name})


def run_upkeep(config: Settings, notifier: Notifier, stop: threading.Event) -> None:
    """Do the chores until `stop` is set, behind everything else."""
    from appliance.clock import SystemClock
    from appliance.store.database import FILE_NAME, Database
    from appliance.upkeep.service import Upkeep, is_quiet, serve

    _stand_back()
    clock = SystemClock()
    path = settings.data_directory(config) / FILE_NAME

    def quiet(now: datetime) -> bool:
        """By a reader: bringing old tables up to date is the agent's, which is not behind everything else."""
        with Database(path, read_only=True) as reader:
            return is_quiet(reader, now)

    with Database(path) as database:
        upkeep = Upkeep(chores_of(config, database, clock), clock, quiet, notifier.status)
        serve(upkeep, stop, notifier.ready, notifier.alive)


def _stand_back() -> None:
    """Behind everything else. Not SCHED_IDLE: starved, it would hold the database's write lock against the agent."""
    with contextlib.suppress(OSError):
        os.nice(19)
