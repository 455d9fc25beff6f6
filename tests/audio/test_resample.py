"""Resampling: no sample lost or invented, no tone moved, silence stays silence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.audio.resample import resampled

RATES_HZ = (8_000, 16_000, 22_050, 24_000, 48_000)


@settings(max_examples=60, deadline=None)
@given(length=st.integers(0, 5000), from_hz=st.sampled_from(RATES_HZ), to_hz=st.sampled_from(RATES_HZ))
def test_the_length_is_true_to_a_sample(length: int, from_hz: int, to_hz: int) -> None:
    made = resampled(np.zeros(length, dtype=np.float32), from_hz, to_hz)
    assert abs(len(made) - length * to_hz / from_hz) <= 1


@settings(max_examples=30, deadline=None)
@given(to_hz=st.sampled_from([16_000, 24_000, 48_000]), seed=st.integers(0, 1000))
def test_up_and_down_again_is_the_same_sound(to_hz: int, seed: int) -> None:
    noise = np.random.default_rng(seed).normal(0, 0.1, 8000)
    speech_band = resampled(resampled(noise, 8000, 6000), 6000, 8000)  # nothing above 3 kHz
    there_and_back = resampled(resampled(speech_band, 8000, to_hz), to_hz, 8000)
    inside = slice(200, 7800)  # at a hard edge every filter rings
    np.testing.assert_allclose(there_and_back[inside], speech_band[inside], atol=1e-3)


@pytest.mark.parametrize(("from_hz", "to_hz"), [(22_050, 16_000), (24_000, 16_000), (8_000, 16_000)])
def test_a_tone_keeps_its_pitch_and_level(from_hz: int, to_hz: int) -> None:
    tone = np.sin(2 * np.pi * 1000 * np.arange(from_hz) / from_hz)
    made = resampled(tone, from_hz, to_hz)
    spectrum = np.abs(np.fft.rfft(made))
    assert np.argmax(spectrum) == 1000
    assert np.sqrt(np.mean(made**2)) == pytest.approx(np.sqrt(0.5), rel=0.01)


def test_16_bit_samples_stay_16_bit() -> None:
    loud = (np.sin(np.arange(8000) / 5) * 32767).astype(np.int16)
    made = resampled(loud, 8000, 16000)
    assert made.dtype == np.int16
    assert np.abs(made.astype(np.int32)).max() > 32000


def test_the_same_rate_is_the_same_sound() -> None:
    sound = np.arange(10, dtype=np.int16)
    assert resampled(sound, 16000, 16000) is sound
