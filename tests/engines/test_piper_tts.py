"""The voice: the contract, whether it is understood, how a long sentence begins, broken models."""

from __future__ import annotations

import shutil
from pathlib import Path

import jiwer
import numpy as np
import pytest

from appliance.audio.mastering import SPOKEN_LEVEL_DBFS
from appliance.engines.piper_tts import FIRST_BREATH_CHARACTERS, PiperVoice, breaths, phonemes, stretch
from appliance.errors import ModelMissing
from tests.contracts.recogniser import heard
from tests.contracts.voice import VoiceContract, samples
from tests.engines.models import model_path, piper, vosk
from tests.engines.recordings import plain, through_telephone
from tests.fakes.voice import FakeVoice

NAME = "piper-en_US-joe-medium"
LONG = "I have Tuesday the twenty fourth at nine, ten thirty, or two o'clock in the afternoon. Which one?"


class TestFake(VoiceContract):
    @pytest.fixture
    def voice(self) -> FakeVoice:
        return FakeVoice()


@pytest.mark.real
class TestPiper(VoiceContract):
    @pytest.fixture
    def voice(self) -> PiperVoice:
        return piper()

    def test_it_is_understood_over_the_telephone(self, voice: PiperVoice) -> None:
        said = [
            "Thank you for calling.",
            "What time would you like to come in?",
            "Which day suits you best?",
            LONG,
        ]
        understood = [
            heard(vosk().open(), through_telephone(samples(voice, text), 16_000)).text for text in said
        ]
        assert jiwer.wer([plain(text) for text in said], understood) < 0.15

    def test_sentences_are_equally_loud(self, voice: PiperVoice) -> None:
        for text in ("Yes.", "We are open today until half past five in the afternoon."):
            sound = samples(voice, text) / 32768
            blocks = np.sqrt(np.mean(sound[: len(sound) // 80 * 80].reshape(-1, 80) ** 2, axis=1))
            level = np.sqrt(np.mean(blocks[blocks > blocks.max() / 10] ** 2))
            assert 20 * np.log10(level) == pytest.approx(SPOKEN_LEVEL_DBFS, abs=3)

    def test_a_long_sentence_begins_with_its_first_clause(self, voice: PiperVoice) -> None:
        first, *rest = voice.speak(LONG)
        assert len(rest) == 2
        assert plain(heard(vosk().open(), first).text).startswith("i have tuesday")
        assert len(first) < len(rest[0])

    def test_the_same_file_has_the_same_name(self, voice: PiperVoice) -> None:
        assert PiperVoice(model_path(NAME) / "en_US-joe-medium.onnx").name == voice.name


class TestBreaths:
    @pytest.mark.parametrize(
        "text", ["", "Yes.", "Good morning, how can I help?", "x" * 200, f"Yes, {'x' * 80}"]
    )
    def test_short_clauses_and_sentences_stay_whole(self, text: str) -> None:
        assert breaths(text) == (text,)

    def test_a_long_one_is_cut_once(self) -> None:
        assert LONG.index(".") > FIRST_BREATH_CHARACTERS
        first, rest = breaths(LONG)
        assert first == "I have Tuesday the twenty fourth at nine,"
        assert f"{first} {rest}" == LONG

    def test_only_the_first_sentence_is_cut(self) -> None:
        text = f"We are open. {LONG}"
        assert breaths(text) == (text,)


def test_the_usual_pace_stretches_nothing_and_slower_stretches_more() -> None:
    assert stretch(100) == 1
    assert stretch(120) < 1 < stretch(85) < stretch(70)


def test_phonemes_come_sentence_by_sentence() -> None:
    first, second = phonemes("Yes, please. No!", "en-us")
    assert "".join(first).startswith("jˈɛs,")
    assert second[-1] == "!"


def test_no_model_at_all(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="is missing"):
        PiperVoice(tmp_path / NAME)


@pytest.mark.real
@pytest.mark.parametrize("content", [b"", b"rubbish", b'{"audio": {}}', None])
def test_a_broken_description_is_said_to_be_one(content: bytes | None, tmp_path: Path) -> None:
    folder = tmp_path / NAME
    folder.mkdir()
    (folder / "en_US-joe-medium.onnx").symlink_to(model_path(NAME) / "en_US-joe-medium.onnx")
    if content is not None:
        (folder / "en_US-joe-medium.onnx.json").write_bytes(content)
    with pytest.raises(ModelMissing, match=r"onnx\.json is (broken|missing)") as caught:
        PiperVoice(folder)
    assert f"models pull {NAME}" in caught.value.remedy


@pytest.mark.real
def test_a_network_cut_short_is_said_to_be_one(tmp_path: Path) -> None:
    folder = tmp_path / NAME
    shutil.copytree(model_path(NAME), folder)
    network = folder / "en_US-joe-medium.onnx"
    network.write_bytes(network.read_bytes()[:1_000_000])
    with pytest.raises(ModelMissing, match="does not load"):
        PiperVoice(folder)
