"""Where speech is cut and where it is taken up again: fades without a click, and the word to go on from. Pure."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from appliance.domain.sound import FRAME_BYTES, FRAME_SAMPLES, SAMPLE_RATE_HZ, ticks

FADE_MS: Final = 4
BACK_TICKS_MAX: Final = ticks(600)
_FADE_SAMPLES: Final = SAMPLE_RATE_HZ * FADE_MS // 1000
_RISING: Final = np.arange(1, _FADE_SAMPLES + 1) / (_FADE_SAMPLES + 1)
# Chosen on Piper's voice with word times from Vosk: half of all places to go on from lie within 30 ms of the
# beginning of a word, 28 % well inside one (57 % when chosen blindly), at the price of 400 ms said twice.
_PAUSE_TICKS: Final = ticks(120)  # shorter quiet is mostly a closed consonant inside a word
_DIP_BACK_TICKS: Final = ticks(200)  # a dip nearer than that starts a syllable at most
_DIP_WIDTH: Final = np.array([0.5, 0.5])
_QUIET_SHARE: Final = 0.05  # of the loudest tick: 26 dB below it
_QUIET_LEVEL: Final = 30.0  # of 32767: quiet whatever stands beside it

Levels = npt.NDArray[np.float64]


def fading(coming: bytes) -> bytes:
    """The frame in which speech falls silent: a few ms of what would have `coming`, then nothing."""
    samples = np.frombuffer(coming, np.int16)[:_FADE_SAMPLES]
    return (samples * _RISING[::-1][: len(samples)]).astype(np.int16).tobytes().ljust(FRAME_BYTES, b"\0")


def rising(frame: bytes) -> bytes:
    """`frame` with its first few ms faded in."""
    samples = np.frombuffer(frame, np.int16).copy()
    samples[:_FADE_SAMPLES] = samples[:_FADE_SAMPLES] * _RISING
    return samples.tobytes()


def together(one: bytes, other: bytes) -> bytes:
    """Two frames heard at once, clipped at full scale."""
    both = np.frombuffer(one, np.int16).astype(np.int32) + np.frombuffer(other, np.int16)
    return np.clip(both, -32768, 32767).astype(np.int16).tobytes()


def ticks_back(played: bytes, *, from_start: bool) -> int:
    """How many ticks before the end of `played` (whole frames) to go on from, so that a word is whole.

    The latest pause counts, and the beginning of the speech (`from_start`: `played` begins there) is one.
    Fluent speech without a pause is taken up at the deepest dip of its energy.
    """
    levels = _levels(played)
    pause = _latest_pause(levels, from_start=from_start)
    if pause is not None:
        return len(levels) - pause
    if len(levels) <= _DIP_BACK_TICKS:
        return len(levels)
    reachable = np.convolve(levels, _DIP_WIDTH, "same")[: len(levels) - _DIP_BACK_TICKS]
    return len(levels) - int(reachable.argmin())


def _levels(played: bytes) -> Levels:
    frames = np.frombuffer(played, np.int16).astype(np.float64).reshape(-1, FRAME_SAMPLES)
    return np.asarray(np.sqrt((frames**2).mean(axis=1)))


def _latest_pause(levels: Levels, *, from_start: bool) -> int | None:
    """The tick to go on with: the last quiet one of the latest pause, or the end when all is quiet there."""
    quiet = levels <= max(_QUIET_LEVEL, _QUIET_SHARE * levels.max(initial=0.0))
    for end in range(len(levels), _PAUSE_TICKS - 1, -1):
        if quiet[end - _PAUSE_TICKS : end].all():
            return end if end == len(levels) else end - 1
    return 0 if from_start else None
