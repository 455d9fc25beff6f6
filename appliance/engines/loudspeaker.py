"""Plays a recording on this machine, for `appliance calls play`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile

from appliance.domain.sound import SAMPLE_RATE_HZ
from appliance.engines.sound_card import sounddevice
from appliance.errors import EngineFault, NotFound


def play(sound: Path | npt.NDArray[Any], rate_hz: int = SAMPLE_RATE_HZ) -> None:
    """Play `sound` to its end: a file, or samples (n,) or (n, channels) at `rate_hz`.

    NotFound when there is no such file, EngineFault when it is no recording or this machine cannot play.
    """
    samples, rate_hz = _read(sound) if isinstance(sound, Path) else (sound, rate_hz)
    device = sounddevice()
    try:
        device.play(samples, rate_hz, blocking=True)
    except device.PortAudioError as error:
        raise EngineFault(
            "loudspeaker: no sound device takes this recording.",
            remedy="Attach one, or play the file elsewhere (`appliance calls export`).",
        ) from error


def _read(file: Path) -> tuple[npt.NDArray[Any], int]:
    if not file.is_file():
        raise NotFound(f"loudspeaker: there is no recording {file}.")
    try:
        samples, rate_hz = soundfile.read(file, dtype="int16")
    except soundfile.LibsndfileError as error:
        raise EngineFault(f"loudspeaker: {file} is not a recording.") from error
    return np.asarray(samples), int(rate_hz)
