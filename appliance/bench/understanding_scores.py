"""How well labelled sentences were understood: shares right, declined and let in. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from appliance.engines.intent_kernel import Matrix

FALSE_REJECTIONS: Final = 0.03
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Judged:
    """One sentence: whether it means something, was declined, and was taken for what it means."""

    is_known: bool
    declined: bool
    right: bool


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares from 0 to 1 and how many they are of; None without sentences of that kind."""

    known: int
    foreign: int
    accuracy: float | None
    false_rejections: float | None
    foreign_recall: float | None


def scores_of(judged: Sequence[Judged]) -> Scores:
    """`accuracy` counts a sentence that was declined as wrong."""
    known = [one for one in judged if one.is_known]
    foreign = [one for one in judged if not one.is_known]
    return Scores(
        len(known),
        len(foreign),
        _share([one.right and not one.declined for one in known]),
        _share([one.declined for one in known]),
        _share([one.declined for one in foreign]),
    )


def foreign_recall_at(
    known_best: Matrix, foreign_best: Matrix, declined: float = FALSE_REJECTIONS
) -> float | None:
    """The share of foreign sentences below the limit that declines `declined` of the known ones."""
    if not len(known_best) or not len(foreign_best):
        return None
    return float((foreign_best < np.quantile(known_best, declined)).mean())


def micro_f1(found: Flags, meant: Flags) -> float:
    """(n, k) flags: of all pairs of sentence and intent together."""
    hits = int((found & meant).sum())
    return 2 * hits / max(int(found.sum()) + int(meant.sum()), 1)


def _share(flags: Sequence[bool]) -> float | None:
    return sum(flags) / len(flags) if flags else None
