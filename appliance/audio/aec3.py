"""WebRTC's AEC3 as it comes (pywebrtc-audio): thorough with an echo, rough with a caller in double talk."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pywebrtc_audio

from appliance.domain.sound import SAMPLE_RATE_HZ

Samples = npt.NDArray[np.int16]


class Aec3:
    """One call's AEC3. It finds the delay by itself, to half a second."""

    def __init__(self) -> None:
        self._aec = pywebrtc_audio.EchoCanceller(SAMPLE_RATE_HZ, 1, 0)

    def process(self, heard: Samples, spoken: Samples) -> Samples:
        """FRAME_SAMPLES of `heard` without the echo of `spoken`; may hold comfort noise nobody made."""
        cleaned: Samples = self._aec.process(heard, spoken)
        return cleaned

    def feed(self, heard: bytes, spoken: bytes) -> bytes:
        """The same for FRAME_BYTES of 16 kHz mono int16."""
        return self.process(np.frombuffer(heard, np.int16), np.frombuffer(spoken, np.int16)).tobytes()
