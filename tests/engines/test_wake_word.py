"""The wake word: the contract, for the fake and for openWakeWord with synthesised speech."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from appliance.domain.sound import SILENCE
from appliance.engines.wake_word import EMBEDDING_FILE, MEL_FILE, WakeWordModel
from appliance.errors import Misused, ModelMissing
from tests.contracts.wake_word import New, WakeWordContract, likelihoods
from tests.engines.models import model_path, piper
from tests.fakes.voice import FakeVoice
from tests.fakes.wake_word import FakeWakeWord


class TestFake(WakeWordContract):
    @pytest.fixture
    def new(self) -> New:
        return FakeWakeWord

    @pytest.fixture
    def word(self) -> bytes:
        return b"".join(FakeVoice().speak("hey jarvis"))

    @pytest.fixture
    def other(self) -> bytes:
        return b"".join(FakeVoice().speak("you have three messages"))


@cache
def hey_jarvis() -> WakeWordModel:
    return WakeWordModel(model_path("openwakeword-hey_jarvis") / "hey_jarvis_v0.1.onnx")


@cache
def said(text: str) -> bytes:
    return b"".join(piper().speak(text))


@pytest.mark.real
class TestOpenWakeWord(WakeWordContract):
    @pytest.fixture
    def new(self) -> New:
        return hey_jarvis().open

    @pytest.fixture
    def word(self) -> bytes:
        return said("Hey Jarvis!")

    @pytest.fixture
    def other(self) -> bytes:
        return said("You have three messages. The first one is from Anna Jones.")

    def test_the_word_is_found_in_front_of_a_request(self, new: New) -> None:
        assert max(likelihoods(new(), SILENCE * 50 + said("Hey Jarvis, any messages?"))) > 0.7

    def test_a_frame_has_one_length(self, new: New) -> None:
        with pytest.raises(Misused):
            new().likelihood(b"\0\0")


def test_a_model_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=MEL_FILE):
        WakeWordModel(tmp_path / "hey_house.onnx")


@pytest.mark.real
def test_a_network_that_is_no_wake_word(tmp_path: Path) -> None:
    stock = model_path("openwakeword-hey_jarvis")
    for name in (MEL_FILE, EMBEDDING_FILE):
        (tmp_path / name).symlink_to(stock / name)
    (tmp_path / "hey_house.onnx").symlink_to(stock / MEL_FILE)
    with pytest.raises(ModelMissing, match="no openWakeWord model"):
        WakeWordModel(tmp_path / "hey_house.onnx")
