"""Speech is cut without a click and taken up at the beginning of a word."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.sound import FRAME_BYTES, FRAME_SAMPLES
from appliance.line import seam

LOUD = 5000


def _speech(*levels: int) -> bytes:
    return np.repeat(np.array(levels, np.int16), FRAME_SAMPLES).tobytes()


@given(st.lists(st.integers(0, 32767), max_size=40), st.booleans())
def test_it_never_goes_back_before_what_was_played(levels: list[int], from_start: bool) -> None:
    assert 0 <= seam.ticks_back(_speech(*levels), from_start=from_start) <= len(levels)


@pytest.mark.parametrize(
    ("levels", "back"),
    [
        ([LOUD] * 10 + [0] * 6, 0),  # in a pause: here
        ([LOUD] * 10 + [0] * 6 + [LOUD] * 7, 8),  # with the last tick of the pause
        ([0] * 7 + [LOUD] * 5 + [0] * 6 + [LOUD] * 2, 3),  # the latest one
        ([LOUD] * 10 + [200] * 6 + [LOUD] * 7, 8),  # a noisy pause is one
        ([LOUD] * 10 + [0] * 4 + [LOUD] * 9, 23),  # a closed consonant is not: from the start
    ],
)
def test_the_latest_pause_or_the_beginning(levels: list[int], back: int) -> None:
    assert seam.ticks_back(_speech(*levels), from_start=True) == back


def test_fluent_speech_is_taken_up_at_its_deepest_dip_but_not_within_the_last_syllable() -> None:
    fluent = [LOUD] * 8 + [1500] * 2 + [LOUD] * 12 + [1000] * 2 + [LOUD] * 6
    assert seam.ticks_back(_speech(*fluent), from_start=False) == 21


@given(st.binary(min_size=FRAME_BYTES, max_size=FRAME_BYTES))
def test_fades_add_nothing(frame: bytes) -> None:
    before = np.abs(np.frombuffer(frame, np.int16).astype(np.int32))
    for after in (seam.fading(frame), seam.rising(frame)):
        assert len(after) == FRAME_BYTES
        assert np.all(np.abs(np.frombuffer(after, np.int16).astype(np.int32)) <= before)
    assert seam.rising(frame)[FRAME_BYTES // 4 :] == frame[FRAME_BYTES // 4 :]


@given(st.integers(-32768, 32767), st.integers(-32768, 32767))
def test_two_frames_at_once_are_clipped_not_wrapped(one: int, other: int) -> None:
    both = np.frombuffer(seam.together(_speech(one), _speech(other)), np.int16)
    assert set(both) == {max(-32768, min(32767, one + other))}
