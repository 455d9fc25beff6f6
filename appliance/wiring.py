"""Builds each process from the settings: the only room that knows every concrete class.

`python -m appliance.wiring line|agent|mind|feed|sync|errands --config FILE` is what systemd and `appliance run` start.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from appliance import __version__, business, settings
from appliance.audio.tone import speak_now_tone
from appliance.conversation.key_menu import TONE
from appliance.conversation.menu_words import menu_texts, offers_of
from appliance.conversation.phrases import Phrases
from appliance.conversation.readiness import make_ready
from appliance.conversation.speakable import speakable
from appliance.errors import ApplianceError, ConfigError, EngineFault
from appliance.ops.logs import configure as configure_logs
from appliance.ops.notify import Notifier
from appliance.ops.parents import die_with_parent
from appliance.ops.prepared import PreparedSounds

if TYPE_CHECKING:
    from appliance.agent.equipment import Equipment
    from appliance.agent.looking_up import LookingUp
    from appliance.agent.records import Records
    from appliance.agent.tooling import Tooling
    from appliance.agent.vitals import Vitals
    from appliance.business import Business
    from appliance.engines.ports import IntentFinder, Voice
    from appliance.engines.sentence_vectors import MiniLmVectors
    from appliance.settings import Settings
    from appliance.supervisor import ChildSpec

_log = logging.getLogger(__name__)
_VOICE_WORKERS = 2
_SOCKET_PATH_MAX = 100
_PREPARED = ("one_moment", "call_again")
T = TypeVar("T")
U = TypeVar("U")


def run_directory(config: Settings) -> Path:
    """Where the running box keeps its sockets; ConfigError when the kernel could not take such a long path."""
    directory = settings.data_directory(config) / "run"
    if len(str(directory / "agent.sock")) > _SOCKET_PATH_MAX:
        raise ConfigError(
            f"store.directory: {directory} is too long for the box's sockets.",
            remedy=f"Choose a path under {_SOCKET_PATH_MAX - 15} characters.",
        )
    return directory


def children(config: Settings, config_path: Path | None) -> list[ChildSpec]:
    """The processes of the box, in the order they are started."""
    from appliance.supervisor import ChildSpec

    arguments = ["--config", str(config_path)] if config_path else []
    mind = [] if config.models.language_model == "none" else [("mind", True)]
    feed = [("feed", True)] if config.feed.port else []
    sync = [("sync", True)] if config.deliver.destinations else []
    errands = [("errands", True)] if _has_errands(config) else []
    return [
        ChildSpec(
            name=name,
            argv=(sys.executable, "-m", "appliance.wiring", name, *arguments),
            optional=optional,
            replaceable=name == "agent",  # the line serves callers alone meanwhile
        )
        for name, optional in [("agent", False), ("line", False), *mind, *feed, *sync, *errands]
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


# --- line ---------------------------------------------------------------------------------------


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


# --- mind ---------------------------------------------------------------------------------------


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
    model = LlamaModel(path, threads=config.mind.threads, context_tokens=config.mind.context_tokens, seed=0)
    service.run(model, run_directory(config) / "mind.sock", stop, notifier.ready, notifier.alive)


# --- feed ---------------------------------------------------------------------------------------


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


# --- sync ---------------------------------------------------------------------------------------


def _run_sync(config: Settings, notifier: Notifier) -> None:
    from appliance.store.database import FILE_NAME, Database
    from appliance.sync import forwarder
    from appliance.sync.destinations import forwarder_for

    with contextlib.suppress(OSError):
        os.nice(19)
    stop = _stop_on_signals()
    if not config.deliver.destinations:
        notifier.ready()
        return
    with Database(settings.data_directory(config) / FILE_NAME) as database:
        sending = forwarder_for(config.deliver, business.load(config.business), database, settings.secret)
        forwarder.serve(sending, stop, notifier.ready, notifier.alive)


# --- errands ------------------------------------------------------------------------------------


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


# --- agent --------------------------------------------------------------------------------------


def _run_agent(config: Settings, notifier: Notifier) -> None:
    office = business.load(config.business)
    equipment = build_equipment(config, office)
    prepared = PreparedSounds(run_directory(config) / "prepared")
    _write_prepared(equipment, prepared)
    asyncio.run(_serve_agent(config, office, replace(equipment, menu=prepared.menu()), notifier))


async def _serve_agent(config: Settings, office: Business, equipment: Equipment, notifier: Notifier) -> None:
    from appliance.agent.records import Records
    from appliance.agent.service import Agent
    from appliance.store.appointments import Diary
    from appliance.store.calls import Calls
    from appliance.store.database import FILE_NAME, Database
    from appliance.store.messages import Messages
    from appliance.store.writer import StoreWriter

    directory = settings.data_directory(config)
    database = Database(directory / FILE_NAME)
    writer = StoreWriter()
    records = Records(
        writer,
        Calls(database),
        Diary(database, office, equipment.clock),
        Messages(database, destinations=config.deliver.destinations),
        directory if config.store.record_calls else None,
        spoken_messages=directory,
    )
    await _repair(records)
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
        database.close()


async def _repair(records: Records) -> None:
    """Close the calls that a crash left open; a disk that refuses is said, and does not keep us from calls."""
    try:
        await records.writer.do(records.calls.repair)
    except ApplianceError as fault:
        _log.error("repair failed", extra={"code": fault.code, "reason": str(fault)})


def build_equipment(config: Settings, office: Business) -> Equipment:
    """Load the engines side by side (each releases the GIL) and prepare what is said often."""
    from appliance.agent.equipment import Equipment
    from appliance.agent.vitals import Vitals
    from appliance.agent.voicing import VoiceQueue
    from appliance.clock import SystemClock
    from appliance.engines.dead import DeadRecogniser
    from appliance.engines.silero_vad import SileroDetector
    from appliance.engines.vosk_asr import VoskModel
    from appliance.weights.place import resolve

    phrases = Phrases(office.language, office.phrases)
    make_ready(office.language, office.region)
    vitals = Vitals(SystemClock())
    with ThreadPoolExecutor(3) as loading:
        recogniser = loading.submit(
            _loaded,
            lambda: VoskModel(_required(resolve(config, "recogniser"), "recogniser")),
            DeadRecogniser,
            config,
        )
        voice = loading.submit(_load_voice, config, office, phrases, vitals)
        finder = loading.submit(lambda: load_finder(config, office))
        return Equipment(
            settings=config,
            business=office,
            phrases=phrases,
            clock=SystemClock(),
            recogniser=vitals.recogniser(recogniser.result()),
            new_detector=SileroDetector,
            finder=finder.result(),
            voice_queue=VoiceQueue(
                voice.result(), ThreadPoolExecutor(_VOICE_WORKERS, thread_name_prefix="voice")
            ),
            versions=_versions(config, office),
            tooling=_load_tooling(config, office),
            documents=load_documents(config, office),
            vitals=vitals,
        )


def _load_tooling(config: Settings, office: Business) -> Tooling | None:
    """What uses the business's tools, by way of the errands process; None for a business without any."""
    from appliance.agent.outside import ask
    from appliance.agent.tooling import Tooling
    from appliance.clock import SystemClock
    from appliance.web.errand import SOCKET_NAME

    if not office.tools:
        return None
    return Tooling(office, partial(ask, run_directory(config) / SOCKET_NAME), SystemClock())


