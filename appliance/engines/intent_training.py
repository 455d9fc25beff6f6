"""Teaches understanding a business: lessons to a table, with what cross validation says of it.

Ten-fold: a sentence is judged by what the others taught. The calibration is
learnt from the same held-out scores. Foreign sentences that stand beside one that means something (a business
that has prepared for just that question) are left out.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from appliance.conversation.lessons import Lesson
from appliance.engines.intent_calibration import Calibration, Numbers, calibrate
from appliance.engines.intent_kernel import FOREIGN, Kernel, Labels, Matrix, fit, targets_of
from appliance.engines.ports import SentenceVectors
from appliance.engines.sentence_letters import with_letters

FOLDS: Final = 10
PREPARED_FOR: Final = 0.8
"""A foreign sentence this near (cosine) to one that means something is not foreign to this business."""
ENOUGH_SENTENCES: Final = 8
ENOUGH_RIGHT: Final = 0.8
LIMIT: Final = 0.5
"""The probability that it is any intent, from which one is acted on; the calibration puts it where it belongs."""


@dataclass(frozen=True, slots=True)
class IntentTable:
    """Everything that is needed to understand: `intents` name the columns of the kernel."""

    intents: tuple[str, ...]
    kernel: Kernel
    calibration: Calibration

    def probabilities(self, vectors: Matrix) -> Numbers:
        """(n, d) unit vectors of meaning and letters to (n, k), in the order of `intents`."""
        return self.calibration.probabilities(self.kernel.scores(vectors))


@dataclass(frozen=True, slots=True)
class Confusion:
    """A sentence that, held out, was taken for something else; None: for nothing that is known, or foreign."""

    text: str
    means: str | None
    taken_for: str | None


@dataclass(frozen=True, slots=True)
class Taught:
    """One intent: its sentences, and the share of them that is found when held out."""

    intent: str
    sentences: int
    right: float

    @property
    def needs_more(self) -> bool:
        """Whether more sentences, worded differently, would help."""
        return self.sentences < ENOUGH_SENTENCES or self.right < ENOUGH_RIGHT


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """Cross validation over sentences as they were written. Shares from 0 to 1."""

    sentences: int
    foreign: int
    accuracy: float
    """Of the sentences that mean something: the right intent stood first."""
    false_rejections: float
    """Of them: declined, though they mean something."""
    foreign_recall: float
    """Of the foreign ones: declined, as they should be."""
    intents: tuple[Taught, ...]
    confusions: tuple[Confusion, ...]


def train(lessons: Sequence[Lesson], vectors: SentenceVectors) -> tuple[IntentTable, TrainingReport]:
    """Learn `lessons`; some 6 ms a sentence. At least one of them must mean something."""
    texts = [one.text for one in lessons]
    rows = with_letters(texts, np.array(vectors.vectors(texts), np.float32))
    intents = tuple(dict.fromkeys(one.means for one in lessons if one.means is not None))
    number = {intent: at for at, intent in enumerate(intents)}
    labels = np.array([FOREIGN if one.means is None else number[one.means] for one in lessons], np.int64)
    stays = _stays(rows, labels)
    kept = [lesson for lesson, stay in zip(lessons, stays, strict=True) if stay]
    rows, labels = rows[stays], labels[stays]
    targets = targets_of(labels, len(intents))
    held_out = _held_out_scores(rows, targets, kept)
    calibration = calibrate(held_out, labels)
    table = IntentTable(intents, fit(rows, targets), calibration)
    return table, _report(kept, labels, calibration.probabilities(held_out), intents)


def _stays(rows: Matrix, labels: Labels) -> npt.NDArray[np.bool_]:
    known = labels != FOREIGN
    nearest = (rows @ rows[known].T).max(axis=1)
    stays: npt.NDArray[np.bool_] = known | (nearest < PREPARED_FOR)
    return stays


def _held_out_scores(rows: Matrix, targets: Matrix, lessons: Sequence[Lesson]) -> Matrix:
    scores = np.zeros_like(targets)
    for held in _folds(lessons):
        if held.any() and targets[~held].any():
            scores[held] = fit(rows[~held], targets[~held]).scores(rows[held])
    return scores


def _folds(lessons: Sequence[Lesson]) -> Iterator[npt.NDArray[np.bool_]]:
    fold_of = np.array([zlib.crc32(one.text.encode()) % FOLDS for one in lessons])
    yield from (fold_of == fold for fold in range(FOLDS))


# --- report -------------------------------------------------------------------------------------


def _report(
    lessons: Sequence[Lesson], labels: Labels, probabilities: Numbers, intents: tuple[str, ...]
) -> TrainingReport:
    best, accepted = probabilities.argmax(axis=1), probabilities.sum(axis=1) >= LIMIT
    known, foreign = labels != FOREIGN, labels == FOREIGN
    right = best == labels
    return TrainingReport(
        sentences=int(known.sum()),
        foreign=int(foreign.sum()),
        accuracy=_share(right[known]),
        false_rejections=_share(~accepted[known]),
        foreign_recall=_share(~accepted[foreign]),
        intents=tuple(
            Taught(name, int(mine.sum()), _share(right[mine]))
            for at, name in enumerate(intents)
            for mine in [known & (labels == at)]
        ),
        confusions=tuple(
            Confusion(lessons[at].text, lessons[at].means, intents[best[at]] if accepted[at] else None)
            for at in np.flatnonzero((known & ~(right & accepted)) | (foreign & accepted)).tolist()
        ),
    )


def _share(flags: npt.NDArray[np.bool_]) -> float:
    return float(flags.mean()) if len(flags) else 0.0
