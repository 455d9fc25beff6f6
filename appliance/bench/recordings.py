"""Sound files as the line counts sound: 16 kHz mono int16, whatever they were made in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from appliance.audio.resample import resampled
from appliance.domain.sound import FRAME_SAMPLES, SAMPLE_RATE_HZ
from appliance.errors import NotFound

_SPEECH_BELOW_PEAK = 0.02  # a window this far (-34 dB) under the loudest one still counts as speech
_WINDOW_SAMPLES = FRAME_SAMPLES // 2


def load(path: Path) -> bytes:
    """The recording at `path`: raw 16 kHz mono int16 for .pcm, else anything soundfile reads."""
    if not path.is_file():
        raise NotFound(f"{path.name}: there is no such recording.", remedy="Check the path.")
    if path.suffix == ".pcm":
        return path.read_bytes()
    try:
        samples, rate_hz = soundfile.read(path, dtype="float64", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise NotFound(
            f"{path.name}: is not a recording that can be read.", remedy="Use a WAV file."
        ) from error
    mono = resampled(samples.mean(axis=1), rate_hz, SAMPLE_RATE_HZ)
    return (np.clip(mono, -1, 1) * 32767).astype(np.int16).tobytes()


def speech_bounds(pcm: bytes) -> tuple[int, int]:
    """First and one past the last sample of speech, by energy in 10 ms windows; (0, 0) for silence."""
    samples = np.frombuffer(pcm, np.int16).astype(np.float64)
    windows = len(samples) // _WINDOW_SAMPLES
    if not windows:
        return 0, 0
    loudness = np.sqrt((samples[: windows * _WINDOW_SAMPLES].reshape(windows, -1) ** 2).mean(axis=1))
    speech = np.flatnonzero(loudness > max(loudness.max() * _SPEECH_BELOW_PEAK, 1.0))
    if not len(speech):
        return 0, 0
    return int(speech[0]) * _WINDOW_SAMPLES, (int(speech[-1]) + 1) * _WINDOW_SAMPLES


def write_stereo(path: Path, left: bytes, right: bytes) -> None:
    """A WAV with the caller left and the agent right; the shorter side is filled up with silence."""
    length = max(len(left), len(right))
    sides = [np.frombuffer(one.ljust(length, b"\0"), np.int16) for one in (left, right)]
    soundfile.write(path, np.stack(sides, axis=1), SAMPLE_RATE_HZ, subtype="PCM_16")
