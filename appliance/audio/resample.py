"""From one sample rate to another: telephones speak at 8 kHz, we at 16 kHz, voices at 22.05 or 24 kHz."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import soxr

Samples = npt.NDArray[np.floating[Any]] | npt.NDArray[np.int16]


def resampled(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    """The same sound at `to_hz`, same type (int16, or float -1 to 1), mono; its length true to a sample.

    A whole piece at a time: SoX's filter has linear phase and its delay is taken out, so nothing is lost at
    either end.
    """
    if from_hz == to_hz or not len(samples):
        return samples
    converted: Samples = soxr.resample(samples, from_hz, to_hz, quality="HQ")
    return converted
