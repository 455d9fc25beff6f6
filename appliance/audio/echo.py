"""Takes our own voice out of what comes back from a caller's line, and leaves the caller whole.

Two cancellers listen side by side. The model of the path in `echo_path` takes out nothing but our voice, and
what it passes is the output. WebRTC's AEC3 removes an echo at once and altogether, and much of a caller who
speaks at the same time: while only we speak, it says how quiet the output must be.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from appliance.audio.aec3 import Aec3
from appliance.audio.echo_path import HOP, EchoPath
from appliance.audio.echo_residual import ResidualSuppressor
from appliance.domain.sound import FRAME_BYTES, FRAME_SAMPLES
from appliance.errors import Misused

Samples = npt.NDArray[np.int16]

_LOWEST, _HIGHEST = -32768, 32767
_SPEAKING_RMS = 100.0  # our own voice below this cannot be told from an echo of it
_ECHO_RMS = 30.0  # returns quieter than this leave nothing to measure against
_SMOOTHING = 0.05  # the estimate forgets with a time constant of 20 ticks
_DOUBLE_TALK_RATIO = 1.0  # what returns louder than what we said holds the caller's voice too


class EchoCanceller:
    """One call's canceller. Feed it every tick, in order; it learns the line's echo while we speak.

    No delay. The output never holds more energy than the input of the same frame: AEC3 fills with comfort
    noise and may overshoot, which would be sound that nobody made.
    """

    def __init__(self) -> None:
        self._aec = Aec3()
        self._path = EchoPath()
        self._residual = ResidualSuppressor()
        self._heard_power = 0.0
        self._cleaned_power = 0.0

    def feed(self, heard: bytes, spoken: bytes) -> bytes:
        """`heard` without the echo of `spoken`; all FRAME_BYTES of 16 kHz mono int16."""
        if len(heard) != FRAME_BYTES or len(spoken) != FRAME_BYTES:
            raise Misused("the echo canceller takes whole frames")
        near = np.frombuffer(heard, np.int16)
        far = np.frombuffer(spoken, np.int16)
        cleaned = _no_louder(self._clean(near, far), near)
        self._learn(near, far, cleaned)
        return cleaned.tobytes()

    def _clean(self, near: Samples, far: Samples) -> Samples:
        witness = self._aec.process(near, far).astype(np.float32)
        heard, spoken = near.astype(np.float32), far.astype(np.float32)
        steps = [slice(at, at + HOP) for at in range(0, FRAME_SAMPLES, HOP)]
        cleaned = np.concatenate(
            [self._residual.step(self._path.step(heard[at], spoken[at]), witness[at]) for at in steps]
        )
        clipped: Samples = np.clip(cleaned, _LOWEST, _HIGHEST).astype(np.int16)
        return clipped

    def _learn(self, near: Samples, far: Samples, cleaned: Samples) -> None:
        """Keep the running powers over ticks in which only we speak."""
        heard_power, spoken_power = _power(near), _power(far)
        only_we = (
            spoken_power > _SPEAKING_RMS**2
            and heard_power > _ECHO_RMS**2
            and heard_power < spoken_power * _DOUBLE_TALK_RATIO
        )
        if only_we:
            self._heard_power += _SMOOTHING * (heard_power - self._heard_power)
            self._cleaned_power += _SMOOTHING * (_power(cleaned) - self._cleaned_power)

    @property
    def erle_db(self) -> float:
        """Echo return loss enhancement (ITU-T G.168) of the last half second of our speech; 0 before any."""
        if self._heard_power <= 0:
            return 0.0
        return max(0.0, 10 * math.log10(self._heard_power / max(self._cleaned_power, 1.0)))


def _power(samples: Samples) -> float:
    wide = samples.astype(np.float64)
    return float(np.dot(wide, wide)) / FRAME_SAMPLES


def _no_louder(cleaned: Samples, heard: Samples) -> Samples:
    """`cleaned`, scaled down to the energy of `heard` where it had more. Truncation rounds towards zero."""
    before, after = _power(heard), _power(cleaned)
    if after <= before:
        return cleaned
    scaled: Samples = (cleaned * math.sqrt(before / after)).astype(np.int16)
    return scaled
