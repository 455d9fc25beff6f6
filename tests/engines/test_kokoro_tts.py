"""The second voice: the contract, whether it is understood, spelling, broken models."""

from __future__ import annotations

from pathlib import Path

import jiwer
import pytest

from appliance.engines.kokoro_tts import KokoroVoice, as_kokoro
from appliance.errors import ModelMissing
from tests.contracts.recogniser import heard
from tests.contracts.voice import VoiceContract, samples
from tests.engines.models import kokoro, model_path, vosk
from tests.engines.recordings import plain, through_telephone

NAME = "kokoro-v1.0-int8"


@pytest.mark.real
class TestKokoro(VoiceContract):
    @pytest.fixture
    def voice(self) -> KokoroVoice:
        return kokoro()

    def test_it_is_understood_over_the_telephone(self, voice: KokoroVoice) -> None:
        said = [
            "What time do you open on Saturday?",
            "My name is John Miller.",
            "Yes, that's right.",
        ]
        understood = [
            heard(vosk().open(), through_telephone(samples(voice, text), 16_000)).text for text in said
        ]
        assert jiwer.wer([plain(text) for text in said], understood) < 0.2


@pytest.mark.parametrize(
    ("spelling", "language", "expected"),
    [
        ("tʃˈeɪndʒ", "en-us", "ʧˈeɪnʤ"),  # the stress mark stands inside the diphthong's sign, not before it
        ("haɪ", "en-us", "hI"),
        ("haɪ", "es", "haɪ"),
        ("rɔxo", "es", "ɹɔko"),
    ],
)
def test_spelling(spelling: str, language: str, expected: str) -> None:
    assert as_kokoro(spelling, language) == expected.replace("eɪ", "A" if language == "en-us" else "eɪ")


def test_a_language_without_phonemes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="jf_alpha"):
        KokoroVoice(tmp_path, "jf_alpha")


def test_no_model_at_all(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="is missing"):
        KokoroVoice(tmp_path / NAME)


@pytest.mark.real
@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("vocab.json", b"{}"),
        ("vocab.json", b"rubbish"),
        ("voices/af_heart.bin", b"\0" * 1000),
        ("voices/af_heart.bin", b""),
        ("kokoro-v1.0.int8.onnx", b"rubbish"),
        ("kokoro-v1.0.int8.onnx", None),
    ],
)
def test_a_broken_part_is_said_to_be_one(part: str, content: bytes | None, tmp_path: Path) -> None:
    (tmp_path / "voices").mkdir()
    for name in ("vocab.json", "voices/af_heart.bin", "kokoro-v1.0.int8.onnx"):
        if name != part:
            (tmp_path / name).symlink_to(model_path(NAME) / name)
        elif content is not None:
            (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelMissing) as caught:
        KokoroVoice(tmp_path)
    assert Path(part).name in caught.value.message
    assert caught.value.remedy
