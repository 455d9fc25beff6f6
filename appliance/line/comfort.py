"""Comfort noise: the very quiet hiss under our silence, so that a caller never believes the line is dead.

G.711 appendix II and RFC 3389 make it at the receiver; we send sound all the time (no DTX), so it is made
here. Its level is far below speech and far above what G.711 rounds to nothing (steps of 8 and 16 near zero).
"""

from __future__ import annotations

import zlib
from typing import Final

import numpy as np

from appliance.domain.sound import FRAME_SAMPLES

LEVEL: Final = 13.0
"""RMS of 32767: -68 dBFS."""
_SHAPE: Final = np.array([1.0, 4.0, 6.0, 4.0, 1.0])  # falls 12 dB to 4 kHz: softer than white, as rooms are
_GAIN: Final = LEVEL / float(np.sqrt((_SHAPE**2).sum()))


class ComfortNoise:
    """Noise without end or period, the same for the same call."""

    def __init__(self, call_id: str) -> None:
        self._random = np.random.Generator(np.random.SFC64(zlib.crc32(call_id.encode())))
        self._before = self._random.standard_normal(len(_SHAPE) - 1)

    def frame(self) -> bytes:
        """The next 20 ms; about 15 us of work."""
        white = np.concatenate((self._before, self._random.standard_normal(FRAME_SAMPLES)))
        self._before = white[FRAME_SAMPLES:]
        shaped = np.convolve(white, _SHAPE, "valid") * _GAIN
        return np.rint(shaped).astype(np.int16).tobytes()
