"""Sound that a test can recognise again after a telephone line."""

from __future__ import annotations

import numpy as np

from appliance.domain.sound import SAMPLE_RATE_HZ


def tone(hz: float, ms: int, level: float = 8000.0) -> bytes:
    """A sine, 16 kHz mono int16."""
    at = np.arange(SAMPLE_RATE_HZ * ms // 1000) / SAMPLE_RATE_HZ
    return (level * np.sin(2 * np.pi * hz * at)).astype(np.int16).tobytes()


def share_at(pcm: bytes, hz: float) -> float:
    """The share of the energy of `pcm` that lies within 40 Hz of `hz`."""
    samples = np.frombuffer(pcm, np.int16).astype(np.float64)
    energy = np.abs(np.fft.rfft(samples)) ** 2
    at_hz = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE_HZ)
    near = np.abs(at_hz - hz) < 40
    return float(energy[near].sum() / max(energy.sum(), 1.0))
