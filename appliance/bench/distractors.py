"""Sounds that must not stop the agent: coughs, clicks, tones, music, hiss, and listeners' words.

Made from chance with a seed: the same run makes the same sounds, another seed others. They stand for kinds of
sound; a folder of real ones (`recorded`) says more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from appliance.bench import recordings
from appliance.domain.sound import SAMPLE_RATE_HZ
from appliance.errors import NotFound

Samples = npt.NDArray[np.float64]
Chance = np.random.Generator

BACKCHANNEL: Final = "backchannel"
BACKCHANNELS: Final = ("Uh-huh.", "Mm-hmm.", "Okay.", "Right.", "Yeah.", "I see.", "Sure.", "Got it.")
_PEAK: Final = 32_000
_SUFFIXES: Final = frozenset((".wav", ".flac", ".pcm", ".ogg"))


def cough(chance: Chance) -> Samples:
    """One to three bursts of noise, each with a short voiced end (the three phases of a cough)."""
    barks = [
        np.concatenate([_burst(chance, chance.uniform(180, 300), 70), _voiced(chance), _silence(chance)])
        for _ in range(chance.integers(1, 4))
    ]
    return np.concatenate(barks)


def click(chance: Chance) -> Samples:
    """A handset set down, a key, a crackle: 5 to 60 ms."""
    return _burst(chance, chance.uniform(5, 60), chance.uniform(2, 20))


def tone(chance: Chance) -> Samples:
    """Call waiting, a fax, a reversing lorry: one or two steady frequencies."""
    time_s = np.arange(SAMPLE_RATE_HZ * 3 // 2) / SAMPLE_RATE_HZ
    frequencies = chance.choice([425.0, 440.0, 480.0, 620.0, 1000.0, 1400.0], size=2)
    return np.asarray(np.sin(2 * np.pi * np.outer(frequencies, time_s)).sum(axis=0), np.float64)


def hiss(chance: Chance) -> Samples:
    """Line noise that comes and stays."""
    return _band(chance.normal(size=2 * SAMPLE_RATE_HZ), 60, 3400)


def music(chance: Chance) -> Samples:
    """Hold music behind the caller: chords, a melody with vibrato, a drum on every other beat."""
    root_hz, beat_s = chance.uniform(150, 260), chance.uniform(0.45, 0.75)
    beats = [_beat(chance, root_hz, beat_s, number) for number in range(int(3 / beat_s) + 1)]
    return np.concatenate(beats)


SYNTHETIC: Final[Mapping[str, tuple[Callable[[Chance], Samples], float]]] = {
    "cough": (cough, -22.0),
    "click": (click, -18.0),
    "tone": (tone, -28.0),
    "music": (music, -32.0),
    "line_noise": (hiss, -38.0),
}
"""Each kind: its maker and its level at the caller's microphone, dBFS."""


def synthetic(kind: str, seed: int) -> bytes:
    """16 kHz mono int16 of one sound of `kind`, the same for the same seed."""
    make, level_dbfs = SYNTHETIC[kind]
    chance = np.random.default_rng(seed)
    return at_level(make(chance), level_dbfs + chance.uniform(-4, 4))


def at_level(samples: Samples, dbfs: float) -> bytes:
    """int16 samples with this RMS, or as near as they get without clipping."""
    rms = float(np.sqrt((samples**2).mean())) or 1.0
    peak = float(np.abs(samples).max()) or 1.0
    gain = min(32768 * 10 ** (dbfs / 20) / rms, _PEAK / peak)
    return np.rint(samples * gain).astype("<i2").tobytes()


def recorded(folder: Path) -> list[tuple[str, bytes]]:
    """(kind, sound) of a folder with a folder a kind; NotFound when it holds none."""
    found = [
        (path.parent.name, recordings.load(path))
        for path in sorted(folder.glob("*/*"))
        if path.suffix in _SUFFIXES
    ]
    if not found:
        raise NotFound(
            f"{folder.name}: holds no distractors.", remedy="Put them into a folder a kind: cough/1.wav."
        )
    return found


# --- the parts ----------------------------------------------------------------------------------


def _band(samples: Samples, low_hz: float, high_hz: float) -> Samples:
    spectrum = np.fft.rfft(samples)
    frequencies = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE_HZ)
    spectrum[(frequencies < low_hz) | (frequencies > high_hz)] = 0
    return np.asarray(np.fft.irfft(spectrum, len(samples)), np.float64)


def _burst(chance: Chance, length_ms: float, decay_ms: float) -> Samples:
    time_ms = np.arange(max(2, int(length_ms * SAMPLE_RATE_HZ / 1000))) * 1000 / SAMPLE_RATE_HZ
    shape = np.minimum(1, (time_ms + 0.5) / 3) * np.exp(-time_ms / decay_ms)
    return np.asarray(_band(chance.normal(size=len(time_ms)), 250, 3200) * shape, np.float64)


def _voiced(chance: Chance) -> Samples:
    count = int(chance.uniform(80, 160) * SAMPLE_RATE_HZ / 1000)
    phase = 2 * np.pi * chance.uniform(120, 300) * np.arange(count) / SAMPLE_RATE_HZ
    harmonics = sum(np.sin(phase * number) / number for number in range(1, 8))
    return np.asarray(0.15 * harmonics * np.hanning(count), np.float64)


def _silence(chance: Chance) -> Samples:
    return np.zeros(int(chance.uniform(60, 200) * SAMPLE_RATE_HZ / 1000))


def _beat(chance: Chance, root_hz: float, beat_s: float, number: int) -> Samples:
    time_s = np.arange(int(SAMPLE_RATE_HZ * beat_s)) / SAMPLE_RATE_HZ
    chord = (0, 4, 7, 12) if number % 4 < 2 else (5, 9, 12, 0)
    sound = np.zeros(len(time_s))
    for semitones in chord:
        sound += _note(time_s, root_hz * 2 ** (semitones / 12)) * np.exp(-time_s * 2)
    melody_hz = root_hz * 2 * 2 ** (float(chance.choice([0, 2, 4, 7, 9, 12])) / 12)
    sound += 1.5 * _note(time_s + 0.0005 * np.sin(2 * np.pi * 5 * time_s), melody_hz)
    drum = min(len(sound), SAMPLE_RATE_HZ // 20)
    sound[:drum] += number % 2 * 2 * chance.normal(size=drum) * np.exp(-np.arange(drum) / 300)
    return sound


def _note(time_s: Samples, hz: float) -> Samples:
    return np.asarray(
        sum(np.sin(2 * np.pi * hz * number * time_s) / number**1.5 for number in range(1, 6)), np.float64
    )
