"""Recordings of people as they arrive over a telephone, and their words in a form that can be compared."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile

from appliance.audio.resample import resampled
from appliance.domain.sound import SAMPLE_RATE_HZ

TELEPHONE_HZ = 8_000


def through_telephone(samples: np.ndarray, rate_hz: int) -> bytes:
    """int16 samples as they arrive over G.711 mu-law: 8 kHz, companded, then 16 kHz again."""
    wire = io.BytesIO()
    soundfile.write(
        wire, resampled(samples, rate_hz, TELEPHONE_HZ), TELEPHONE_HZ, format="WAV", subtype="ULAW"
    )
    wire.seek(0)
    arrived, _ = soundfile.read(wire, dtype="int16")
    return resampled(arrived, TELEPHONE_HZ, SAMPLE_RATE_HZ).astype("<i2").tobytes()


def recordings(folder: Path) -> Iterator[tuple[bytes, str]]:
    """Each recording of `folder` over the telephone, with the words that were said."""
    with (folder / "refs.tsv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            samples, rate_hz = soundfile.read(folder / row["path"], dtype="int16")
            yield through_telephone(samples, rate_hz), plain(row["ref"])


def plain(text: str) -> str:
    """Words only, lower case, for counting word errors."""
    return " ".join(re.findall(r"[a-z']+", text.lower()))
