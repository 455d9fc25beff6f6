"""The tone a caller hears while we ring a colleague, as their own country's telephones make it (ITU-T E.180).

Made here and told as silence, as comfort noise is: who takes turns must not take it for a sentence of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from appliance.domain.sound import FRAME_SAMPLES, SAMPLE_RATE_HZ, SILENCE, ms

LEVEL: Final = 700.0
"""Peak of each tone, of 32767: -33 dBFS, well below a voice, so that one can speak over it."""


class Cadence(NamedTuple):
    """Frequencies heard together, and on and off in turn, in ms."""

    tones_hz: tuple[float, ...]
    on_off_ms: tuple[int, ...]


# ITU-T E.180 supplement 2, various tones used in national networks
_NORTH_AMERICA: Final = Cadence((440.0, 480.0), (2000, 4000))
_EUROPE: Final = Cadence((425.0,), (1000, 4000))
_BRITAIN: Final = Cadence((400.0, 450.0), (400, 200, 400, 2000))
CADENCES: Final[Mapping[str, Cadence]] = {
    **dict.fromkeys(("US", "CA", "MX", "PR"), _NORTH_AMERICA),
    **dict.fromkeys(("GB", "IE", "AU", "NZ", "IN", "ZA"), _BRITAIN),
    "FR": Cadence((440.0,), (1500, 3500)),
    "ES": Cadence((425.0,), (1500, 3000)),
    "JP": Cadence((400.0,), (1000, 2000)),
}


class Ringback:
    """The tone of one region (ISO 3166), frame by frame, without end."""

    def __init__(self, region: str) -> None:
        self._cadence = CADENCES.get(region, _EUROPE)
        self._tick = 0

    def frame(self) -> bytes:
        """The next 20 ms: tone, or SILENCE between two rings."""
        tick, self._tick = self._tick, self._tick + 1
        return self._tone(tick) if self._sounds(ms(tick)) else SILENCE

    def _sounds(self, at_ms: int) -> bool:
        at_ms %= sum(self._cadence.on_off_ms)
        for index, length_ms in enumerate(self._cadence.on_off_ms):
            if at_ms < length_ms:
                return index % 2 == 0
            at_ms -= length_ms
        return False

    def _tone(self, tick: int) -> bytes:
        at_s = (tick * FRAME_SAMPLES + np.arange(FRAME_SAMPLES)) / SAMPLE_RATE_HZ
        tones = sum(np.sin(2 * np.pi * hz * at_s) for hz in self._cadence.tones_hz)
        return np.rint(np.asarray(tones) * LEVEL).astype(np.int16).tobytes()
