"""Scores to probabilities: how sure an intent is, on a scale on which one half is the place to decide.

Two questions, each answered by what cross validation saw: is it any intent at all (a logistic curve over the
best score: Platt 1999), and if so, which (a softmax with a temperature: Guo et al. 2017). Their product is
the probability of an intent, their sum over all intents that it is any. How often callers say what no office
knows is not known beforehand; the odds are set so that with one half as the limit of that sum 2 in 100
sentences that mean something would be declined.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from appliance.engines.intent_kernel import FOREIGN, Labels, Matrix

FALSE_REJECTIONS: Final = 0.02
"""Of sentences as they were written; of recognised ones more are declined."""
_TEMPERATURES: Final = np.geomspace(0.02, 1.0, 40)
_STEPS: Final = 50

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """`steepness` and `offset` of the logistic curve over the best score, `temperature` of the softmax."""

    steepness: float
    offset: float
    temperature: float

    def probabilities(self, scores: Matrix) -> Numbers:
        """(n, k) scores to (n, k) probabilities; what is missing to 1 is that it means no intent."""
        known = _logistic(self.steepness * scores.max(axis=1).astype(np.float64) + self.offset)
        return known[:, np.newaxis] * _shares(scores, self.temperature)


def calibrate(scores: Matrix, labels: Labels) -> Calibration:
    """From the (n, k) scores that held-out sentences got and what they mean (n,), FOREIGN included."""
    best = scores.max(axis=1).astype(np.float64)
    known = labels != FOREIGN
    steepness, _ = _curve(best, known)
    limit = float(np.quantile(best[known], FALSE_REJECTIONS))
    return Calibration(steepness, -steepness * limit, _temperature(scores[known], labels[known]))


def _curve(best: Numbers, known: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Logistic regression by Newton's method, both kinds weighing the same; a little ridge for what parts cleanly."""
    features = np.column_stack((best, np.ones_like(best)))
    weight = np.where(known, 0.5 / max(known.sum(), 1), 0.5 / max((~known).sum(), 1))
    found = np.zeros(2)
    for _ in range(_STEPS):
        expected = _logistic(features @ found)
        slope = features.T @ (weight * (expected - known)) + 1e-4 * found
        bend = (features.T * (weight * expected * (1 - expected))) @ features + 1e-4 * np.eye(2)
        found = found - np.linalg.solve(bend, slope)
    return float(found[0]), float(found[1])


def _temperature(scores: Matrix, labels: Labels) -> float:
    """The one at which the intents that were meant are least surprising."""
    at = np.arange(len(labels))
    surprise = [-np.log(_shares(scores, one)[at, labels] + 1e-9).mean() for one in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmin(surprise))])


def _shares(scores: Matrix, temperature: float) -> Numbers:
    raised = (scores - scores.max(axis=1, keepdims=True)).astype(np.float64) / temperature
    grown = np.exp(raised)
    shares: Numbers = grown / grown.sum(axis=1, keepdims=True)
    return shares


def _logistic(odds: Numbers) -> Numbers:
    result: Numbers = 1 / (1 + np.exp(-np.clip(odds, -40, 40)))
    return result
