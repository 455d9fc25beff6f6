"""Learns how our voice comes back on one call's line, and predicts it: a Kalman filter over frequencies.

It models the path only, so what it takes out is our voice and nothing of the caller's; its own doubt about
the path says how much of us may still be left. Numpy alone: no wheel of such a filter is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Wave = npt.NDArray[np.float32]
Power = npt.NDArray[np.float32]
Spectrum = npt.NDArray[np.complex64]

HOP: Final = 160
"""Samples a step: 10 ms at 16 kHz."""
BINS: Final = HOP + 1
REACH_MS: Final = 480
"""The longest path, delay and reverberation together: 300 ms of line, and the jitter buffers of both ends."""

_PARTITIONS: Final = REACH_MS // 10
_DOUBT_AT_FIRST: Final = np.float32(1.2 / _PARTITIONS)  # an echo may come back as loud as it left, anywhere
_FORGETTING: Final = np.float32(1 - 0.999**2)  # how much of the path may be another one after a step
_ZERO_PADDED: Final = np.float32(0.5)  # half of each window is zero: so is half of its power
_ERROR_SMOOTHING: Final = np.float32(0.5)
_ERROR_AT_FIRST: Final = 1e4
_LEAST_POWER: Final = np.float32(100.0)
_AUDIBLE_POWER: Final = 1e4  # of a step of our own voice; below it nothing comes back that could be heard
_REPAIRED_A_STEP: Final = 16  # partitions whose wrap-around is cut off in one step

_FIT_MEMORY: Final = 0.9  # the fit is judged over about 100 ms
_FIT_LOST: Final = 0.3
_FIT_LOST_STEPS: Final = 5
_FIT_SHARE_MIN: Final = 0.3  # of what was heard
_FIT_ENERGY_MIN: Final = 1e6  # of the prediction; less says nothing about its fit


@dataclass(frozen=True, slots=True)
class Prediction:
    """One step: `error` is what was heard less `echo`, `doubt` the power of us that may be left in it."""

    error: Wave
    echo: Wave
    doubt: Power


_NO_ECHO: Final = np.zeros(HOP, np.float32)
_NO_DOUBT: Final = np.zeros(BINS, np.float32)


class EchoPath:
    """The path of one call: partitioned-block frequency-domain Kalman filter.

    Enzner and Vary, Signal Processing 86 (2006); partitions as Kuech, Mabande and Enzner, ICASSP 2014. The
    caller's voice counts as noise of observation, so learning slows down by itself in double talk.
    """

    def __init__(self) -> None:
        # twice as long as the path, so that the newest-first view of the ring is one piece
        self._spoken = np.zeros((2 * _PARTITIONS, BINS), np.complex64)
        self._spoken_power = np.zeros((2 * _PARTITIONS, BINS), np.float32)
        self._newest = 0
        self._before = _NO_ECHO
        self._audible_steps = 0
        self._next_repair = 0
        self._forget()
        self.lost_count = 0

    def _forget(self) -> None:
        self._path = np.zeros((_PARTITIONS, BINS), np.complex64)
        self._doubt = np.full((_PARTITIONS, BINS), _DOUBT_AT_FIRST, np.float32)
        self._error_power = np.full(BINS, _ERROR_AT_FIRST, np.float32)
        self._fit = _Fit()

    def step(self, heard: Wave, spoken: Wave) -> Prediction:
        """Predict the echo in HOP samples and learn from what came; int16 levels as float32."""
        self._remember(spoken)
        if not self._audible_steps:
            return Prediction(heard, _NO_ECHO, _NO_DOUBT)
        voice, power = self._history()
        echo = _second_half(np.einsum("pf,pf->f", voice, self._path))
        error = heard - echo
        doubt = _ZERO_PADDED * np.einsum("pf,pf->f", power, self._doubt)
        self._learn(error, voice, power, doubt)
        if self._fit.is_lost(heard, echo):
            self._forget()
            self.lost_count += 1
        return Prediction(error, echo, doubt)

    def _history(self) -> tuple[Spectrum, Power]:
        now = slice(self._newest, self._newest + _PARTITIONS)
        return self._spoken[now], self._spoken_power[now]

    def _remember(self, spoken: Wave) -> None:
        audible = float(np.dot(spoken, spoken)) > _AUDIBLE_POWER
        self._audible_steps = _PARTITIONS if audible else max(0, self._audible_steps - 1)
        spectrum = np.fft.rfft(np.concatenate([self._before, spoken]))
        self._before = spoken
        self._newest = (self._newest - 1) % _PARTITIONS
        for row in (self._newest, self._newest + _PARTITIONS):
            self._spoken[row] = spectrum
            self._spoken_power[row] = _power(spectrum)

    def _learn(self, error: Wave, voice: Spectrum, power: Power, doubt: Power) -> None:
        """Kalman's correction of the path, and what is left of the doubt."""
        spectrum = np.fft.rfft(np.concatenate([_NO_ECHO, error]))
        self._error_power += _ERROR_SMOOTHING * (_power(spectrum) - self._error_power)
        step = self._doubt / (doubt + self._error_power + _LEAST_POWER)
        self._path += step * (voice.conj() * spectrum.astype(np.complex64))
        self._repair()
        step *= power
        step *= -_ZERO_PADDED
        step += 1
        self._doubt *= step
        self._doubt += _FORGETTING * (_power(self._path) - self._doubt)

    def _repair(self) -> None:
        """Products of spectra are circular; cut off what wrapped around, some partitions a step in turn."""
        first = self._next_repair
        self._next_repair = (first + _REPAIRED_A_STEP) % _PARTITIONS
        some = slice(first, first + _REPAIRED_A_STEP)
        wave = np.fft.irfft(self._path[some], axis=1)
        wave[:, HOP:] = 0
        self._path[some] = np.fft.rfft(wave, axis=1)


class _Fit:
    """Whether the prediction is in what was heard. After a delay jump it is not, whoever speaks besides."""

    def __init__(self) -> None:
        self._common = 0.0
        self._predicted = 0.0
        self._heard = 0.0
        self._lost_steps = 0

    def is_lost(self, heard: Wave, echo: Wave) -> bool:
        """Take one step; True once the prediction has had nothing to do with what was heard for a while.

        The echo is in `heard` with weight 1; a caller's voice has nothing in common with it, save by chance
        where it is much the louder.
        """
        self._common = _FIT_MEMORY * self._common + float(np.dot(heard, echo))
        self._predicted = _FIT_MEMORY * self._predicted + float(np.dot(echo, echo))
        self._heard = _FIT_MEMORY * self._heard + float(np.dot(heard, heard))
        telling = self._predicted > max(_FIT_ENERGY_MIN, _FIT_SHARE_MIN * self._heard)
        apart = telling and self._common < _FIT_LOST * self._predicted
        self._lost_steps = self._lost_steps + 1 if apart else 0
        return self._lost_steps >= _FIT_LOST_STEPS


def _power(spectrum: npt.NDArray[np.complexfloating]) -> Power:
    power: Power = np.square(spectrum.real) + np.square(spectrum.imag)
    return power


def _second_half(spectrum: Spectrum) -> Wave:
    return np.fft.irfft(spectrum)[HOP:].astype(np.float32, copy=False)
