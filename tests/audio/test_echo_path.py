"""The model of the path takes out our voice and nothing else, and knows when it is lost."""

from __future__ import annotations

import numpy as np

from appliance.audio.echo_path import HOP, EchoPath, Prediction
from appliance.domain.sound import SAMPLE_RATE_HZ


def _voice(seconds: float, seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).standard_normal(int(SAMPLE_RATE_HZ * seconds))
    swell = np.abs(np.sin(2 * np.pi * 2.5 * np.arange(len(noise)) / SAMPLE_RATE_HZ))
    return (np.convolve(noise, np.ones(4) / 4, "same") * swell * 8000).astype(np.float32)


def _late(voice: np.ndarray, delay_ms: int, gain: float) -> np.ndarray:
    late = np.concatenate([np.zeros(delay_ms * SAMPLE_RATE_HZ // 1000), voice])[: len(voice)]
    return (gain * late).astype(np.float32)


def _run(path: EchoPath, heard: np.ndarray, spoken: np.ndarray) -> list[Prediction]:
    return [path.step(heard[at : at + HOP], spoken[at : at + HOP]) for at in range(0, len(spoken), HOP)]


def _errors(predicted: list[Prediction]) -> np.ndarray:
    return np.concatenate([one.error for one in predicted])


def test_silence_from_us_leaves_the_caller_as_they_are() -> None:
    caller = _voice(0.5, seed=1)
    assert np.array_equal(_errors(_run(EchoPath(), caller, np.zeros_like(caller))), caller)


def test_the_echo_goes_and_the_caller_stays() -> None:
    ours, caller = _voice(6, seed=1), _voice(6, seed=2)
    caller[: 4 * SAMPLE_RATE_HZ] = 0
    left = _errors(_run(EchoPath(), _late(ours, 150, 0.4) + caller, ours))
    alone, both = slice(3 * SAMPLE_RATE_HZ, 4 * SAMPLE_RATE_HZ), slice(5 * SAMPLE_RATE_HZ, None)
    echo = _late(ours, 150, 0.4)
    assert (left[alone] ** 2).sum() < (echo[alone] ** 2).sum() / 30
    assert ((left - caller)[both] ** 2).sum() < (caller[both] ** 2).sum() / 10


def test_doubt_shrinks_as_the_path_is_learned() -> None:
    ours = _voice(4, seed=3)
    predicted = _run(EchoPath(), _late(ours, 60, 0.5), ours)
    third = len(predicted) // 3
    first, last = predicted[20:third], predicted[-third:]
    assert sum(one.doubt.sum() for one in last) < 0.3 * sum(one.doubt.sum() for one in first)


def test_a_jump_is_noticed_and_another_voice_is_none() -> None:
    ours = _voice(8, seed=4)
    half = len(ours) // 2
    jumps, talks = EchoPath(), EchoPath()
    echo = _late(ours, 60, 0.5)
    _run(jumps, np.concatenate([echo[:half], _late(ours, 220, 0.5)[half:]]), ours)
    caller = 3 * _voice(8, seed=5)
    caller[:half] = 0
    _run(talks, echo + caller, ours)
    assert jumps.lost_count >= 1
    assert talks.lost_count == 0
