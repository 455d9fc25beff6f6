"""The real models, each loaded once for all tests of this folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from appliance import settings
from appliance.engines.kokoro_tts import KokoroVoice
from appliance.engines.piper_tts import PiperVoice
from appliance.engines.sentence_vectors import MiniLmVectors
from appliance.engines.vosk_asr import VoskModel


def model_path(name: str) -> Path:
    """A model by its name in the manifest; `./install.sh test` fetches them."""
    return settings.models_directory(settings.load(None)) / name


@cache
def vosk() -> VoskModel:
    """The default recogniser, loaded once."""
    return VoskModel(model_path("vosk-model-small-en-us-0.15"))


@cache
def piper() -> PiperVoice:
    """The default voice, loaded once."""
    return PiperVoice(model_path("piper-en_US-joe-medium"))


@cache
def kokoro() -> KokoroVoice:
    """The voice of the demo's caller, loaded once."""
    return KokoroVoice(model_path("kokoro-v1.0-int8"), "af_heart")


@cache
def minilm() -> MiniLmVectors:
    """The default sentence vectors, loaded once."""
    return MiniLmVectors(model_path("minilm-l6-v2-int8"))
