"""Mastering: little silence before the first sound, one loudness, no clipping."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.audio.mastering import LEAD_MS, PAUSE_MS, PEAK_MAX, SPOKEN_LEVEL_DBFS, TAIL_MS, mastered
from appliance.domain.sound import SAMPLE_RATE_HZ

RATE_HZ = 22_050


def tone(seconds: float, loudness: float) -> np.ndarray:
    return loudness * np.sin(2 * np.pi * 440 * np.arange(int(seconds * RATE_HZ)) / RATE_HZ)


def silence(seconds: float) -> np.ndarray:
    return np.zeros(int(seconds * RATE_HZ))


def result(samples: np.ndarray) -> np.ndarray:
    return np.frombuffer(mastered(samples, RATE_HZ), dtype="<i2") / 32768


def test_leading_silence_goes_but_for_a_breath() -> None:
    sound = result(np.concatenate([silence(0.7), tone(0.5, 0.3)]))
    first_ms = 1000 * np.flatnonzero(np.abs(sound) > 0.01)[0] / SAMPLE_RATE_HZ
    assert LEAD_MS - 10 <= first_ms <= LEAD_MS + 10


def test_after_the_last_sound_comes_one_pause() -> None:
    sound = result(np.concatenate([tone(0.5, 0.3), silence(1.2)]))
    length_ms = 1000 * len(sound) / SAMPLE_RATE_HZ
    assert length_ms == pytest.approx(500 + TAIL_MS + PAUSE_MS, abs=10)


def test_a_pause_inside_stays() -> None:
    sound = result(np.concatenate([tone(0.3, 0.3), silence(0.4), tone(0.3, 0.3)]))
    assert len(sound) / SAMPLE_RATE_HZ == pytest.approx(1.0 + (TAIL_MS + PAUSE_MS) / 1000, abs=0.05)


@settings(max_examples=30, deadline=None)
@given(loudness=st.floats(0.002, 1.0))
def test_quiet_and_loud_come_out_alike(loudness: float) -> None:
    sound = result(tone(0.5, loudness))
    spoken = sound[1600:6400]
    level_dbfs = 20 * np.log10(np.sqrt(np.mean(spoken**2)))
    assert level_dbfs == pytest.approx(SPOKEN_LEVEL_DBFS, abs=1)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 1000), spike=st.floats(0.5, 1.0))
def test_a_spike_is_never_clipped(seed: int, spike: float) -> None:
    samples = np.random.default_rng(seed).normal(0, 0.02, RATE_HZ // 2)
    samples[4000:4040] = spike
    assert np.abs(result(samples)).max() < min(1.0, PEAK_MAX * 1.2)  # the filter may ring at so hard an edge


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(1), np.zeros(RATE_HZ)])
def test_silence_is_no_sound(samples: np.ndarray) -> None:
    assert mastered(samples, RATE_HZ) == b""
