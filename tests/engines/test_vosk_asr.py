"""The recogniser: the contract, human recordings over the telephone, noise, broken models."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from itertools import islice
from pathlib import Path

import jiwer
import numpy as np
import pytest
import soundfile

from appliance.audio.resample import resampled
from appliance.domain.sound import SAMPLE_RATE_HZ
from appliance.engines.ports import Heard
from appliance.engines.vosk_asr import VoskModel
from appliance.errors import ModelMissing
from tests.contracts.recogniser import RecogniserContract, Say, heard
from tests.engines.models import kokoro, model_path, vosk
from tests.engines.recordings import recordings
from tests.fakes.recogniser import FakeRecogniserModel
from tests.fakes.voice import FakeVoice

NAME = "vosk-model-small-en-us-0.15"


class TestFake(RecogniserContract):
    @pytest.fixture
    def model(self) -> FakeRecogniserModel:
        return FakeRecogniserModel()

    @pytest.fixture
    def say(self) -> Say:
        return lambda text: b"".join(FakeVoice().speak(text))


@cache
def spoken(text: str) -> bytes:
    """A sentence in the voice that this recogniser hears best."""
    return b"".join(kokoro().speak(text))


@pytest.mark.real
class TestVosk(RecogniserContract):
    @pytest.fixture
    def model(self) -> VoskModel:
        return vosk()

    @pytest.fixture
    def say(self) -> Say:
        return spoken


@pytest.mark.real
class TestOnRecordings:
    # measured 0.07 (a clear reader) and 0.21 (hard ones; 0.31 over all forty); the bounds leave room
    @pytest.mark.parametrize(
        ("folder", "most", "bound"), [("speech_ljspeech", 5, 0.2), ("speech_librispeech_other", 6, 0.4)]
    )
    def test_people_on_the_telephone(self, data_dir: Path, folder: str, most: int, bound: float) -> None:
        pairs = [
            (said, heard(vosk().open(), pcm).text)
            for pcm, said in islice(recordings(data_dir / folder), most)
        ]
        said, understood = map(list, zip(*pairs, strict=True))
        assert jiwer.wer(said, understood) < bound

    def test_noise_is_no_words_or_unsure_ones(self, data_dir: Path) -> None:
        for name in ("kitchen", "exercise_bike", "home_background", "ambient_coffeeshop"):
            samples, rate_hz = soundfile.read(data_dir / "noise_clips" / f"{name}.flac", dtype="int16")
            sound = resampled(samples, rate_hz, SAMPLE_RATE_HZ)[: 6 * SAMPLE_RATE_HZ]
            result = heard(vosk().open(), sound.tobytes())
            assert len(result.text.split()) <= 1, name
            assert result.confidence < 0.8, name


@pytest.mark.real
@pytest.mark.parametrize("loudness", [50, 500, 5000])
def test_hiss_is_no_words(loudness: int) -> None:
    noise = np.random.default_rng(0).normal(0, loudness, 4 * SAMPLE_RATE_HZ)
    assert heard(vosk().open(), noise.astype("<i2").tobytes()) == Heard("", 0.0)


@pytest.mark.real
def test_each_word_has_its_time_and_its_confidence() -> None:
    stream = vosk().open()
    pcm = spoken("yes please")
    first, second = heard(stream, pcm), heard(stream, pcm)
    assert [word.word for word in first.words] == ["yes", "please"]
    assert 0 <= first.words[0].start_ms < first.words[0].end_ms <= first.words[1].start_ms
    assert first.words[1].end_ms <= len(pcm) / 32
    assert first.confidence == pytest.approx(sum(word.confidence for word in first.words) / 2)
    assert second.words == first.words  # times are the utterance's own, not the call's


@pytest.mark.real
def test_words_the_model_can_never_hear_are_told_and_left_out(capfd: pytest.CaptureFixture[str]) -> None:
    assert vosk().missing(["yes", "xylograph", "toyota", "qwrtz"]) == ("xylograph", "qwrtz")
    stream = vosk().open(["yes", "please", "yes qwrtz", "qwrtz"])
    assert heard(stream, spoken("yes please")).text == "yes please"
    assert not capfd.readouterr().err  # Vosk would warn, at every opening


@pytest.mark.real
def test_what_follows_what_is_learnt_from_the_entries() -> None:
    entries = ["the third of december", "tomorrow morning", "[unk] [unk]"]
    assert heard(vosk().open(entries), spoken("the third of december")).text == "the third of december"
    assert "[unk]" in heard(vosk().open(entries), spoken("do you take credit cards")).text.split()


@pytest.mark.real
def test_an_odd_byte_at_the_end_is_left_out() -> None:
    assert heard(vosk().open(), spoken("yes please") + b"\x01").text == "yes please"


@pytest.mark.real
def test_a_mixed_answer_to_a_closed_question_is_unsure() -> None:
    pcm = spoken("yes") + spoken("the weather in colorado was lovely all week")
    mixed = heard(vosk().open(["yes", "no"]), pcm)
    sure = heard(vosk().open(["yes", "no"]), spoken("yes"))
    assert sure.text == "yes"
    assert mixed.confidence < sure.confidence


def _missing(folder: Path) -> None:
    (folder / "am/final.mdl").unlink()


def _no_graph(folder: Path) -> None:
    (folder / "graph/HCLr.fst").unlink()


def _cut_short(folder: Path) -> None:
    file = folder / "graph/disambig_tid.int"
    file.write_bytes(file.read_bytes()[:50])


def _rubbish(folder: Path) -> None:
    (folder / "ivector/final.ie").write_bytes(b"rubbish" * 100)


def _empty_settings(folder: Path) -> None:
    (folder / "ivector/splice.conf").write_bytes(b"")


@pytest.mark.real
@pytest.mark.parametrize("harm", [_missing, _no_graph, _cut_short, _rubbish, _empty_settings])
def test_a_broken_model_is_said_to_be_one(harm: Callable[[Path], None], tmp_path: Path) -> None:
    folder = tmp_path / NAME
    shutil.copytree(model_path(NAME), folder)
    harm(folder)
    with pytest.raises(ModelMissing) as caught:
        VoskModel(folder)
    assert str(folder) in caught.value.message
    assert f"appliance models pull {NAME}" in caught.value.remedy


def test_no_model_at_all(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        VoskModel(tmp_path / "nowhere")


@pytest.mark.real
def test_the_weights_are_left_as_they_are() -> None:
    before = {file: file.stat().st_mtime_ns for file in model_path(NAME).rglob("*")}
    VoskModel(model_path(NAME))
    assert {file: file.stat().st_mtime_ns for file in model_path(NAME).rglob("*")} == before
