"""What the path's model leaves of our voice, weighed against the caller's, band by band, without delay.

Decides in each step of 10 ms whether the caller speaks; if so their voice passes with what is surely echo
turned down, if not no band is louder than the stronger canceller would leave it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from appliance.audio.echo_path import BINS, HOP, Power, Prediction, Spectrum, Wave
from appliance.domain.sound import SAMPLE_RATE_HZ

_BANDS: Final = 24
_SPEECH_BANDS: Final = slice(3, 20)  # 160 Hz to 4.3 kHz: where a telephone's voice is
_FALL_STEPS: Final = HOP // 4

_OVERSUBTRACTION: Final = np.float32(3.0)
_FLOOR: Final = np.float32(0.07)
_LEAK_FALLS: Final = np.float32(0.1)
_LEAK_RISES: Final = np.float32(1.003)
_REVERBERATION: Final = np.float32(0.75)  # of the residual's power is still there after a step
_ECHO_POWER_MIN: Final = np.float32(1e5)
_LEAST_GAIN: Final = np.float32(1e-3)
_GAIN_SMOOTHING: Final = np.float32(0.65)
_ONE_STEP_POWER: Final = np.float32(100.0)
_TINY_POWER: Final = np.float32(1e3)
_ROOM_POWER: Final = 2e4  # the quietest line makes this much in the bands of speech

_CALLER_OVER_RESIDUAL: Final = 2.5
_CALLER_SMOOTHING: Final = 0.4
_SURE_MOST: Final = 100.0
_WITNESS: Final = 0.01  # -20 dB: the stronger canceller leaves more than this of a caller, less of an echo
_WITNESS_MEMORY: Final = 0.85
_CALLER_STAYS_STEPS: Final = 20


def _ear() -> npt.NDArray[np.float32]:
    """Overlapping triangles of equal width on the ear's scale (ERB); a row a bin, rows sum to one."""
    scale = 21.4 * np.log10(1 + 0.00437 * np.linspace(0, SAMPLE_RATE_HZ / 2, BINS))
    centres = np.linspace(scale[1], scale[-1], _BANDS)
    weights = np.maximum(0, 1 - np.abs(scale[:, None] - centres) / (centres[1] - centres[0]))
    weights[0, 0] = 1
    ear: npt.NDArray[np.float32] = weights.astype(np.float32)
    return ear


def _window() -> Wave:
    """Rises over the step before, stays over this one, and falls only at its very end: no look ahead."""
    rise = np.sin(np.pi / 2 * np.arange(HOP) / HOP) ** 2
    fall = np.cos(np.pi / 2 * np.arange(_FALL_STEPS) / _FALL_STEPS) ** 2
    return np.concatenate([rise, np.ones(HOP - _FALL_STEPS), fall]).astype(np.float32)


_EAR: Final = _ear()
_WINDOW: Final = _window()
_FADE_IN: Final = np.linspace(0, 1, HOP, dtype=np.float32)
_SILENT: Final = np.zeros(HOP, np.float32)


class ResidualSuppressor:
    """One call's judgement of what is left after `EchoPath`; feed it every step in order."""

    def __init__(self) -> None:
        self._leak = np.ones(_BANDS, np.float32)
        self._residual = np.zeros(_BANDS, np.float32)
        self._gains = np.ones(_BANDS, np.float32)
        self._filter: Spectrum = np.ones(BINS, np.complex64)
        self._error_before = _SILENT
        self._waves_before = np.zeros((3, HOP), np.float32)
        self._sure = 0.0
        self._error_peak = 0.0
        self._witness_peak = 0.0
        self._caller_steps = 0

    def step(self, predicted: Prediction, witness: Wave) -> Wave:
        """`witness` is the same step as the stronger canceller left it (HOP samples, int16 levels)."""
        error, echo, left = self._band_powers(np.stack([predicted.error, predicted.echo, witness]))
        self._expect(error, echo, predicted.doubt @ _EAR)
        wanted = np.maximum(1 - _OVERSUBTRACTION * self._residual / (error + _TINY_POWER), _FLOOR)
        if self._caller_speaks(error, left):
            self._gains += _GAIN_SMOOTHING * (wanted - self._gains)
        else:
            self._gains = np.minimum(wanted, np.sqrt(left / (error + _ONE_STEP_POWER)))
        return self._filtered(predicted.error)

    def _band_powers(self, waves: npt.NDArray[np.float32]) -> Power:
        spectra = np.fft.rfft(np.concatenate([self._waves_before, waves], axis=1) * _WINDOW)
        self._waves_before = waves
        powers: Power = (np.square(spectra.real) + np.square(spectra.imag)) @ _EAR
        return powers

    def _expect(self, error: Power, echo: Power, doubt: Power) -> None:
        """How much of us is likely to be left in each band: a leak of the predicted echo, and the doubt.

        The leak follows the lowest it has been: falls soon when less is left, rises slowly, since what is
        left besides may be the caller.
        """
        ratio = error / (echo + _TINY_POWER)
        lower = self._leak + _LEAK_FALLS * np.minimum(ratio - self._leak, 0)
        higher = np.minimum(self._leak * _LEAK_RISES, 1)
        moved = np.where(ratio < self._leak, lower, higher)
        self._leak = np.where(echo > _ECHO_POWER_MIN, moved, self._leak)
        self._residual = np.maximum(self._leak * echo + doubt, _REVERBERATION * self._residual)

    def _caller_speaks(self, error: Power, left: Power) -> bool:
        """Two must agree: more is left than the model explains, and the stronger canceller left some too."""
        error_power = float(error[_SPEECH_BANDS].sum())
        residual = float(self._residual[_SPEECH_BANDS].sum()) + _ROOM_POWER
        self._sure += _CALLER_SMOOTHING * (min(error_power / residual, _SURE_MOST) - self._sure)
        self._error_peak = max(error_power, _WITNESS_MEMORY * self._error_peak)
        self._witness_peak = max(float(left[_SPEECH_BANDS].sum()), _WITNESS_MEMORY * self._witness_peak)
        agreed = self._sure > _CALLER_OVER_RESIDUAL and self._witness_peak > _WITNESS * self._error_peak
        self._caller_steps = _CALLER_STAYS_STEPS if agreed else max(0, self._caller_steps - 1)
        return self._caller_steps > 0

    def _filtered(self, error: Wave) -> Wave:
        """`error` through a filter of minimum phase with these gains, faded in from the one before."""
        now = _minimum_phase(_EAR @ self._gains)
        spectrum = np.fft.rfft(np.concatenate([self._error_before, error]))
        both = np.fft.irfft(np.stack([spectrum * self._filter, spectrum * now]), axis=1)[:, HOP:]
        self._error_before, self._filter = error, now
        faded: Wave = both[0] + _FADE_IN * (both[1] - both[0])
        return faded


def _minimum_phase(gains: npt.NDArray[np.float32]) -> Spectrum:
    """The response with these magnitudes that answers soonest (Oppenheim and Schafer, the real cepstrum)."""
    cepstrum = np.fft.irfft(np.log(np.maximum(gains, _LEAST_GAIN)))
    cepstrum[1:HOP] *= 2
    cepstrum[BINS:] = 0
    return np.exp(np.fft.rfft(cepstrum)).astype(np.complex64, copy=False)
