"""The tone between two sentences: its country's frequencies and cadence, quiet, without a break."""

from __future__ import annotations

import numpy as np
import pytest

from appliance.domain.sound import SAMPLE_RATE_HZ, SILENCE, ticks
from appliance.line.ringback import CADENCES, LEVEL, Ringback
from tests.fakes.tones import share_at


def _heard(region: str, ms: int) -> list[bytes]:
    tone = Ringback(region)
    return [tone.frame() for _ in range(ticks(ms))]


@pytest.mark.parametrize(("region", "hz"), [("US", 440), ("US", 480), ("DE", 425), ("GB", 400), ("FR", 440)])
def test_every_country_has_its_own_pitch(region: str, hz: int) -> None:
    ring = b"".join(frame for frame in _heard(region, 1000) if frame != SILENCE)
    assert share_at(ring, hz) > 0.4


def test_two_seconds_on_and_four_off_in_america() -> None:
    sounds = [frame != SILENCE for frame in _heard("US", 12_000)]
    assert sounds == ([True] * 100 + [False] * 200) * 2


@pytest.mark.parametrize("region", [*CADENCES, "DE", ""])
def test_it_is_quieter_than_a_voice_and_begins_at_once(region: str) -> None:
    frames = _heard(region, 500)
    assert frames[0] != SILENCE
    assert np.abs(np.frombuffer(b"".join(frames), np.int16)).max() <= 2 * LEVEL + 1


def test_one_frame_goes_on_where_the_last_one_ended() -> None:
    sound = np.frombuffer(b"".join(_heard("DE", 200)), np.int16).astype(float)
    steepest = LEVEL * 2 * np.pi * 425 / SAMPLE_RATE_HZ
    assert np.abs(np.diff(sound)).max() <= steepest + 1
