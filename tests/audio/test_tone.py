"""The tone before a message: heard, short, without a click, in whole ticks."""

from __future__ import annotations

import numpy as np

from appliance.audio.tone import speak_now_tone
from appliance.domain.sound import FRAME_BYTES
from tests.fakes.tones import share_at


def test_a_tone_and_nothing_else() -> None:
    pcm = speak_now_tone()
    samples = np.frombuffer(pcm, np.int16)
    assert len(pcm) % FRAME_BYTES == 0
    assert share_at(pcm, 880) > 0.9
    assert 3000 < np.abs(samples).max() < 12_000
    assert abs(int(samples[0])) < 100
    assert abs(int(samples[-1])) < 100
