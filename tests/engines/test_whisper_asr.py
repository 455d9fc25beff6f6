"""Whisper: the picture it looks at, and what it hears in real speech."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from appliance import settings
from appliance.engines.whisper_asr import Whisper, log_mel
from appliance.errors import EngineFault
from appliance.secondpass.comparing import edits
from appliance.weights.place import resolve

SAID = "I need an oil change on Tuesday morning, and my brakes make a strange noise."


def test_the_picture_of_a_tone_is_bright_at_its_pitch() -> None:
    """1 kHz lies on band 15 of 80: Slaney's scale is linear up to there, 66.7 Hz a mel."""
    tone = np.sin(2 * np.pi * 1000 * np.arange(16000) / 16000).astype(np.float32)
    picture = log_mel(tone)
    assert picture.shape == (80, 3000)
    assert picture.dtype == np.float32
    bands = 2595  # any frame in the second that sounds; this one is silent
    assert picture[:, 50].argmax() in range(24, 29)
    assert picture[:, bands].max() < picture[:, 50].max() - 1
    assert picture.max() - picture.min() <= 2.0 + 1e-6  # 8 decades, a quarter each


def test_a_folder_without_a_model_is_said(tmp_path: Path) -> None:
    with pytest.raises(EngineFault, match="is no Whisper model"):
        Whisper(tmp_path)


@pytest.fixture(scope="module")
def whisper() -> Whisper:
    path = resolve(settings.Settings(), "second_recogniser")
    assert path is not None
    return Whisper(path)


@pytest.mark.real
def test_real_speech_is_heard(whisper: Whisper) -> None:
    from appliance.engines.piper_tts import PiperVoice

    voice = resolve(settings.Settings(), "voice")
    assert voice is not None
    pcm = b"".join(PiperVoice(voice).speak(SAID))
    words, errors = edits(whisper.transcribe(pcm), SAID, "en")
    assert errors <= 0.15 * words


@pytest.mark.real
def test_nobody_is_heard_where_nobody_speaks(whisper: Whisper) -> None:
    noise = np.random.default_rng(0).normal(0, 20, 16000 * 2).astype(np.int16)
    assert whisper.transcribe(b"") == ""
    assert whisper.transcribe(bytes(64000)) == ""
    assert len(whisper.transcribe(noise.tobytes()).split()) <= 2


@pytest.mark.real
def test_what_is_longer_than_half_a_minute_is_heard_in_pieces(whisper: Whisper) -> None:
    silence = np.zeros(16000 * 31, np.int16).tobytes()
    assert whisper.transcribe(silence) == ""
    with pytest.raises(EngineFault, match="knows no"):
        whisper._token("<|klingon|>")
