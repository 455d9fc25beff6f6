"""What is surely echo is turned down; who speaks besides us passes."""

from __future__ import annotations

import numpy as np

from appliance.audio.echo_path import BINS, HOP, Prediction
from appliance.audio.echo_residual import ResidualSuppressor

STEPS = 60


def _noise(seed: int, level: float) -> np.ndarray:
    return (np.random.default_rng(seed).standard_normal((STEPS, HOP)) * level).astype(np.float32)


def _passed(
    error: np.ndarray, echo: np.ndarray, witness: np.ndarray, doubt: float = 0.0
) -> tuple[float, float]:
    """Mean power in and out over the later half."""
    suppressor = ResidualSuppressor()
    doubts = np.full(BINS, doubt, np.float32)
    out = np.stack(
        [
            suppressor.step(Prediction(*two, doubts), left)
            for *two, left in zip(error, echo, witness, strict=True)
        ]
    )
    return float((error[STEPS // 2 :] ** 2).mean()), float((out[STEPS // 2 :] ** 2).mean())


def test_without_an_echo_nothing_is_changed() -> None:
    caller, nothing = _noise(1, 1000), np.zeros((STEPS, HOP), np.float32)
    before, after = _passed(caller, nothing, caller)
    assert 0.9 * before < after < 1.1 * before


def test_a_residual_that_nobody_else_vouches_for_goes() -> None:
    nothing = np.zeros((STEPS, HOP), np.float32)
    before, after = _passed(_noise(1, 100), _noise(2, 2000), nothing)
    assert after < before / 1000


def test_a_caller_well_over_the_echo_passes() -> None:
    caller = _noise(1, 2000)
    before, after = _passed(caller, _noise(2, 200), caller * 0.3)
    assert after > before / 2


def test_in_doubt_it_is_quiet_even_if_the_other_canceller_is_not() -> None:
    error = _noise(1, 1000)
    before, after = _passed(error, np.zeros((STEPS, HOP), np.float32), error, doubt=1e9)
    assert after < before / 50