def _required(path: Path | None, role: str) -> Path:
    if path is None:
        raise ConfigError(
            f"models.{role}: `none` is not possible.", remedy="Only language_model and vectors may be none."
        )
    return path


def _loaded(load: Callable[[], T], dead: Callable[[ApplianceError], U], config: Settings) -> T | U:
    """An engine, or a dead one while callers can be served by prepared sound; else there is no point in starting."""
    try:
        return load()
    except ApplianceError as fault:
        if PreparedSounds(run_directory(config) / "prepared").menu() is None:
            raise
        _log.error("engine not loaded", extra={"code": fault.code, "reason": str(fault)})
        return dead(fault)


def _load_voice(config: Settings, office: Business, phrases: Phrases, vitals: Vitals) -> Voice:
    from appliance.engines.cached_voice import CachedVoice
    from appliance.engines.dead import DeadVoice
    from appliance.engines.piper_tts import PiperVoice
    from appliance.weights.place import resolve

    piper = _loaded(lambda: PiperVoice(_required(resolve(config, "voice"), "voice")), DeadVoice, config)
    voice = CachedVoice(vitals.voice(piper), settings.home() / "cache" / "voice")
    try:
        voice.prepare(map(speakable, prepared_texts(office, phrases)))
    except EngineFault as fault:
        _log.error("phrases not prepared", extra={"code": fault.code, "reason": str(fault)})
    return voice


