"""Sounds that must not stop the agent: of every kind, repeatable, at the level they should have."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from appliance.bench.distractors import SYNTHETIC, at_level, recorded, synthetic
from appliance.errors import NotFound


@pytest.mark.parametrize("kind", sorted(SYNTHETIC))
def test_chance_makes_the_same_sound_again_and_another_with_another_seed(kind):
    assert synthetic(kind, 7) == synthetic(kind, 7)
    assert synthetic(kind, 7) != synthetic(kind, 8)


@pytest.mark.parametrize("kind", sorted(SYNTHETIC))
def test_sounds_are_heard_and_not_clipped(kind):
    samples = np.frombuffer(synthetic(kind, 3), np.int16).astype(np.float64)
    assert 5 <= len(samples) / 16 <= 4500, "milliseconds"
    assert 300 < np.abs(samples).max() <= 32_000


def test_level_is_rms_in_dbfs():
    sine = np.sin(np.arange(16_000) * 0.1)
    samples = np.frombuffer(at_level(sine, -30.0), np.int16) / 32768
    assert 10 * np.log10((samples**2).mean()) == pytest.approx(-30, abs=0.05)


def test_recorded_sounds_are_of_the_kind_their_folder_says(tmp_path: Path):
    (tmp_path / "cough").mkdir()
    soundfile.write(tmp_path / "cough" / "1.wav", np.zeros(800), 8000)
    ((kind, pcm),) = recorded(tmp_path)
    assert kind == "cough"
    assert len(pcm) == 2 * 1600


def test_a_folder_without_sounds_is_said_so(tmp_path: Path):
    with pytest.raises(NotFound, match="no distractors"):
        recorded(tmp_path)
