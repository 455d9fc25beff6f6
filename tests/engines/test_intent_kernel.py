"""Least squares on unit vectors: what was taught is found, what is far is nothing, several intents may be meant."""

from __future__ import annotations

import numpy as np
import pytest

from appliance.engines.intent_kernel import FOREIGN, fit, targets_of


def around(centre: int, count: int, seed: int) -> np.ndarray:
    """Unit vectors about one axis of 16."""
    rows = np.random.default_rng(seed).normal(0, 0.15, (count, 16))
    rows[:, centre] += 1
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


TAUGHT = np.vstack([around(0, 8, 1), around(1, 8, 2), around(2, 8, 3)])
LABELS = np.repeat([0, 1, FOREIGN], 8)


def test_what_is_like_the_taught_is_found_and_the_rest_is_near_zero():
    kernel = fit(TAUGHT, targets_of(LABELS, 2))
    assert kernel.scores(around(0, 20, 4)).argmax(axis=1).tolist() == [0] * 20
    assert kernel.scores(around(1, 20, 5)).argmax(axis=1).tolist() == [1] * 20
    known = kernel.scores(np.vstack([around(0, 20, 4), around(1, 20, 5)])).max(axis=1)
    for foreign in (2, 9):  # taught to be foreign, and never seen
        assert kernel.scores(around(foreign, 20, 6)).max() < known.min()


def test_targets_are_one_at_the_label_and_none_for_the_foreign():
    assert targets_of(np.array([1, FOREIGN, 0]), 2).tolist() == [[0, 1], [0, 0], [1, 0]]


def test_a_sentence_may_mean_two_things():
    both = np.repeat([[1, 1], [0, 1], [0, 0]], 8, axis=0).astype(np.float32)
    assert fit(TAUGHT, both).scores(TAUGHT[:1])[0] == pytest.approx([1, 1], abs=0.2)
