"""Sound files as the line counts sound: 16 kHz mono int16, whatever they were made in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from appliance.audio.resample import resampled
from appliance.domain.sound import FRAME_BYTES, FRAME_SAMPLES, SAMPLE_RATE_HZ
from appliance.engines.silero_vad import SileroDetector
from appliance.errors import NotFound

_SPEECH_BELOW_PEAK = 0.02  # a window this far (-34 dB) under the loudest one still counts as speech
_SPEECH_ABOVE_NOISE = 2.0  # 6 dB
_NOISE_BELOW_PEAK = 0.1
_SPEECH_PROBABILITY = 0.5
_NOISE_WINDOWS_MIN = 5
_WINDOW_SAMPLES = FRAME_SAMPLES // 2
_BESIDE_WINDOWS = 6

Loudness = npt.NDArray[np.float64]
Windows = npt.NDArray[np.bool_]


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
    """First and one past the last sample of speech, in 10 ms windows; (0, 0) for silence.

    Speech is what rises 6 dB above the recording's own noise and 34 dB below its loudest window, in stretches
    near which a speech detector hears somebody. The detector alone ends 90 ms late on a clean recording and
    300 ms late in a room; loudness alone up to a second late where there is noise.
    """
    loudness = _loudness(pcm)
    if not len(loudness):
        return 0, 0
    near = _heard_speech(pcm, len(loudness))
    stretches = _loud_stretches(loudness > _threshold(loudness, near))
    spoken = [one for one in stretches if near[one[0] : one[1]].any()] or stretches  # or a tone, a noise
    if not spoken:
        return 0, 0
    return spoken[0][0] * _WINDOW_SAMPLES, spoken[-1][1] * _WINDOW_SAMPLES


def _threshold(loudness: Loudness, near: Windows) -> float:
    """How loud speech is at least; in strong noise 20 dB under the loudest window must do."""
    loudest = float(loudness.max())
    away = loudness[~near]
    noise = float(np.median(away)) if len(away) >= _NOISE_WINDOWS_MIN else 0.0
    return max(
        loudest * _SPEECH_BELOW_PEAK, min(noise * _SPEECH_ABOVE_NOISE, loudest * _NOISE_BELOW_PEAK), 1.0
    )


def _loud_stretches(loud: Windows) -> list[tuple[int, int]]:
    """From which window up to which it is loud, in order."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], loud.astype(np.int8), [0]))))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _loudness(pcm: bytes) -> Loudness:
    """Root mean square of each window."""
    samples = np.frombuffer(pcm, np.int16).astype(np.float64)
    windows = len(samples) // _WINDOW_SAMPLES
    squares = samples[: windows * _WINDOW_SAMPLES].reshape(windows, _WINDOW_SAMPLES) ** 2
    return np.sqrt(squares.mean(axis=1)) if windows else np.zeros(0)


def _heard_speech(pcm: bytes, windows: int) -> Windows:
    """For each window whether the detector hears speech in it or 60 ms beside it."""
    detector = SileroDetector()
    frames = (pcm[at : at + FRAME_BYTES].ljust(FRAME_BYTES, b"\0") for at in range(0, len(pcm), FRAME_BYTES))
    heard = [detector.speech_probability(frame) >= _SPEECH_PROBABILITY for frame in frames]
    widened = np.convolve(np.repeat(heard, 2)[:windows], np.ones(2 * _BESIDE_WINDOWS + 1)) > 0
    beside: Windows = widened[_BESIDE_WINDOWS : _BESIDE_WINDOWS + windows]
    return beside


def write_stereo(path: Path, left: bytes, right: bytes) -> None:
    """A WAV with the caller left and the agent right; the shorter side is filled up with silence."""
    length = max(len(left), len(right))
    sides = [np.frombuffer(one.ljust(length, b"\0"), np.int16) for one in (left, right)]
    soundfile.write(path, np.stack(sides, axis=1), SAMPLE_RATE_HZ, subtype="PCM_16")
