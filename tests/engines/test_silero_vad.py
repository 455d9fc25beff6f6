"""The speech detector: the contract for the fake here, for the real one in a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.alone import run_alone
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
    run_alone(Path(__file__).with_name("silero_alone.py"))
