"""What a telephone makes of a recording: the narrow band, G.711, noise behind the caller, lost packets.

Pure arithmetic on samples, the same for the same seed, so that two recognisers are given the same sound.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt
import soundfile

from appliance.audio.noise import NoiseSuppressor
from appliance.audio.resample import resampled
from appliance.domain.sound import FRAME_BYTES, FRAME_SAMPLES, SAMPLE_RATE_HZ

TELEPHONE_HZ: Final = 8_000
_PACKET_SAMPLES: Final = TELEPHONE_HZ // 50
_FADE_PACKETS: Final = 3  # a concealed packet repeats the last one, quieter each time, then nothing is left
_FULL_SCALE: Final = 32767

Samples = npt.NDArray[np.float64]


class Law(StrEnum):
    """The two companding laws of G.711, by the name soundfile knows them by."""

    MU = "ULAW"
    A = "ALAW"


@dataclass(frozen=True, slots=True)
class Impairment:
    """What happens on the way. `noise_db`: speech over noise; `loss`: share of packets that never arrive;
    `suppression`: level of our own noise suppression behind it (audio/noise)."""

    law: Law = Law.MU
    noise_db: float | None = None
    loss: float = 0.0
    suppression: int = 0


def arrived(pcm: bytes, way: Impairment, noise: bytes, seed: int) -> bytes:
    """16 kHz int16 samples as they reach the recogniser, in whole ticks. `noise` is 16 kHz int16 too."""
    chance = np.random.default_rng(seed)
    sent = _narrow(pcm)
    if way.noise_db is not None:
        sent = with_noise(sent, _narrow(noise), way.noise_db, chance)
    received = with_loss(companded(sent, way.law), way.loss, chance)
    wide = resampled(np.round(received).astype(np.int16), TELEPHONE_HZ, SAMPLE_RATE_HZ)
    whole = -(-len(wide) // FRAME_SAMPLES) * FRAME_SAMPLES
    return _suppressed(np.pad(wide, (0, whole - len(wide))).astype("<i2").tobytes(), way.suppression)


def _narrow(pcm: bytes) -> Samples:
    samples = np.frombuffer(pcm, "<i2").astype(np.float64)
    return np.asarray(resampled(samples, SAMPLE_RATE_HZ, TELEPHONE_HZ), np.float64)


def companded(samples: Samples, law: Law) -> Samples:
    """What is left of 8 kHz samples after G.711 (ITU-T G.711, by libsndfile)."""
    wire = io.BytesIO()
    whole = np.clip(np.round(samples), -_FULL_SCALE, _FULL_SCALE).astype(np.int16)
    soundfile.write(wire, whole, TELEPHONE_HZ, format="WAV", subtype=law.value)
    wire.seek(0)
    received, _ = soundfile.read(wire, dtype="int16")
    return np.asarray(received, np.float64)


def with_noise(speech: Samples, noise: Samples, over_db: float, chance: np.random.Generator) -> Samples:
    """`speech` with a stretch of `noise` behind it, `over_db` below the power of its louder half."""
    if not len(speech) or not len(noise):
        return speech
    stretch = np.resize(np.roll(noise, -int(chance.integers(len(noise)))), len(speech))
    gain = np.sqrt(_active_power(speech) / max(float((stretch**2).mean()), 1e-9)) * 10 ** (-over_db / 20)
    return np.asarray(speech + gain * stretch, np.float64)


def _active_power(speech: Samples) -> float:
    """The power of what is spoken, pauses left out: of the packets above the median one."""
    packets = len(speech) // _PACKET_SAMPLES
    if not packets:
        return float((speech**2).mean())
    power = (speech[: packets * _PACKET_SAMPLES].reshape(packets, -1) ** 2).mean(axis=1)
    return float(power[power >= np.median(power)].mean())


def with_loss(samples: Samples, share: float, chance: np.random.Generator) -> Samples:
    """Packets of 20 ms lost at random; each is concealed by the one before it, fading (as G.711 Appendix I)."""
    received, missing = samples.copy(), 0
    for start in range(_PACKET_SAMPLES, len(received) - _PACKET_SAMPLES + 1, _PACKET_SAMPLES):
        if chance.random() >= share:
            missing = 0
            continue
        missing += 1
        left = 1 - missing / (_FADE_PACKETS + 1)
        before = samples[start - missing * _PACKET_SAMPLES :][:_PACKET_SAMPLES]
        received[start : start + _PACKET_SAMPLES] = max(left, 0.0) * before
    return received


def _suppressed(pcm: bytes, level: int) -> bytes:
    suppressor = NoiseSuppressor(level)
    return b"".join(suppressor.feed(pcm[at : at + FRAME_BYTES]) for at in range(0, len(pcm), FRAME_BYTES))
