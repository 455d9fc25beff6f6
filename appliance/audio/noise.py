"""Takes steady noise out of a caller's sound (WebRTC noise suppression through webrtc-noise-gain)."""

from __future__ import annotations

from webrtc_noise_gain import AudioProcessor

from appliance.domain.sound import FRAME_BYTES

_HALF_BYTES = FRAME_BYTES // 2  # the library takes exactly 10 ms


class NoiseSuppressor:
    """`level` 0 passes sound through untouched, 4 is strongest. One per call."""

    def __init__(self, level: int) -> None:
        self._processor = AudioProcessor(0, level) if level else None

    def feed(self, frame: bytes) -> bytes:
        """One frame (FRAME_BYTES, 16 kHz mono int16) with less noise; the same object at level 0."""
        if self._processor is None:
            return frame
        halves = (frame[:_HALF_BYTES], frame[_HALF_BYTES:])
        return b"".join(bytes(self._processor.Process10ms(half).audio) for half in halves)
