"""Cutting sound into frames neither loses nor invents a sample."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from appliance.audio.framing import Framer
from appliance.domain.sound import FRAME_BYTES


@given(st.lists(st.binary(max_size=5000), max_size=20), st.integers(1, 10))
def test_what_goes_in_comes_out(pieces, piece_frames):
    framer = Framer(piece_frames)
    cut = [piece for pcm in pieces for piece in framer.put(pcm)]
    rest = framer.flush()
    assert b"".join(cut) + rest == b"".join(pieces)
    assert all(len(piece) % FRAME_BYTES == 0 for piece in cut)
    assert all(0 < len(piece) <= piece_frames * FRAME_BYTES for piece in cut)
    assert len(rest) < FRAME_BYTES


def test_flush_empties():
    framer = Framer(1)
    framer.put(b"\1\2")
    assert framer.flush() == b"\1\2"
    assert framer.flush() == b""
