"""The tone that says "speak now", as every answering machine has one. Made here: it needs no voice."""

from __future__ import annotations

from typing import Final

import numpy as np

from appliance.domain.sound import SAMPLE_RATE_HZ, TICK_MS

_HZ: Final = 880.0
_LENGTH_MS: Final = 400
_FADE_MS: Final = 10
_LEVEL: Final = 6000.0
"""Peak, of 32767: -15 dBFS, about as loud as a voice."""


def speak_now_tone(length_ms: int = _LENGTH_MS) -> bytes:
    """Whole ticks of 16 kHz mono int16, faded in and out so that it does not click."""
    count = SAMPLE_RATE_HZ * (length_ms // TICK_MS * TICK_MS) // 1000
    fade = np.linspace(0.0, 1.0, SAMPLE_RATE_HZ * _FADE_MS // 1000)
    envelope = np.ones(count)
    envelope[: len(fade)], envelope[-len(fade) :] = fade, fade[::-1]
    wave = np.sin(2 * np.pi * _HZ * np.arange(count) / SAMPLE_RATE_HZ) * envelope * _LEVEL
    return np.rint(wave).astype(np.int16).tobytes()
