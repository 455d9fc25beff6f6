"""The processes of a box: which there are, and how each is built and run until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from appliance import business, settings
from appliance.errors import ApplianceError
from appliance.ops.logs import configure as configure_logs
from appliance.ops.notify import Notifier
from appliance.ops.parents import die_with_parent
from appliance.ops.prepared import PreparedSounds
from appliance.wiring.equipping import build_equipment, write_prepared
from appliance.wiring.places import run_directory

if TYPE_CHECKING:
    from appliance.agent.equipment import Equipment
    from appliance.agent.records import Records
    from appliance.business import Business
    from appliance.settings import Settings
    from appliance.supervisor import ChildSpec

_log = logging.getLogger(__name__)
_GIL_SWITCH_S = 0.0005
"""In the agent: an ear comes back from its engines dozens of times a second and must not wait 5 ms each time for a
session that thinks. Four ears beside a thinking thread hear a tick after 11 ms, with Python's own 5 ms after 20."""


def children(config: Settings, config_path: Path | None) -> list[ChildSpec]:
    """The processes of the box, in the order they are started."""
    from appliance.supervisor import ChildSpec

    arguments = ["--config", str(config_path)] if config_path else []
    mind = [] if config.models.language_model == "none" else [("mind", True)]
    feed = [("feed", True)] if config.feed.port else []
    sync = [("sync", True)] if config.destinations else []
    errands = [("errands", True)] if _has_errands(config) else []
    desk = [("desk", True)] if config.desk.enabled else []
    upkeep = [("upkeep", True)]
    observe = [("observe", True)] if config.observe.port else []
    return [
        ChildSpec(
            name=name,
            argv=(sys.executable, "-m", "appliance.wiring", name, *arguments),
            optional=optional,
            replaceable=name == "agent",  # the line serves callers alone meanwhile
        )
        for name, optional in [
            ("agent", False),
            ("line", False),
            *mind,
            *feed,
            *sync,
            *errands,
            *desk,
            *upkeep,
            *observe,
        ]
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one process until it is told to stop."""
    parser = argparse.ArgumentParser(prog="python -m appliance.wiring", description=main.__doc__)
    parser.add_argument("process", choices=sorted(_PROCESSES))
    parser.add_argument("--config", type=Path, default=None)
    chosen = parser.parse_args(arguments)
    configure_logs(chosen.process)
    die_with_parent()
    notifier = Notifier.from_environment()
    try:
        config = settings.load(chosen.config)
        configure_logs(chosen.process, with_words=config.observe.log_words)
        _PROCESSES[chosen.process](config, notifier)
    except ApplianceError as error:
        notifier.status(str(error))
        _log.error("process cannot run", extra={"code": error.code, "reason": str(error)})
        return error.exit_status
    return 0


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


# --- line ----------------------------------------------------------------------------------------


def _run_line(config: Settings, notifier: Notifier) -> None:
    from appliance.line import service

    directory = run_directory(config)
    service.run(
        config,
        directory / "agent.sock",
        directory / "prepared",
        _stop_on_signals(),
        notifier.ready,
        notifier.alive,
        notifier.status,
    )


# --- mind ----------------------------------------------------------------------------------------


def _run_mind(config: Settings, notifier: Notifier) -> None:
    # OpenMP threads spin and starve the recogniser unless told otherwise before the library loads (parts.md).
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
    with contextlib.suppress(OSError):
        os.nice(10)
    stop = _stop_on_signals()

    from appliance.engines.llama_llm import LlamaModel
    from appliance.mind import service
    from appliance.weights.place import resolve

    path = resolve(config, "language_model")
    if path is None:  # told to run without: under systemd that is a success, not a failure to start
        notifier.ready()
        return
    limits = config.mind
    model = LlamaModel(path, limits.threads, limits.context_tokens, seed=0, gpu_layers=limits.gpu_layers)
    service.run(model, run_directory(config) / "mind.sock", stop, notifier.ready, notifier.alive)


# --- feed ----------------------------------------------------------------------------------------


def _run_feed(config: Settings, notifier: Notifier) -> None:
    from appliance.clock import SystemClock
    from appliance.feed import address, service
    from appliance.feed.page import Page, Pages
    from appliance.store.appointments import Diary
    from appliance.store.database import FILE_NAME, Database

    if not config.feed.port:  # there is none: under systemd that is a success, not a failure to start
        notifier.ready()
        return
    with contextlib.suppress(OSError):
        os.nice(10)
    stop = _stop_on_signals()
    office, clock = business.load(config.business), SystemClock()
    directory = settings.data_directory(config)
    with Database(directory / FILE_NAME, read_only=True) as database:
        pages = Pages(Diary(database, office, clock), office, clock, config.feed.days_back)

        def newest() -> Page:
            """A connection for each look: one opened before the agent writes would not see what it writes."""
            try:
                return pages.newest()
            finally:
                database.close()

        server = service.FeedServer(config.feed, address.token(directory), newest, notifier.alive)
        service.run(server, stop, notifier.ready)


# --- sync ----------------------------------------------------------------------------------------


def _run_sync(config: Settings, notifier: Notifier) -> None:
    from appliance.clock import SystemClock
    from appliance.store.contacts import Contacts
    from appliance.store.database import FILE_NAME, Database
    from appliance.store.outbox import Outbox
    from appliance.sync import service
    from appliance.sync.acquaintance import Acquaintance
    from appliance.sync.destinations import forwarding

    with contextlib.suppress(OSError):
        os.nice(19)
    stop = _stop_on_signals()
    if not config.destinations:
        notifier.ready()
        return
    office, clock = business.load(config.business), SystemClock()
    with (
        Database(settings.data_directory(config) / FILE_NAME) as database,
        forwarding(config, office, database, settings.secret) as (forwarder, crm),
    ):
        contacts = Contacts(database, clock, contact_days=config.crm.contact_days)
        service.run(
            forwarder,
            None if crm is None else Acquaintance(contacts, crm, clock),
            Outbox(database, clock),
            run_directory(config),
            stop,
            on_ready=notifier.ready,
            alive=notifier.alive,
            status=notifier.status,
        )


# --- errands -------------------------------------------------------------------------------------


def _has_errands(config: Settings) -> bool:
    return any(tool.url for tool in business.load(config.business).tools)


def _run_errands(config: Settings, notifier: Notifier) -> None:
    from appliance.errands import service
    from appliance.web.errand import SOCKET_NAME
    from appliance.web.posting import Poster

    tools = service.outside_tools(business.load(config.business))
    if not tools:
        notifier.ready()
        return
    poster = Poster(ca_file=config.deliver.ca_file)
    server = service.ErrandServer(tools, poster, service.secrets_of(tools, settings.secret))
    asyncio.run(service.serve(server, run_directory(config) / SOCKET_NAME, notifier.ready, notifier.alive))


# --- desk ----------------------------------------------------------------------------------------


def _run_desk(config: Settings, notifier: Notifier) -> None:
    from appliance.wiring.at_the_desk import run_desk

    run_desk(config, notifier, _stop_on_signals())


# --- upkeep --------------------------------------------------------------------------------------


def _run_upkeep(config: Settings, notifier: Notifier) -> None:
    from appliance.wiring.keeping import run_upkeep

    run_upkeep(config, notifier, _stop_on_signals())


# --- observe --------------------------------------------------------------------------------------


def _run_observe(config: Settings, notifier: Notifier) -> None:
    from appliance.wiring.observing import run_observe

    run_observe(config, notifier, _stop_on_signals())


# --- second pass ----------------------------------------------------------------------------------


def _run_second_pass(config: Settings, notifier: Notifier) -> None:
    from appliance.wiring.hearing_again import run_second_pass

    run_second_pass(config, notifier)


# --- agent ---------------------------------------------------------------------------------------


def _run_agent(config: Settings, notifier: Notifier) -> None:
    office = business.load(config.business)
    if not config.store.record_calls:  # the box has the last word, and callers are told what is so
        office = office.model_copy(update={"recording": business.RecordingRule(record=False)})
    sys.setswitchinterval(_GIL_SWITCH_S)
    equipment = build_equipment(config, office)
    prepared = PreparedSounds(run_directory(config) / "prepared")
    write_prepared(equipment, prepared)
    asyncio.run(_serve_agent(config, office, replace(equipment, menu=prepared.menu()), notifier))


async def _serve_agent(config: Settings, office: Business, equipment: Equipment, notifier: Notifier) -> None:
    from appliance.agent.caller_names import CallerNames
    from appliance.agent.records import Records
    from appliance.agent.service import Agent
    from appliance.settings import CrmKind, Tells
    from appliance.store.appointments import Diary
    from appliance.store.calls import Calls
    from appliance.store.contacts import Contacts
    from appliance.store.database import FILE_NAME, Database
    from appliance.store.messages import Messages
    from appliance.store.taken_back import TakenBack
    from appliance.store.writer import StoreWriter
    from appliance.wiring.keeping import look_before_opening

    directory = settings.data_directory(config)
    look_before_opening(config, equipment.clock)
    database = Database(directory / FILE_NAME)
    looking = Database(directory / FILE_NAME, read_only=True)
    writer, clock = StoreWriter(), equipment.clock
    known = CallerNames(Contacts(looking, clock), Contacts(database, clock), writer, office.region)
    records = Records(
        writer,
        Calls(
            database,
            destinations=config.told_of(Tells.CALL),
            correcting=config.told_of(Tells.DISPOSITION),
        ),
        Diary(database, office, equipment.clock, destinations=config.told_of(Tells.APPOINTMENT)),
        Messages(database, destinations=config.told_of(Tells.MESSAGE)),
        directory if office.recording.record else None,
        spoken_messages=directory,
        taken_back=TakenBack(database),
        asks_consent=office.recording.consent is business.Consent.ASK,
        language=office.language,
        names=None if config.crm.kind is CrmKind.NONE else known,
        figures=equipment.figures,
    )
    await _repair(records, directory)
    await asyncio.to_thread(known.get_ready)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        await Agent(equipment, records, run_directory(config)).run(
            stop, notifier.ready, notifier.alive, notifier.status
        )
    finally:
        await writer.drain()
        looking.close()
        database.close()


async def _repair(records: Records, directory: Path) -> None:
    """Close the calls that a crash left open, and take out of recordings what it left in; a disk that refuses is
    said, and does not keep us from calls."""
    from appliance.conversation.summing_up import of_turns
    from appliance.domain.call import Disposition

    try:
        sum_up = partial(of_turns, disposition=Disposition.SYSTEM_FAILURE, language=records.language)
        await records.writer.do(records.calls.repair, sum_up)
        if records.taken_back is not None:
            await records.writer.do(records.taken_back.repair, directory)
    except ApplianceError as fault:
        _log.error("repair failed", extra={"code": fault.code, "reason": str(fault)})


_PROCESSES: dict[str, Callable[[Settings, Notifier], None]] = {
    "agent": _run_agent,
    "line": _run_line,
    "mind": _run_mind,
    "feed": _run_feed,
    "sync": _run_sync,
    "errands": _run_errands,
    "desk": _run_desk,
    "upkeep": _run_upkeep,
    "second_pass": _run_second_pass,
    "observe": _run_observe,
}
