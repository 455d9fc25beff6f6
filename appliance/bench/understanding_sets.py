"""Public sets of labelled sentences, as they lie in a data folder: CLINC150, Banking77, NLU++ (text only)."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_EVERY: Final = 10  # of a set without a test part every tenth sentence of each intent is kept for it


@dataclass(frozen=True, slots=True)
class Sentence:
    """What was said and what it means; none: out of scope."""

    text: str
    means: frozenset[str]


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """One set: what is taught, and what is asked then. `name` is stable."""

    name: str
    taught: Sequence[Sentence]
    asked: Sequence[Sentence]


def sets_in(data: Path) -> list[LabelledSet]:
    """The sets of `data`/text_intents, or of `data` itself; those that are not there are left out."""
    folder = data / "text_intents" if (data / "text_intents").is_dir() else data
    found = [*_clinc(folder / "clinc150.json"), *_banking(folder / "banking77")]
    for domain in sorted(one for one in folder.glob("nlupp/*") if one.is_dir()):
        found += _nlupp(domain)
    return found


def _clinc(file: Path) -> Iterable[LabelledSet]:
    """Larson et al. 2019. Taught with its train part, asked with its test part or, without one, val."""
    if file.is_file():
        parts: Mapping[str, list[tuple[str, str]]] = json.loads(file.read_text(encoding="utf-8"))
        asked = "test" if "test" in parts else "val"
        yield LabelledSet(
            "clinc150",
            [*_meaning(parts["train"]), *_foreign(parts.get("oos_train", ()))],
            [*_meaning(parts[asked]), *_foreign(parts.get(f"oos_{asked}", ()))],
        )


def _meaning(rows: Iterable[Sequence[str]]) -> list[Sentence]:
    return [Sentence(text, frozenset({means})) for text, means in rows]


def _foreign(rows: Iterable[Sequence[str]]) -> list[Sentence]:
    return [Sentence(row[0], frozenset()) for row in rows]


def _banking(folder: Path) -> Iterable[LabelledSet]:
    """Casanueva et al. 2020. Without a test.csv every tenth sentence of each intent is asked, not taught."""
    if (folder / "train.csv").is_file():
        taught = _meaning(_rows(folder / "train.csv"))
        if (folder / "test.csv").is_file():
            yield LabelledSet("banking77", taught, _meaning(_rows(folder / "test.csv")))
        else:
            yield LabelledSet("banking77", *_parted(taught))


def _rows(file: Path) -> list[tuple[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [(row["text"], row["category"]) for row in csv.DictReader(lines)]


def _parted(sentences: Sequence[Sentence]) -> tuple[list[Sentence], list[Sentence]]:
    seen: Counter[frozenset[str]] = Counter()
    taught, asked = list[Sentence](), list[Sentence]()
    for one in sentences:
        seen[one.means] += 1
        (asked if seen[one.means] % _EVERY == 0 else taught).append(one)
    return taught, asked


def _nlupp(domain: Path) -> Iterable[LabelledSet]:
    """Casanueva et al. 2022: several intents a sentence. Taught with all folds but the last two tenths of them."""
    files = sorted(domain.glob("fold*.json"), key=lambda one: int(one.stem.removeprefix("fold")))
    folds = [
        [
            Sentence(row["text"], frozenset(row.get("intents", ())))
            for row in json.loads(file.read_text("utf-8"))
        ]
        for file in files
    ]
    kept = max(1, len(folds) // 5)
    if len(folds) > 1:
        taught = [one for fold in folds[:-kept] for one in fold]
        yield LabelledSet(f"nlupp_{domain.name}", taught, [one for fold in folds[-kept:] for one in fold])
