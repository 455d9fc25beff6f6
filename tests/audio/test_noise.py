"""Noise goes, length stays, and level 0 is no suppressor at all."""

from __future__ import annotations

import numpy as np

from appliance.audio.noise import NoiseSuppressor
from appliance.domain.sound import FRAME_BYTES, FRAME_SAMPLES


def _power(frame: bytes) -> float:
    return float((np.frombuffer(frame, np.int16).astype(np.float64) ** 2).mean())


def test_level_zero_hands_the_same_frame_on() -> None:
    frame = bytes(range(256)) * 2 + bytes(128)
    assert NoiseSuppressor(0).feed(frame) is frame


def test_steady_noise_is_taken_down() -> None:
    noise = np.random.default_rng(7)
    suppressor = NoiseSuppressor(3)
    before = after = 0.0
    for tick in range(200):
        frame = (noise.standard_normal(FRAME_SAMPLES) * 500).astype(np.int16).tobytes()
        cleaned = suppressor.feed(frame)
        assert len(cleaned) == FRAME_BYTES
        if tick >= 100:
            before, after = before + _power(frame), after + _power(cleaned)
    assert after < before / 4
