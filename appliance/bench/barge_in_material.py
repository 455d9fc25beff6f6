"""What is said over the agent: recordings with words that interrupt, sounds and nods that must not."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from appliance.bench import distractors, recordings
from appliance.bench.overlap import speech_start
from appliance.bench.telephone_sound import Impairment, arrived
from appliance.bench.voices import SyntheticVoice
from appliance.domain.sound import FRAME_BYTES, SAMPLE_RATE_HZ
from appliance.errors import NotFound

SYNTHETIC: Final = "synthetic"
RECORDED: Final = "recorded"
_INTERRUPTION_S: Final = 2.5
_LEVEL_DBFS: Final = -24.0
_LEVEL_SPREAD_DB: Final = 5.0
_NOD_LEVEL_DBFS: Final = -28.0
_FIRST_WORDS: Final = 3
_VOICES: Final = (("af_heart", 1.0), ("am_michael", 1.0), ("af_heart", 1.2), ("am_michael", 0.9))
_SENTENCES: Final = (
    "Wait, I only have a question.",
    "Can I book an oil change?",
    "Sorry, what time do you open?",
    "Excuse me, I need an appointment.",
    "Stop, please.",
    "I would like to leave a message.",
    "No, that is not what I want.",
    "Hello? Can you hear me?",
    "How much is an inspection?",
    "Could somebody call me back?",
)
_TEXT_COLUMNS: Final = ("ref", "text", "sentence")

Transcribe = Callable[[bytes], str]


@dataclass(frozen=True, slots=True)
class Words:
    """An interruption: its sound begins with its first packet of speech."""

    path: Path
    source: str
    first_word: str = ""
    """The first word of the reference, when the recogniser hears it from this recording alone."""

    def first_word_lost(self, transcript: str) -> bool | None:
        """Whether it is missing from what the box understood; None when it cannot be told.

        A word that the recogniser gets wrong in quiet too is its error, not a loss: `first_word` is empty.
        """
        if not self.first_word:
            return None
        return self.first_word not in transcript.lower().split()[:_FIRST_WORDS]


@dataclass(frozen=True, slots=True)
class Sound:
    """A distractor, by kind."""

    path: Path
    kind: str
    source: str


def interruptions(
    folder: Path, data: Path | None, most: int, chance: random.Random, transcribe: Transcribe
) -> list[Words]:
    """At most `most`, from the recordings below `data` that have a refs.tsv, else synthetic voices."""
    folder.mkdir(parents=True, exist_ok=True)
    if data is None:
        found = [(_synthetic(folder, number), text, SYNTHETIC) for number, text in _dealt(most)]
    else:
        listed = _listed(data)
        found = [(path, text, RECORDED) for path, text in chance.sample(listed, min(most, len(listed)))]
    made = []
    for number, (path, text, source) in enumerate(found):
        pcm = _interruption(path, _LEVEL_DBFS + chance.uniform(-_LEVEL_SPREAD_DB, _LEVEL_SPREAD_DB))
        kept = folder / f"words-{number}.pcm"
        kept.write_bytes(pcm)
        made.append(Words(kept, source, _first_word(pcm, text, transcribe)))
    return made


def _dealt(most: int) -> list[tuple[int, str]]:
    return [(number, _SENTENCES[number % len(_SENTENCES)]) for number in range(most)]


def _synthetic(folder: Path, number: int) -> Path:
    voice, speed = _VOICES[number // len(_SENTENCES) % len(_VOICES)]
    return SyntheticVoice(folder, voice, speed).sound(_SENTENCES[number % len(_SENTENCES)])


def _listed(data: Path) -> list[tuple[Path, str]]:
    """Every recording named in a refs.tsv or labels.tsv of `data` or a folder in it, with its words if known."""
    tables = [table for name in ("refs.tsv", "labels.tsv") for table in sorted(data.rglob(name))]
    found = []
    for table in tables:
        with table.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                text = next((row[column] for column in _TEXT_COLUMNS if row.get(column)), "")
                found.append((table.parent / row["path"], text))
    if not found:
        raise NotFound(f"{data.name}: holds no refs.tsv.", remedy="List recordings in it: path, ref.")
    return found


def _interruption(path: Path, level_dbfs: float) -> bytes:
    """From the first packet of speech on, at this level."""
    samples = np.frombuffer(recordings.load(path), np.int16)
    spoken = samples[speech_start(samples) :][: int(_INTERRUPTION_S * SAMPLE_RATE_HZ)]
    return _whole(distractors.at_level(spoken.astype(np.float64), level_dbfs))


def _first_word(pcm: bytes, text: str, transcribe: Transcribe) -> str:
    first = next(iter(_plain(text)), "")
    alone = transcribe(_after_a_pause(pcm)).split()[:_FIRST_WORDS] if first else []
    return first if first in alone else ""


def _plain(text: str) -> list[str]:
    return ["".join(sign for sign in word if sign.isalnum() or sign == "'") for word in text.lower().split()]


def _after_a_pause(pcm: bytes) -> bytes:
    """As the box hears it: over G.711, with quiet around it."""
    quiet = bytes(FRAME_BYTES * 16)
    return arrived(quiet + pcm + quiet, Impairment(), b"", 0)


def _whole(pcm: bytes) -> bytes:
    return pcm.ljust(-(-len(pcm) // FRAME_BYTES) * FRAME_BYTES, b"\0")


def room_noise(seed: int) -> bytes:
    """Ten seconds of a busy room: hiss whose loudness wanders, as voices and machines make it."""
    chance = np.random.default_rng(seed)
    pieces = [distractors.hiss(chance) * chance.uniform(0.5, 1.5) for _ in range(5)]
    return distractors.at_level(np.concatenate(pieces), _LEVEL_DBFS)


def sounds(folder: Path, recorded: Path | None, most: int, seed: int) -> list[Sound]:
    """At most `most` distractors, every kind about equally often."""
    folder.mkdir(parents=True, exist_ok=True)
    if recorded is not None:
        made = [(kind, pcm, RECORDED) for kind, pcm in distractors.recorded(recorded)[:most]]
    else:
        made = [(*_made(folder, number, seed), SYNTHETIC) for number in range(most)]
    return [_kept(folder, number, *one) for number, one in enumerate(made)]


def _made(folder: Path, number: int, seed: int) -> tuple[str, bytes]:
    kinds: Sequence[str] = (distractors.BACKCHANNEL, *distractors.SYNTHETIC)
    kind, turn = kinds[number % len(kinds)], number // len(kinds)
    if kind != distractors.BACKCHANNEL:
        return kind, distractors.synthetic(kind, seed * 1000 + number)
    voice, speed = _VOICES[turn // len(distractors.BACKCHANNELS) % len(_VOICES)]
    said = distractors.BACKCHANNELS[turn % len(distractors.BACKCHANNELS)]
    pcm = recordings.load(SyntheticVoice(folder, voice, speed).sound(said))
    first, last = recordings.speech_bounds(pcm)
    samples = np.frombuffer(pcm, np.int16)[first:last].astype(np.float64)
    return kind, distractors.at_level(samples, _NOD_LEVEL_DBFS)


def _kept(folder: Path, number: int, kind: str, pcm: bytes, source: str) -> Sound:
    path = folder / f"sound-{number}.pcm"
    path.write_bytes(_whole(pcm))
    return Sound(path, kind, source)
