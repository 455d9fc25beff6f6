"""How people would judge what a canceller left: the AECMOS network, run on onnxruntime alone.

The weights come with Microsoft's `speechmos`; its Python wants librosa, numba and scikit-learn for one mel
spectrogram, which is these few lines of numpy. A test holds them to values that librosa gave.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import onnxruntime

from appliance.domain.sound import SAMPLE_RATE_HZ
from appliance.errors import ModelMissing

Wave = npt.NDArray[np.float64]

_WEIGHTS: Final = "aecmos_models/Run_1663915512_Stage_0.onnx"  # 16 kHz, with a marker for the scenario
_WINDOW: Final = 513  # the network was taught with this odd length
_HOP: Final = 256
_BANDS: Final = 160
_LONGEST_S: Final = 20
_HIDDEN: Final = (4, 1, 64)
_MARKER_ROWS: Final = 20


class Scenario(StrEnum):
    """Who speaks in a recording."""

    FAR_END = "st"
    NEAR_END = "nst"
    DOUBLE_TALK = "dt"


@dataclass(frozen=True, slots=True)
class Opinion:
    """Mean opinion scores, 1 to 5: how little the echo disturbs, and how whole everything else is."""

    echo: float
    other: float


class Judge:
    """AECMOS for 16 kHz (Purin et al., ICASSP 2022)."""

    def __init__(self) -> None:
        """ModelMissing when `speechmos` is not installed."""
        found = importlib.util.find_spec("speechmos")
        places = found.submodule_search_locations if found else None
        if not places:
            raise ModelMissing(
                "aecmos: the package speechmos is not installed.",
                remedy="Install what the project names: ./install.sh test",
            )
        one_thread = onnxruntime.SessionOptions()
        one_thread.intra_op_num_threads = 1
        self._network = onnxruntime.InferenceSession(Path(places[0]) / _WEIGHTS, one_thread)

    def judge(self, scenario: Scenario, far: Wave, microphone: Wave, cleaned: Wave) -> Opinion:
        """The opinion on `cleaned`; all waves 16 kHz from -1 to 1, cut to the shortest and to 20 s."""
        length = min(len(far), len(microphone), len(cleaned), _LONGEST_S * SAMPLE_RATE_HZ)
        silent = {"far": scenario is Scenario.NEAR_END, "microphone": scenario is Scenario.FAR_END}
        layers: Mapping[str, Wave] = {"far": far, "microphone": microphone, "cleaned": cleaned}
        stack = [_marked(_mel(wave[:length]), 1.0 - silent.get(name, False)) for name, wave in layers.items()]
        inputs = {
            self._network.get_inputs()[0].name: np.stack(stack)[None].astype(np.float32),
            "h0": np.zeros(_HIDDEN, np.float32),
        }
        scores = self._network.run([], inputs)[0]
        return Opinion(float(scores[0]), float(scores[1]))


def _marked(bands: Wave, marker: float) -> Wave:
    """`bands` with the rows behind them by which the network is told who spoke."""
    rows = (_MARKER_ROWS, bands.shape[1])
    return np.concatenate([bands, np.full(rows, marker), np.zeros(rows)])


def _mel(wave: Wave) -> Wave:
    """Mel spectrogram in dB below its loudest point, -1 to 1; a row a hop (librosa.feature.melspectrogram)."""
    padded = np.pad(wave, _WINDOW // 2)
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_WINDOW) / _WINDOW)
    power = np.abs(np.fft.rfft(windows * hann)) ** 2 @ _filters().T
    decibels = 10 * np.log10(np.maximum(power, 1e-10)) - 10 * np.log10(max(power.max(), 1e-10))
    loud: Wave = (np.maximum(decibels, decibels.max() - 80) + 40) / 40
    return loud


def _filters() -> Wave:
    """Slaney's triangles of equal area: one row a band, one column a frequency."""
    centres_hz = _hz(np.linspace(0, _mel_of(SAMPLE_RATE_HZ / 2), _BANDS + 2))
    bins_hz = np.fft.rfftfreq(_WINDOW, 1 / SAMPLE_RATE_HZ)
    slopes = centres_hz[:, None] - bins_hz
    widths = np.diff(centres_hz)[:, None]
    rising, falling = -slopes[:-2] / widths[:-1], slopes[2:] / widths[1:]
    area = 2 / (centres_hz[2:] - centres_hz[:-2])[:, None]
    triangles: Wave = np.maximum(0, np.minimum(rising, falling)) * area
    return triangles


_LINEAR_HZ: Final = 200 / 3
_BREAK_HZ: Final = 1000.0
_LOG_STEP: Final = np.log(6.4) / 27


def _mel_of(hz: float) -> float:
    """Slaney's mel of a frequency above 1 kHz."""
    return float(_BREAK_HZ / _LINEAR_HZ + np.log(hz / _BREAK_HZ) / _LOG_STEP)


def _hz(mels: Wave) -> Wave:
    """Slaney's mel back to Hz: linear below 1 kHz, logarithmic above."""
    break_mel = _BREAK_HZ / _LINEAR_HZ
    above = _BREAK_HZ * np.exp(_LOG_STEP * (mels - break_mel))
    return np.where(mels < break_mel, mels * _LINEAR_HZ, above)
