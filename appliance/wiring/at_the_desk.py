"""The desk process, built from the settings: engines of its own, because nothing of a call may wait for it."""

from __future__ import annotations

import contextlib
import os
import threading
from functools import partial
from typing import TYPE_CHECKING

from appliance import business, settings
from appliance.wiring.places import run_directory
from appliance.wiring.rehearsing import clock_of

if TYPE_CHECKING:
    from pathlib import Path

    from appliance.business import Business
    from appliance.desk.looking_up import LookingUp
    from appliance.desk.service import Furniture
    from appliance.ops.notify import Notifier
    from appliance.settings import Settings

_NICENESS = 5


def run_desk(config: Settings, notifier: Notifier, stop: threading.Event) -> None:
    """Listen at the desk until `stop`; where the settings want no desk, end at once and well."""
    from appliance.desk import service
    from appliance.engines.sound_card import SoundCard

    if not config.desk.enabled:  # under systemd that is a success, not a failure to start
        notifier.ready()
        return
    with contextlib.suppress(OSError):
        os.nice(_NICENESS)
    service.run(
        furnish(config, business.load(config.business)),
        partial(SoundCard, config.desk.microphone, config.desk.speaker),
        run_directory(config) / service.SOCKET,
        stop,
        notifier.ready,
        notifier.alive,
        notifier.status,
    )


def furnish(config: Settings, office: Business) -> Furniture:
    """The desk of an office, its models loaded."""
    from appliance.desk.ear import DeskEar
    from appliance.desk.sayings import sayings_of
    from appliance.desk.service import Furniture
    from appliance.desk.session import Session
    from appliance.engines.piper_tts import PiperVoice
    from appliance.engines.silero_vad import SileroDetector
    from appliance.engines.vosk_asr import VoskModel
    from appliance.engines.wake_word import WakeWordModel

    ear = DeskEar(
        WakeWordModel(_model(config, "wake_word")).open(),
        SileroDetector,
        VoskModel(_model(config, "recogniser")),
        config.turns,
        wake_threshold=config.desk.wake_threshold,
    )
    session = Session(
        sayings_of(office.language), telephone=telephone_of(config, office), region=office.region
    )
    voice = PiperVoice(_model(config, "voice"))
    return Furniture(ear, voice, session, look_up(config, office), office.region)


def look_up(config: Settings, office: Business) -> LookingUp:
    """What answers questions at this office's desk."""
    from appliance.desk.looking_up import LookingUp
    from appliance.desk.sayings import sayings_of

    return LookingUp(
        settings.data_directory(config),
        office,
        sayings_of(office.language),
        clock_of(config),
        outside_prefix=config.desk.outside_prefix,
    )


def telephone_of(config: Settings, office: Business) -> str:
    """The telephone that rings for "call back": the desk's own, else the first of the operator's; empty: none."""
    if config.desk.telephone:
        return config.desk.telephone
    entries = {entry.id: entry for entry in office.directory}
    entry = entries.get(office.connecting.operator)
    while entry is not None and entry.ring:
        entry = entries.get(entry.ring[0])
    return (entry.extension or "") if entry is not None else ""


def _model(config: Settings, role: str) -> Path:
    from appliance.weights.place import resolve

    path = resolve(config, role)
    assert path is not None  # noqa: S101  no role of the desk's may be `none`
    return path
