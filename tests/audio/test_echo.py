"""The canceller takes our voice out, leaves the caller in, and never adds energy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.audio.echo import EchoCanceller
from appliance.domain.sound import FRAME_BYTES, FRAME_SAMPLES, SAMPLE_RATE_HZ, SILENCE
from appliance.errors import Misused

DELAY_SAMPLES = SAMPLE_RATE_HZ * 60 // 1000


def _energy(frame: bytes) -> float:
    return float((np.frombuffer(frame, np.int16).astype(np.float64) ** 2).sum())


def _voice_like(seconds: float, seed: int) -> np.ndarray:
    """Noise with the slow swell of syllables."""
    noise = np.random.default_rng(seed).standard_normal(int(SAMPLE_RATE_HZ * seconds))
    smooth = np.convolve(noise, np.ones(8) / 8, "same")
    swell = np.abs(np.sin(2 * np.pi * 2.5 * np.arange(len(noise)) / SAMPLE_RATE_HZ))
    return smooth * swell * 9000


def _frames(samples: np.ndarray) -> list[bytes]:
    whole = samples.astype(np.int16).tobytes()
    return [whole[at : at + FRAME_BYTES] for at in range(0, len(whole) - FRAME_BYTES + 1, FRAME_BYTES)]


def test_a_line_echo_is_taken_out_and_the_figure_says_so() -> None:
    ours = _voice_like(6, seed=1)
    echo = 0.3 * np.concatenate([np.zeros(DELAY_SAMPLES), ours])[: len(ours)]
    canceller = EchoCanceller()
    cleaned = [canceller.feed(back, out) for back, out in zip(_frames(echo), _frames(ours), strict=True)]
    late = slice(200, None)
    before = sum(map(_energy, _frames(echo)[late]))
    after = sum(map(_energy, cleaned[late]))
    assert 10 * np.log10(before / max(after, 1.0)) > 15
    assert canceller.erle_db > 10


def test_before_anything_was_said_there_is_no_figure() -> None:
    canceller = EchoCanceller()
    canceller.feed(_frames(_voice_like(0.02, seed=2))[0], SILENCE)
    assert canceller.erle_db == 0.0


def _late(ours: np.ndarray, delay_ms: int, gain: float) -> np.ndarray:
    return gain * np.concatenate([np.zeros(delay_ms * SAMPLE_RATE_HZ // 1000), ours])[: len(ours)]


def _cleaned(heard: np.ndarray, spoken: np.ndarray) -> np.ndarray:
    canceller = EchoCanceller()
    pairs = zip(_frames(heard), _frames(spoken), strict=True)
    cleaned = b"".join(canceller.feed(back, out) for back, out in pairs)
    return np.frombuffer(cleaned, np.int16).astype(np.float64)


def _db(over: np.ndarray, under: np.ndarray) -> float:
    return float(10 * np.log10((over**2).sum() / max((under**2).sum(), 1.0)))


@pytest.mark.parametrize(("delay_ms", "gain"), [(20, 1.0), (60, 0.3), (300, 0.5), (380, 0.1)])
def test_while_only_we_speak_hardly_anything_comes_back(delay_ms: int, gain: float) -> None:
    ours = _voice_like(5, seed=3)
    echo = _late(ours, delay_ms, gain)
    late = slice(2 * SAMPLE_RATE_HZ, None)
    assert _db(echo[late], _cleaned(echo, ours)[late]) > 25


@pytest.mark.parametrize("gain", [1.0, 0.3, 0.1])
def test_a_caller_who_speaks_over_us_is_left_whole(gain: float) -> None:
    ours, caller = _voice_like(6, seed=4), _voice_like(6, seed=5)
    begin = 3 * SAMPLE_RATE_HZ
    caller[:begin] = 0
    cleaned = _cleaned(np.clip(_late(ours, 100, gain) + caller, -32768, 32767), ours)
    talk = slice(begin + SAMPLE_RATE_HZ // 2, None)
    assert abs(_db(cleaned[talk], caller[talk])) < 3
    assert _db(caller[talk], cleaned[talk] - caller[talk]) > 5


def test_it_learns_anew_after_the_delay_jumped() -> None:
    ours = _voice_like(8, seed=6)
    half = len(ours) // 2
    echo = np.concatenate([_late(ours, 60, 0.5)[:half], _late(ours, 220, 0.5)[half:]])
    last = slice(-2 * SAMPLE_RATE_HZ, None)
    assert _db(echo[last], _cleaned(echo, ours)[last]) > 20


FRAME = st.builds(
    lambda seed, level: (
        (np.random.default_rng(seed).standard_normal(FRAME_SAMPLES) * level)
        .clip(-32768, 32767)
        .astype(np.int16)
        .tobytes()
    ),
    st.integers(0, 2**16),
    st.floats(0, 20_000),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(FRAME, FRAME), min_size=1, max_size=10))
def test_it_never_adds_energy(ticks: list[tuple[bytes, bytes]]) -> None:
    canceller = EchoCanceller()
    for heard, spoken in ticks:
        assert _energy(canceller.feed(heard, spoken)) <= _energy(heard)


@pytest.mark.parametrize("heard", [b"", SILENCE[:-2], SILENCE + b"\0\0"])
def test_only_whole_frames_are_taken(heard: bytes) -> None:
    with pytest.raises(Misused):
        EchoCanceller().feed(heard, SILENCE)
