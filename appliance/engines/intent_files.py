"""Taught tables on disk: one file each, named by the hash of what it was taught, so that an old one is never used.

numpy's own format without pickles; written beside and moved into place, so that a crash leaves no half table.
"""

from __future__ import annotations

import hashlib
import json
import logging
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from appliance.conversation.lessons import Lesson
from appliance.engines.intent_calibration import Calibration
from appliance.engines.intent_kernel import SHARPNESS, SMOOTHING, Kernel
from appliance.engines.intent_training import IntentTable, TrainingReport, train
from appliance.engines.ports import SentenceVectors

FORMAT: Final = "2"
"""Raise it when the training changes what the same lessons teach."""
_KEPT: Final = 8

log = logging.getLogger(__name__)


def name_of(lessons: Sequence[Lesson], vectors_name: str) -> str:
    """The name of the table that these lessons give with these vectors: 16 hexadecimal digits."""
    taught = [(one.text, one.means) for one in lessons]
    content = json.dumps([FORMAT, vectors_name, float(SHARPNESS), float(SMOOTHING), taught])
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def table_for(lessons: Sequence[Lesson], vectors: SentenceVectors, folder: Path) -> IntentTable:
    """The table of `lessons`: the kept one, else it is taught now (seconds) and kept."""
    kept = load(folder / f"{name_of(lessons, vectors.name)}.npz")
    return kept if kept is not None else teach(lessons, vectors, folder)[0]


def teach(
    lessons: Sequence[Lesson], vectors: SentenceVectors, folder: Path
) -> tuple[IntentTable, TrainingReport]:
    """Teach anew and keep the table; a disk that cannot be written costs the next start its seconds, no more."""
    table, report = train(lessons, vectors)
    try:
        save(table, folder / f"{name_of(lessons, vectors.name)}.npz")
    except OSError as error:
        log.warning("taught table not kept", extra={"reason": error.strerror})
    return table, report


def save(table: IntentTable, file: Path) -> None:
    """Keep `table`; of the tables in its folder the eight newest stay. OSError when it cannot be written."""
    file.parent.mkdir(parents=True, exist_ok=True)
    curve = table.calibration
    coming = file.with_suffix(".coming")
    with coming.open("wb") as out:
        np.savez(
            out,
            intents=np.array(table.intents),
            sentences=table.kernel.sentences,
            weights=table.kernel.weights,
            calibration=np.array([curve.steepness, curve.offset, curve.temperature]),
        )
    coming.replace(file)
    newest_first = sorted(file.parent.glob("*.npz"), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in newest_first[_KEPT:]:
        old.unlink(missing_ok=True)


def load(file: Path) -> IntentTable | None:
    """The table in `file`; None when there is none, or none that can be read."""
    if not file.is_file():
        return None
    try:
        with file.open("rb") as content, np.load(content, allow_pickle=False) as kept:
            intents = tuple(map(str, kept["intents"]))
            kernel = Kernel(kept["sentences"], kept["weights"])
            calibration = Calibration(*map(float, kept["calibration"]))
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        log.warning("taught table is broken", extra={"reason": type(error).__name__})
        return None
    return IntentTable(intents, kernel, calibration)
