"""What a synthesised sentence goes through before a telephone plays it: rate, silence, loudness, 16 bits.

Voices differ in rate, in how long they breathe in and in how loud a sentence comes out. Leading silence is
time the caller waits for nothing; a sentence louder than the one before it sounds like another person.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from appliance.audio.resample import resampled
from appliance.domain.sound import SAMPLE_RATE_HZ

Sound = npt.NDArray[np.floating[Any]]

SPOKEN_LEVEL_DBFS: Final = -20.0
"""Level of the voiced stretches (RMS): 6 dB over the -26 dBov of ITU-T P.56, as prompts usually are."""
PEAK_MAX: Final = 0.89  # -1 dBFS: room for what a codec overshoots
LEAD_MS: Final = 20
TAIL_MS: Final = 20
PAUSE_MS: Final = 180
"""Silence added after each sentence: the breath before the next one."""
_PAUSE: Final = bytes(2 * SAMPLE_RATE_HZ * PAUSE_MS // 1000)
_SILENT_BELOW_PEAK_DB: Final = 40.0
_BLOCK_MS: Final = 5


def mastered(samples: Sound, rate_hz: int) -> bytes:
    """One sentence, floats at `rate_hz`, as 16 kHz mono int16 samples ready to play; b"" for silence."""
    spoken = levelled(trimmed(samples, rate_hz), rate_hz)
    if not len(spoken):
        return b""
    at_our_rate = resampled(spoken, rate_hz, SAMPLE_RATE_HZ)
    return (np.clip(at_our_rate, -1.0, 1.0) * 32767).astype("<i2").tobytes() + _PAUSE


def trimmed(samples: Sound, rate_hz: int) -> Sound:
    """Without the silence around it: LEAD_MS are kept before the first sound, TAIL_MS after the last."""
    block = rate_hz * _BLOCK_MS // 1000
    levels = _block_levels(samples, block)
    loud = np.flatnonzero(levels > levels.max(initial=0.0) * 10 ** (-_SILENT_BELOW_PEAK_DB / 20))
    if not len(loud):
        return samples[:0]
    start = loud[0] * block - rate_hz * LEAD_MS // 1000
    end = (loud[-1] + 1) * block + rate_hz * TAIL_MS // 1000
    return samples[max(0, start) : end]


def levelled(samples: Sound, rate_hz: int) -> Sound:
    """At SPOKEN_LEVEL_DBFS, or as near to it as PEAK_MAX allows; pauses do not count towards the level."""
    levels = _block_levels(samples, rate_hz * _BLOCK_MS // 1000)
    voiced = levels[levels > levels.max(initial=0.0) * 0.1]
    if not len(voiced):
        return samples
    gain = 10 ** (SPOKEN_LEVEL_DBFS / 20) / np.sqrt(np.mean(voiced**2))
    louder: Sound = samples * min(gain, PEAK_MAX / np.abs(samples).max())
    return louder


def _block_levels(samples: Sound, block: int) -> Sound:
    """RMS of each `block` samples, the last one filled up with silence."""
    padded = np.pad(samples, (0, -len(samples) % block)).astype(np.float64)
    levels: Sound = np.sqrt(np.square(padded.reshape(-1, block)).mean(axis=1))
    return levels
