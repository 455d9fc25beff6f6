"""Recordings of any kind become the line's sound; where speech begins and ends is found by energy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from appliance.bench import recordings
from appliance.errors import NotFound
from tests.fakes.tones import share_at, tone


@pytest.mark.parametrize(("rate_hz", "channels"), [(8000, 1), (16000, 2), (22050, 1), (44100, 2), (48000, 1)])
def test_any_rate_and_channels(tmp_path: Path, rate_hz: int, channels: int) -> None:
    at = np.arange(rate_hz) / rate_hz
    sine = 0.3 * np.sin(2 * np.pi * 440 * at)
    soundfile.write(tmp_path / "a.wav", np.stack([sine] * channels, axis=1), rate_hz)
    pcm = recordings.load(tmp_path / "a.wav")
    assert abs(len(pcm) - 32_000) <= 4
    assert share_at(pcm, 440) > 0.98


def test_raw_sound_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.pcm").write_bytes(tone(440, 100))
    assert recordings.load(tmp_path / "a.pcm") == tone(440, 100)


def test_what_is_no_recording_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"not a wave")
    with pytest.raises(NotFound, match=r"a\.wav"):
        recordings.load(tmp_path / "a.wav")
    with pytest.raises(NotFound, match=r"b\.wav"):
        recordings.load(tmp_path / "b.wav")


def test_speech_is_found_between_silences() -> None:
    first, last = recordings.speech_bounds(bytes(16_000) + tone(440, 300) + bytes(32_000))
    assert (first, last) == (8_000, 12_800)
    assert recordings.speech_bounds(bytes(3200)) == (0, 0)
    assert recordings.speech_bounds(b"") == (0, 0)


def test_a_stereo_file_has_the_caller_left(tmp_path: Path) -> None:
    recordings.write_stereo(tmp_path / "r.wav", tone(440, 100), tone(600, 200))
    samples, rate_hz = soundfile.read(tmp_path / "r.wav", dtype="int16")
    assert (rate_hz, samples.shape) == (16_000, (3200, 2))
    assert share_at(samples[:1600, 0].tobytes(), 440) > 0.9
    assert not samples[1600:, 0].any()


def test_the_end_of_speech_is_found_in_noise_too(data_dir: Path) -> None:
    """White noise 20 dB under a voice, a second of it alone before and after, moves neither end by much."""
    voice = recordings.load(data_dir / "speech_vctk" / "p225_003.flac")
    clean = np.pad(np.frombuffer(voice, np.int16).astype(np.float64), 16_000)
    level = clean[16_000:-16_000].std() * 0.1
    noisy = clean + np.random.default_rng(1).normal(0, level, len(clean))
    expected = recordings.speech_bounds(clean.astype(np.int16).tobytes())
    first, last = recordings.speech_bounds(noisy.astype(np.int16).tobytes())
    assert abs(first - expected[0]) <= 16 * 150
    assert abs(last - expected[1]) <= 16 * 150
    assert expected[1] <= len(clean) - 16_000, "the silence after it is not speech"
