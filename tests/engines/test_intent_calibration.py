"""Scores become probabilities: bounded, in order, and one half is where 3 in 100 known sentences are declined."""

from __future__ import annotations

import numpy as np
import pytest

from appliance.engines.intent_calibration import FALSE_REJECTIONS, calibrate
from appliance.engines.intent_kernel import FOREIGN

CHANCE = np.random.default_rng(7)


def scores(known: int, foreign: int, apart: float) -> tuple[np.ndarray, np.ndarray]:
    labels = np.concatenate([CHANCE.integers(0, 4, known), np.full(foreign, FOREIGN)])
    found = CHANCE.normal(0.1, 0.1, (known + foreign, 4))
    found[np.arange(known), labels[:known]] += apart
    return found.astype(np.float32), labels


@pytest.mark.parametrize("apart", [0.2, 0.5, 0.9])
def test_one_half_declines_three_in_a_hundred_of_what_means_something(apart):
    found, labels = scores(1000, 1000, apart)
    known = calibrate(found, labels).probabilities(found).sum(axis=1)[labels != FOREIGN]
    assert (known < 0.5).mean() == pytest.approx(FALSE_REJECTIONS, abs=0.005)


def test_probabilities_are_such_and_keep_the_order_of_the_scores():
    found, labels = scores(200, 200, 0.5)
    probabilities = calibrate(found, labels).probabilities(found)
    assert (probabilities >= 0).all()
    assert (probabilities.sum(axis=1) <= 1 + 1e-9).all()
    assert (probabilities.argmax(axis=1) == found.argmax(axis=1)).all()


def test_the_better_the_kinds_stand_apart_the_more_foreign_ones_are_declined():
    declined = []
    for apart in (0.2, 0.5, 0.9):
        found, labels = scores(1000, 1000, apart)
        foreign = calibrate(found, labels).probabilities(found).sum(axis=1)[labels == FOREIGN]
        declined.append((foreign < 0.5).mean())
    assert declined == sorted(declined)
    assert declined[-1] > 0.95


def test_kinds_that_part_cleanly_give_finite_numbers():
    found = np.array([[1, 0], [0, 1], [0, 0], [0, 0]], np.float32)
    assert np.isfinite(calibrate(found, np.array([0, 1, FOREIGN, FOREIGN])).probabilities(found)).all()