def prepared_texts(office: Business, phrases: Phrases) -> list[str]:
    """Everything that is known before anybody calls: greeting, fixed phrases, facts, questions of the flows."""
    from appliance.business.phrases import braces_of
    from appliance.conversation.facts import standing_answers

    own = [text for flow in office.flows for text in flow.phrases.values() if not braces_of(text)]
    questions = [phrases.say("which_day_for", service=service.spoken) for service in office.services]
    menu = menu_texts(office, phrases).values()
    return [office.greeting, *phrases.fixed(), *menu, *own, *questions, *standing_answers(office, phrases)]


def load_finder(config: Settings, office: Business) -> IntentFinder | None:
    """What finds the intents of a business, taught now if it has changed; None without sentence vectors."""
    from appliance.business.callers import callers
    from appliance.conversation.clauses import clauses
    from appliance.conversation.lessons import lessons
    from appliance.engines.intent_files import table_for
    from appliance.engines.intent_finder import TrainedIntents
    from appliance.weights.place import resolve

    path = resolve(config, "vectors")
    if path is None:
        return None
    vectors = _vectors_at(path)
    table = table_for(lessons(office, callers(office.language)), vectors, taught_directory(config))
    return TrainedIntents(vectors, table, partial(clauses, language=office.language))


@cache
def _vectors_at(path: Path) -> MiniLmVectors:
    """The sentence vectors, loaded once a process: intents and documents share them."""
    from appliance.engines.sentence_vectors import MiniLmVectors

    return MiniLmVectors(path)


def load_documents(config: Settings, office: Business, *, by_meaning: bool = True) -> LookingUp:
    """The office's documents, ready to be asked; in a language that cannot be searched they say nothing.

    Unless `by_meaning` they are searched by their words alone, without sentence vectors.
    """
    from appliance.agent.looking_up import LookingUp
    from appliance.knowledge.search import Search
    from appliance.knowledge.shelf import FILE_NAME, Shelf
    from appliance.knowledge.words import WORDS
    from appliance.weights.place import resolve

    if office.language not in WORDS:
        return LookingUp(None)
    shelf = Shelf(settings.data_directory(config) / FILE_NAME, WORDS[office.language], read_only=True)
    path = resolve(config, "vectors") if by_meaning else None
    return LookingUp(Search(shelf, _vectors_at(path) if path else None))


def taught_directory(config: Settings) -> Path:
    """Where taught tables of understanding are kept, each named by what it was taught."""
    return settings.data_directory(config) / "understanding"


def _write_prepared(equipment: Equipment, prepared: PreparedSounds) -> None:
    """Sound for the line process to play by itself when the agent is gone; what cannot be made stays as it was."""
    office, phrases, fallback = equipment.business, equipment.phrases, equipment.settings.sip.fallback
    texts = {name: phrases.say(name) for name in _PREPARED} | menu_texts(office, phrases)
    sounds = {TONE: speak_now_tone()}
    try:
        for name, text in texts.items():
            sounds[name] = b"".join(equipment.voice_queue.voice.speak(speakable(text)))
        prepared.write(sounds, offers_of(office, fallback))
    except (EngineFault, OSError) as fault:
        _log.error("sounds not prepared", extra={"reason": str(fault)})


def _versions(config: Settings, office: Business) -> dict[str, str]:
    """What answered: software, business file, flows, phrases and prompts (content hashes), models; kept with calls."""
    from appliance.conversation.version import conversation_versions
    from appliance.weights.place import chosen

    content = hashlib.sha256(office.model_dump_json().encode()).hexdigest()[:12]
    models = {role: chosen(config, role) for role in ("recogniser", "voice", "language_model", "vectors")}
    business = {"business": f"{office.name} {content}", **conversation_versions(office)}
    return {"attendant": __version__, **business, **models}


_PROCESSES: dict[str, Callable[[Settings, Notifier], None]] = {
    "agent": _run_agent,
    "line": _run_line,
    "mind": _run_mind,
    "feed": _run_feed,
    "sync": _run_sync,
    "errands": _run_errands,
}

if __name__ == "__main__":
    sys.exit(main())
