"""Gathers what the doctor judges of the models: their files, what they are taught, how well and fast they work."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from appliance import settings
from appliance.errors import EngineFault, ModelMissing
from appliance.ops import checks_engines
from appliance.ops.doctor import Check, Finding, State
from appliance.ops.doctor_words import SENTENCES

if TYPE_CHECKING:
    from appliance.ops.checks_engines import LoopbackFacts, MindFacts, ModelFacts
    from appliance.weights.manifest import Model
    from appliance.wiring.examining import Patient

_MIND_LIMIT_S: Final = 180.0
_SPOKEN_SHARE: Final = 0.5  # of a call: the other half the caller speaks, or nobody
T = TypeVar("T")


def checks(box: Patient) -> list[Check]:
    """Files, licences, teaching, ear and voice, the language model, capacity."""
    looped = cache(lambda: loopback_facts(box))
    return [
        Check("models", "whether every model is here and whole", lambda: _models(box), is_slow=True),
        Check("licences", "whether a business may use them", lambda: _licences(box)),
        Check("trained", "whether understanding knows the business", lambda: _trained(box), is_slow=True),
        Check("loopback", "whether ear and voice work", lambda: _loopback(box, looped), is_slow=True),
        Check("mind", "how fast the language model composes", lambda: _mind(box), is_slow=True),
        Check(
            "capacity", "how many callers at once (estimate)", lambda: _capacity(box, looped), is_slow=True
        ),
    ]


# --- files ----------------------------------------------------------------------------------------


def _models(box: Patient) -> Finding:
    facts = _facts_of_models(box, thorough=True)
    faulty = [one.name for one in facts if one.fault]
    return checks_engines.models(facts, lambda: _pull(box, faulty))


def _licences(box: Patient) -> Finding:
    return checks_engines.licences(_facts_of_models(box, thorough=False))


def _facts_of_models(box: Patient, *, thorough: bool) -> list[ModelFacts]:
    from appliance.weights.place import needed

    return [
        checks_engines.ModelFacts(
            model.name, model.role.value, model.licence, model.bytes, _fault(box, model) if thorough else ""
        )
        for model in needed(box.config)
    ]


def _fault(box: Patient, model: Model) -> str:
    """What is wrong with a model; hashed unless that was done since it was last touched."""
    from appliance.weights.place import Presence, presence, verify

    directory = settings.models_directory(box.config)
    match presence(directory, model):
        case Presence.VERIFIED:
            return ""
        case Presence.MISSING:
            return "not on this box"
        case _:
            return ", ".join(map(str, verify(directory, model)))


def _pull(box: Patient, names: Sequence[str]) -> str:
    from pathlib import Path

    from appliance.weights.download import Downloads, new_client
    from appliance.weights.fetch import Fetcher
    from appliance.weights.place import manifest_for
    from appliance.weights.registry import registries

    directory, manifest = settings.models_directory(box.config), manifest_for(box.config)
    with new_client() as client:
        where = registries(os.environ, Path.home() / ".npmrc")
        fetcher = Fetcher(directory, where, Downloads(client), box.progress)
        for name in names:
            if model := manifest.get(name):
                fetcher.pull(model)
    return f"Fetched {', '.join(names)}."


# --- teaching -------------------------------------------------------------------------------------


def _trained(box: Patient) -> Finding:
    from appliance.business.callers import callers
    from appliance.conversation.lessons import lessons
    from appliance.engines.intent_files import load, name_of
    from appliance.weights.place import resolve
    from appliance.wiring.knowing import load_finder, taught_directory

    def teach() -> str:
        load_finder(box.config, box.office)
        return f"Taught understanding {box.office.name}."

    folder = resolve(box.config, "vectors")
    if folder is None:
        return checks_engines.trained(business=box.office.name, is_taught=None, teach=teach)
    taught = lessons(box.office, callers(box.office.language))
    file = taught_directory() / f"{name_of(taught, folder.name)}.npz"
    return checks_engines.trained(business=box.office.name, is_taught=load(file) is not None, teach=teach)


# --- ear and voice --------------------------------------------------------------------------------


def _loopback(box: Patient, looped: Callable[[], LoopbackFacts | None]) -> Finding:
    facts = looped()
    if facts is None:
        told = f"There are no sentences to try in the language {box.office.language!r}."
        return Finding("loopback", State.SKIPPED, told)
    return checks_engines.loopback(facts)


def loopback_facts(box: Patient) -> LoopbackFacts | None:
    """Have the voice say each sentence, send it through G.711, and let the recogniser hear it; None without any."""
    from appliance.bench.telephone_sound import Impairment, arrived
    from appliance.bench.word_errors import edits
    from appliance.domain.sound import SAMPLE_RATE_HZ
    from appliance.engines.piper_tts import PiperVoice
    from appliance.engines.vosk_asr import VoskModel

    sentences = SENTENCES.get(box.office.language, ())
    if not sentences:
        return None
    voice = PiperVoice(_file(box, "voice"))
    sounds, voice_cpu_s = _timed(lambda: [b"".join(voice.speak(one)) for one in sentences])
    lines = [arrived(sound, Impairment(), b"", seed=1) for sound in sounds]
    ear = VoskModel(_file(box, "recogniser")).open()
    heard, ear_cpu_s = _timed(lambda: [_heard(ear, line) for line in lines])
    return checks_engines.LoopbackFacts(
        words=sum(len(one.split()) for one in sentences),
        word_errors=sum(map(edits, sentences, heard)),
        sound_s=sum(map(len, sounds)) / 2 / SAMPLE_RATE_HZ,
        voice_cpu_s=voice_cpu_s,
        ear_cpu_s=ear_cpu_s,
        line_cpu_s=_line_cpu_s(lines),
    )


def _heard(ear: Any, line: bytes) -> str:
    ear.feed(line)
    return str(ear.finish().text)


def _line_cpu_s(lines: Sequence[bytes]) -> float:
    """What canceller and speech detector cost over the same sound."""
    from appliance.audio.echo import EchoCanceller
    from appliance.domain.sound import FRAME_BYTES
    from appliance.engines.silero_vad import SileroDetector

    canceller, detector = EchoCanceller(), SileroDetector()
    sound = b"".join(lines)
    frames = [sound[at : at + FRAME_BYTES] for at in range(0, len(sound) - FRAME_BYTES + 1, FRAME_BYTES)]

    def work() -> None:
        for frame in frames:
            detector.speech_probability(canceller.feed(frame, frame))

    return _timed(work)[1]


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    """What came of it, and the seconds of processor time it took, all threads together."""
    before_s = _used_s()
    return work(), _used_s() - before_s


def _used_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _file(box: Patient, role: str) -> Any:
    from appliance.weights.place import resolve

    path = resolve(box.config, role)
    if path is None:
        raise ModelMissing(f"models.{role} is none.", remedy="Only language_model and vectors may be none.")
    return path


# --- the language model ---------------------------------------------------------------------------


def _mind(box: Patient) -> Finding:
    from appliance.weights.place import resolve

    if resolve(box.config, "language_model") is None:
        return checks_engines.mind(None)
    if box.state is not None and box.state.calls:
        return Finding("mind", State.SKIPPED, "Calls are under way: it answers them, and is left alone.")
    return checks_engines.mind(_asked(box) if box.runs else _tried(box))


def _tried(box: Patient) -> MindFacts:
    """In a process of its own: the model and the speech detector cannot share one (engines/silero_vad.py)."""
    arguments = [str(_file(box, "language_model")), str(box.config.mind.threads)]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "appliance.wiring.trying_mind", *arguments],
            capture_output=True,
            text=True,
            timeout=_MIND_LIMIT_S,
            check=True,
        )
        told = json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        raise EngineFault(
            "The language model does not work on this machine.",
            remedy="`appliance models verify`; `./install.sh setup` builds llama.cpp for this processor.",
        ) from error
    return checks_engines.MindFacts(told["model"], told["tokens_per_s"], told["first_token_ms"], "a trial")


def _asked(box: Patient) -> MindFacts:
    """By the running mind's own socket, so that no second model is loaded beside it."""
    from appliance.wiring.places import run_directory
    from appliance.wiring.trying_mind import ask

    told = ask(run_directory(box.config) / "mind.sock")
    return checks_engines.MindFacts(told.model, told.tokens_per_s, told.first_token_ms, "the running mind")


# --- capacity -------------------------------------------------------------------------------------


def _capacity(box: Patient, looped: Callable[[], LoopbackFacts | None]) -> Finding:
    facts = looped()
    if facts is None or not facts.sound_s:
        told = "Cannot be estimated: voice or recogniser were not tried."
        return Finding("capacity", State.SKIPPED, told)
    cost_per_s = {
        "ear": facts.ear_cpu_s / facts.sound_s,
        "voice": facts.voice_cpu_s / facts.sound_s * _SPOKEN_SHARE,
        "line": facts.line_cpu_s / facts.sound_s,
    }
    cores = len(os.sched_getaffinity(0))
    return checks_engines.capacity(checks_engines.CapacityFacts(cost_per_s, cores, box.config.sip.max_calls))
