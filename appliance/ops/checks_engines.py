"""What the doctor thinks of the models: are they whole, may they be used, how well and fast they work. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from appliance.ops.doctor import Finding, Fix, State

_FOR_ANYTHING: Final = (
    "Apache-2.0",
    "MIT",
    "BSD",
    "CC0",
    "CC-BY-4.0",
    "CC-BY-SA",
    "ISC",
    "Unlicense",
    "MPL",
    "GPL",
)
_NOT_COMMERCIAL: Final = ("NC", "NONCOMMERCIAL", "NON-COMMERCIAL", "RESEARCH")
WORD_ERROR_FINE: Final = 0.2
WORD_ERROR_HOPELESS: Final = 0.6
TOKENS_PER_S_FINE: Final = 8.0
TOKENS_PER_S_HOPELESS: Final = 2.0
"""Speech is about three words, four tokens a second: slower than this a caller waits within a sentence."""
CORE_SHARE_USABLE: Final = 0.7
"""Busier than this, answers queue up behind each other (bench capacity shows it)."""


# --- files ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """One model the settings call for. `fault`: what is wrong with it, empty when every hash is right; `bytes`: what
    fetching it costs."""

    name: str
    role: str
    licence: str
    bytes: int
    fault: str = ""


def models(facts: Sequence[ModelFacts], pull: Fix) -> Finding:
    """Whether all that the settings call for is here and is what its hash says."""
    faulty = [one for one in facts if one.fault]
    figures = {one.name: one.fault or "verified" for one in facts}
    if not faulty:
        return Finding("models", State.OK, f"{len(facts)} models, every hash is right.", "", figures)
    told = " ".join(f"{one.name}: {one.fault}." for one in faulty)
    size = sum(one.bytes for one in faulty) / 1e9
    remedy = f"`appliance models pull {' '.join(one.name for one in faulty)}` ({size:.1f} GB)."
    only_model = all(one.role == "language_model" for one in faulty)
    return Finding("models", State.WARN if only_model else State.FAIL, told, remedy, figures, pull)


def licences(facts: Sequence[ModelFacts]) -> Finding:
    """Whether an office that earns money may use these models."""
    figures = {one.name: one.licence for one in facts}
    barred = [one for one in facts if _bars_business(one.licence)]
    unknown = [one for one in facts if one not in barred and not one.licence.startswith(_FOR_ANYTHING)]
    if not barred and not unknown:
        kinds = ", ".join(sorted({one.licence for one in facts}))
        return Finding("licences", State.OK, f"All may be used by a business: {kinds}.", "", figures)
    named = [f"{one.name} ({one.licence})" for one in (*barred, *unknown)]
    told = f"Not for every use: {', '.join(named)}."
    remedy = "For an office choose other models in [models], or ask the author; for trying out they are fine."
    return Finding("licences", State.WARN, told, remedy, figures)


def _bars_business(licence: str) -> bool:
    words = licence.upper().replace("_", "-")
    return any(f"-{mark}" in f"-{words}" for mark in _NOT_COMMERCIAL)


def trained(*, business: str, is_taught: bool | None, teach: Fix) -> Finding:
    """Whether understanding was taught this business as its file stands; None: there are no sentence vectors."""
    if is_taught is None:
        told = "models.vectors is none: only the rules understand."
        return Finding("trained", State.SKIPPED, told)
    if is_taught:
        return Finding("trained", State.OK, f"Understanding knows {business} as its file stands.")
    told = f"What callers of {business} say was not taught yet: the next start takes seconds longer."
    return Finding("trained", State.WARN, told, "`appliance agent train`.", fix=teach)


# --- ear and voice --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LoopbackFacts:
    """Sentences the voice spoke, over G.711, as the recogniser heard them. Processor seconds: of this process."""

    words: int
    word_errors: int
    sound_s: float
    voice_cpu_s: float
    ear_cpu_s: float
    line_cpu_s: float = 0.0


def loopback(facts: LoopbackFacts) -> Finding:
    """Whether what we say can be understood by what we hear with: both work, or the word error says otherwise."""
    share = facts.word_errors / facts.words if facts.words else 1.0
    figures = {
        "words": facts.words,
        "word_errors": facts.word_errors,
        "word_error_rate": round(share, 3),
        "voice_cpu_per_s": round(facts.voice_cpu_s / facts.sound_s, 3) if facts.sound_s else None,
        "ear_cpu_per_s": round(facts.ear_cpu_s / facts.sound_s, 3) if facts.sound_s else None,
    }
    told = f"The voice spoke, the recogniser heard {facts.words - facts.word_errors} of {facts.words} words right."
    if not facts.sound_s:
        remedy = "`appliance models verify`; the voice made no sound."
        return Finding("loopback", State.FAIL, "The voice says nothing.", remedy, figures)
    if share <= WORD_ERROR_FINE:
        return Finding("loopback", State.OK, told, "", figures)
    remedy = "Compare the languages of voice and recogniser in [models] with the business's; `appliance models verify`."
    return Finding(
        "loopback", State.FAIL if share > WORD_ERROR_HOPELESS else State.WARN, told, remedy, figures
    )


# --- the language model ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MindFacts:
    """How fast the model composed. `by`: the running mind process, or a trial in a process of its own."""

    model: str
    tokens_per_s: float
    first_token_ms: float
    by: str


def mind(facts: MindFacts | None) -> Finding:
    """Whether open questions are answered as fast as they are spoken; None: no model is wanted."""
    if facts is None:
        told = "models.language_model is none: open questions become messages."
        return Finding("mind", State.SKIPPED, told)
    figures = {"tokens_per_s": round(facts.tokens_per_s, 1), "first_token_ms": round(facts.first_token_ms)}
    told = f"{facts.model}: {facts.tokens_per_s:.1f} tokens a second ({facts.by})."
    if facts.tokens_per_s >= TOKENS_PER_S_FINE:
        return Finding("mind", State.OK, told, "", figures)
    remedy = (
        "Choose a smaller model ([models] language_model), as many mind.threads as there are cores, or a faster"
        " machine (hardware/)."
    )
    hopeless = facts.tokens_per_s < TOKENS_PER_S_HOPELESS
    return Finding("mind", State.FAIL if hopeless else State.WARN, told, remedy, figures)


# --- capacity -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CapacityFacts:
    """What a second of call costs in seconds of one core, by part, measured here without any call; how many calls the
    SIP library and the settings take."""

    cost_per_s: Mapping[str, float]
    cores: int
    calls_max: int


def capacity(facts: CapacityFacts) -> Finding:
    """How many callers at once, estimated from processor time; says so."""
    cost = sum(facts.cost_per_s.values())
    by_power = int(facts.cores * CORE_SHARE_USABLE / cost) if cost else facts.calls_max
    calls = min(by_power, facts.calls_max)
    figures = {
        "estimated_calls": calls,
        "cores": facts.cores,
        **{f"{part}_cpu_per_s": round(share, 3) for part, share in facts.cost_per_s.items()},
    }
    told = (
        f"Estimate: {calls} callers at once; a call takes {cost:.0%} of a core of {facts.cores},"
        " open questions not counted."
    )
    if calls >= facts.calls_max:
        return Finding("capacity", State.OK, told, "", figures)
    remedy = (
        f"Set sip.max_calls = {max(calls, 1)}, so that nobody is answered badly; `appliance bench capacity`"
        " measures it."
    )
    return Finding("capacity", State.WARN if calls else State.FAIL, told, remedy, figures)
