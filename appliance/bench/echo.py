"""What a canceller leaves of our echo, and what it leaves of the caller: ours, AEC3 and none side by side.

Offline, over recordings and over lines made of them, so that all hear the very same sound. Every line is a
telephone's: our voice goes out through G.711, comes back from the caller's side, and arrives through G.711.
"""

from __future__ import annotations

import csv
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from appliance.audio.aec3 import Aec3
from appliance.audio.echo import EchoCanceller
from appliance.bench import recordings
from appliance.bench.aecmos import Judge, Opinion, Scenario
from appliance.bench.impair import Echo
from appliance.bench.telephone_sound import Impairment, arrived
from appliance.conversation.interruption import Interruption, Levels, MayInterrupt, level_dbfs
from appliance.domain.sound import FRAME_BYTES, FRAME_SAMPLES, SAMPLE_RATE_HZ, SILENCE, TICKS_PER_S
from appliance.engines.ports import SpeechDetector
from appliance.errors import NotFound

LEVELS_DB: Final = (0, -10, -20)
DELAYS_MS: Final = (60, 150, 300)
SETTLED_S: Final = 2
_LINE_S: Final = 10
_JUMP_AT_S: Final = 5
_JUMP: Final = (60, 220)
_ECHO_FRAME_POWER: Final = 900.0  # 30 rms: quieter returns leave nothing to measure against
_ROOM_MS: Final = 25


class Canceller(Protocol):
    """What is measured."""

    def feed(self, heard: bytes, spoken: bytes) -> bytes:
        """One frame without our echo."""
        ...


class Nothing:
    """No canceller: what the others are measured against."""

    def feed(self, heard: bytes, spoken: bytes) -> bytes:
        """`heard` as it is."""
        return heard


CANCELLERS: Final[Mapping[str, Callable[[], Canceller]]] = {
    "none": Nothing,
    "aec3": Aec3,
    "ours": EchoCanceller,
}


@dataclass(frozen=True, slots=True)
class Recording:
    """Our voice and what a real device's microphone made of it, 16 kHz mono int16, equally long."""

    name: str
    scenario: Scenario
    spoken: bytes
    heard: bytes


@dataclass(frozen=True, slots=True)
class Line:
    """A way back to us: how loud, how late, and how late from the middle on."""

    level_db: int
    delay_ms: int
    later_ms: int | None = None

    @property
    def name(self) -> str:
        """For a table."""
        jump = f" then {self.later_ms}" if self.later_ms is not None else ""
        return f"{self.level_db} dB {self.delay_ms}{jump} ms"


@dataclass(frozen=True, slots=True)
class Score:
    """AECMOS of one canceller on one recording."""

    canceller: str
    recording: str
    band: str
    scenario: Scenario
    opinion: Opinion


@dataclass(frozen=True, slots=True)
class LineRun:
    """One canceller on one line while only we speak. `holds`: how often a caller would seem to interrupt."""

    canceller: str
    line: str
    erle_first_db: float
    erle_settled_db: float
    holds: int
    curve: Sequence[tuple[float, float]]
    cpu_us_a_tick: float


# --- recordings ---------------------------------------------------------------------------------


def recordings_in(folder: Path) -> list[Recording]:
    """The pairs that `folder`/pairs.tsv lists (columns prefix and kind); NotFound without one.

    A kind that names the far end or the near end is that one alone, any other is double talk.
    """
    table = folder / "pairs.tsv"
    if not table.is_file():
        raise NotFound(
            f"{folder.name}: there is no pairs.tsv in it.",
            remedy="Give a folder with PREFIX_farend.flac, PREFIX_mic.flac and a pairs.tsv: prefix, kind.",
        )
    with table.open(encoding="utf-8", newline="") as lines:
        return [_pair(folder, row["prefix"], row["kind"]) for row in csv.DictReader(lines, delimiter="\t")]


def _pair(folder: Path, prefix: str, kind: str) -> Recording:
    spoken = recordings.load(folder / f"{prefix}_farend.flac")
    heard = recordings.load(folder / f"{prefix}_mic.flac")
    whole = min(len(spoken), len(heard)) // FRAME_BYTES * FRAME_BYTES
    return Recording(prefix, scenario_of(kind), spoken[:whole], heard[:whole])


def scenario_of(kind: str) -> Scenario:
    """Who speaks in a recording of this kind."""
    named = {"farend": Scenario.FAR_END, "nearend": Scenario.NEAR_END}
    return next((one for word, one in named.items() if word in kind), Scenario.DOUBLE_TALK)


def on_the_telephone(recording: Recording) -> Recording:
    """The same recording, had it come over G.711."""
    heard = arrived(recording.heard, Impairment(), b"", 0)[: len(recording.spoken)]
    return Recording(recording.name, recording.scenario, recording.spoken, heard)


def scores(listed: Iterable[Recording], tell: Callable[[str], None]) -> Iterator[Score]:
    """What people would think of each canceller on each recording, as recorded and over G.711."""
    judge = Judge()
    for wide in listed:
        for band, recording in (("wide", wide), ("G.711", on_the_telephone(wide))):
            for name, make in CANCELLERS.items():
                cleaned, _ = cleaned_by(make(), recording.spoken, recording.heard)
                waves = (_wave(one) for one in (recording.spoken, recording.heard, cleaned))
                opinion = judge.judge(recording.scenario, *waves)
                yield Score(name, recording.name, band, recording.scenario, opinion)
        tell(f"recording {wide.name}")


def _wave(pcm: bytes) -> npt.NDArray[np.float64]:
    return np.frombuffer(pcm, np.int16) / 32768.0


