"""The real speech detector, in a process of its own: run by test_silero_vad.py, which says why."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from appliance.domain.sound import FRAME_BYTES
from appliance.engines.silero_vad import SileroDetector
from appliance.errors import Misused
from tests.contracts.speech_detector import New, SpeechDetectorContract, probabilities
from tests.engines.recordings import recordings

pytestmark = pytest.mark.real


class TestSilero(SpeechDetectorContract):
    @pytest.fixture
    def new(self) -> New:
        return SileroDetector

    @pytest.fixture
    def speech(self, data_dir: Path) -> bytes:
        pcm, _ = next(recordings(data_dir / "speech_ljspeech"))
        return pcm[: 3 * 32_000]


@pytest.mark.parametrize("name", ["kitchen", "exercise_bike", "home_background"])
def test_noise_is_rarely_speech(name: str, data_dir: Path) -> None:
    samples, _ = soundfile.read(data_dir / "noise_clips" / f"{name}.flac", dtype="int16")
    found = probabilities(SileroDetector(), samples[: 10 * 16_000].tobytes())
    assert np.mean(np.array(found) > 0.5) < 0.1


@pytest.mark.parametrize("size", [0, FRAME_BYTES - 2, FRAME_BYTES * 2])
def test_a_frame_of_another_size_is_a_bug(size: int) -> None:
    with pytest.raises(Misused):
        SileroDetector().speech_probability(bytes(size))
