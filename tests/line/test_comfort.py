"""Comfort noise is heard by a telephone and by nothing else."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from appliance.bench.gap import SPEECH_LEVEL
from appliance.domain.sound import FRAME_BYTES, FRAME_SAMPLES, TICKS_PER_S
from appliance.line.comfort import LEVEL, ComfortNoise

Samples = npt.NDArray[np.float64]


def _noise(seconds: int, call_id: str = "c") -> Samples:
    comfort = ComfortNoise(call_id)
    frames = [comfort.frame() for _ in range(seconds * TICKS_PER_S)]
    assert {len(one) for one in frames} == {FRAME_BYTES}
    return np.frombuffer(b"".join(frames), np.int16).astype(np.float64)


def _rms(samples: Samples) -> float:
    return float(np.sqrt((samples**2).mean()))


def test_it_lies_at_its_level_and_never_near_speech() -> None:
    noise = _noise(60)
    assert 0.9 * LEVEL < _rms(noise) < 1.1 * LEVEL
    assert np.abs(noise).max() < SPEECH_LEVEL / 2


def test_one_call_always_has_the_same_and_another_call_another() -> None:
    assert np.array_equal(_noise(1), _noise(1))
    assert not np.array_equal(_noise(1), _noise(1, "d"))


def test_nothing_in_it_comes_back() -> None:
    spectrum = np.abs(np.fft.rfft(_noise(20))) ** 2
    echo = np.fft.irfft(spectrum)
    assert np.abs(echo[20 : len(echo) // 2]).max() < 0.03 * echo[0], "no period, nor a seam between frames"


def test_it_is_softer_than_white_and_keeps_below_the_telephone_band_s_end() -> None:
    energy = np.abs(np.fft.rfft(_noise(10))) ** 2
    low, high = energy[: len(energy) // 2].sum(), energy[len(energy) // 2 :].sum()
    assert low > 20 * high
    by_frame = np.abs(_noise(10).reshape(-1, FRAME_SAMPLES)).max(axis=1)
    assert by_frame.min() > 8, "every frame is heard"


def test_g711_neither_swallows_nor_swells_it() -> None:
    at_8_khz = _noise(10)[::2]
    mu_law = np.sign(at_8_khz) * 8 * np.round(np.abs(at_8_khz) / 8)  # G.711 near zero: steps of 8
    a_law = 16 * np.floor(at_8_khz / 16) + 8  # steps of 16, and no zero
    for carried in (mu_law, a_law):
        assert 0.8 * LEVEL < _rms(carried - carried.mean()) < 1.25 * LEVEL