def cleaned_by(canceller: Canceller, spoken: bytes, heard: bytes) -> tuple[bytes, float]:
    """Everything `canceller` makes of `heard`, and the processor time of a tick in microseconds."""
    began_s = time.process_time()
    frames = [
        canceller.feed(heard[at : at + FRAME_BYTES], spoken[at : at + FRAME_BYTES])
        for at in range(0, len(heard), FRAME_BYTES)
    ]
    return b"".join(frames), (time.process_time() - began_s) * 1e6 / max(len(frames), 1)


# --- lines --------------------------------------------------------------------------------------


def lines() -> list[Line]:
    """Every level at every delay, and a line whose delay jumps."""
    steady = [Line(level, delay) for level in LEVELS_DB for delay in DELAYS_MS]
    return [*steady, Line(-6, *_JUMP)]


def returned(speech: bytes, line: Line, caller: bytes = b"") -> bytes:
    """What we hear over `line` while we say `speech` and `caller` (as long, or nothing) is said there."""
    echoes = [Echo(line.level_db, delay, _room()) for delay in (line.delay_ms, line.later_ms) if delay]
    went = arrived(speech, Impairment(), b"", 0)[: len(speech)]
    heard = []
    for at in range(0, len(speech), FRAME_BYTES):
        for echo in echoes:
            echo.hear(went[at : at + FRAME_BYTES])
        jumped = line.later_ms is not None and at >= _JUMP_AT_S * TICKS_PER_S * FRAME_BYTES
        sounds = [echo.next() for echo in echoes]
        said = np.frombuffer((caller or SILENCE)[at : at + FRAME_BYTES] or SILENCE, np.int16)
        heard.append(np.clip(sounds[jumped] + said, -32768, 32767).astype(np.int16).tobytes())
    return arrived(b"".join(heard), Impairment(), b"", 0)[: len(speech)]


def _room() -> npt.NDArray[np.float64]:
    """An ear's length from a loudspeaker: noise that dies away in milliseconds; the same every time."""
    samples = np.arange(_ROOM_MS * SAMPLE_RATE_HZ // 1000)
    noise = np.random.default_rng(seed=1).standard_normal(len(samples))
    noise[0] = 8
    response: npt.NDArray[np.float64] = noise * np.exp(-samples / 60)
    return response


def line_runs(
    speech: bytes, detector: Callable[[], SpeechDetector], tell: Callable[[str], None]
) -> Iterator[LineRun]:
    """Every canceller on every line, while only we speak."""
    spoken = looped(speech, _LINE_S * TICKS_PER_S)
    for line in lines():
        heard = returned(spoken, line)
        for name, make in CANCELLERS.items():
            cleaned, cpu_us = cleaned_by(make(), spoken, heard)
            settled = SETTLED_S * TICKS_PER_S * FRAME_BYTES
            yield LineRun(
                name,
                line.name,
                erle_db(heard[:settled], cleaned[:settled]),
                erle_db(heard[settled:], cleaned[settled:]),
                holds(detector(), spoken, heard, cleaned),
                [(second, _erle_of_second(heard, cleaned, second)) for second in range(_LINE_S)],
                cpu_us,
            )
        tell(f"line {line.name}")


def looped(pcm: bytes, tick_count: int) -> bytes:
    """`pcm` over and over, so many ticks of it."""
    need = tick_count * FRAME_BYTES
    return (pcm * (need // max(len(pcm), 1) + 1))[:need]


def erle_db(heard: bytes, cleaned: bytes) -> float:
    """Echo return loss enhancement (ITU-T G.168) over the ticks in which an echo came back."""
    before, after = _powers(heard), _powers(cleaned)
    echoed = before > _ECHO_FRAME_POWER
    return 10 * math.log10(max(before[echoed].sum(), 1.0) / max(after[echoed].sum(), 1.0))


def _erle_of_second(heard: bytes, cleaned: bytes, second: int) -> float:
    part = slice(second * TICKS_PER_S * FRAME_BYTES, (second + 1) * TICKS_PER_S * FRAME_BYTES)
    return round(erle_db(heard[part], cleaned[part]), 1)


def _powers(pcm: bytes) -> npt.NDArray[np.float64]:
    frames = np.frombuffer(pcm, np.int16).astype(np.float64).reshape(-1, FRAME_SAMPLES)
    powers: npt.NDArray[np.float64] = (frames**2).mean(axis=1)
    return powers


def holds(detector: SpeechDetector, spoken: bytes, heard: bytes, cleaned: bytes) -> int:
    """How often we would fall silent for somebody while nobody but us speaks: a false barge-in each.

    Asked of the product's own sense for it, as the ear asks it.
    """
    interruption = Interruption()
    count = 0
    for at in range(0, len(cleaned), FRAME_BYTES):
        ours, raw, clean = (pcm[at : at + FRAME_BYTES] for pcm in (spoken, heard, cleaned))
        is_raw = interruption.choose(Levels(level_dbfs(raw), level_dbfs(clean), level_dbfs(ours)))
        speech = detector.speech_probability(raw if is_raw else clean)
        count += isinstance(interruption.tick(speech, we_speak=True), MayInterrupt)
    return count


def mean(values: Iterable[float]) -> float | None:
    """The mean, None of nothing."""
    listed = list(values)
    return sum(listed) / len(listed) if listed else None


def row_of(score: Score) -> dict[str, Any]:
    """For the JSON lines."""
    return {
        "kind": "aecmos",
        "canceller": score.canceller,
        "recording": score.recording,
        "band": score.band,
        "scenario": str(score.scenario),
        "echo": round(score.opinion.echo, 3),
        "other": round(score.opinion.other, 3),
    }
