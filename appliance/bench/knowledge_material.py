"""What `appliance bench knowledge` asks: paragraphs (SQuAD format), questions with answers (tables), handbooks.

Questions are put as a recogniser writes them: small letters, no question mark.
"""

from __future__ import annotations

import csv
import json
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from appliance.errors import NotFound
from appliance.knowledge.passages import Piece, passages_of
from appliance.knowledge.words import Words

_OFFICES: Final = Path(__file__).with_name("knowledge_offices.toml")
_DIALECTS: Final = {".csv": ",", ".tsv": "\t"}
_LANGUAGE: Final = "en"

csv.field_size_limit(10_000_000)


@dataclass(frozen=True, slots=True)
class Question:
    """One question to one collection. `right` are texts that a right passage contains; none: it says nothing.

    `said` is what a spoken answer must contain to be right; empty when the material does not tell.
    """

    text: str
    right: tuple[str, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents to be searched, by name, and what is asked of them."""

    kind: str
    documents: dict[str, list[Piece]]
    answered: tuple[Question, ...]
    not_answered: tuple[Question, ...]


def collections(folder: Path, words: Words, most: int | None = None) -> list[Collection]:
    """Everything in `folder` (the data folder, or its part text_faq_qa), at most so many questions a collection.

    What one kind of material asks the other does not answer; NotFound when there is neither.
    """
    place = folder / "text_faq_qa" if (folder / "text_faq_qa").is_dir() else folder
    articles, pairs = _articles(place), _pairs(place)
    if not articles and not pairs:
        raise NotFound(
            f"bench knowledge: there are no questions in {folder.name}.",
            remedy="Give a folder with paragraphs (SQuAD JSON) or pairs (CSV with question and answer).",
        )
    asked = [question for _, paragraph in articles for question in paragraph.questions][:most]
    asked_of_pairs = [_heard(question) for question in pairs][:most]
    every = _offices(words)
    if articles:
        every += _paragraphs(articles, asked_of_pairs, most)
    if pairs:
        every.append(_faq(pairs, [question for question, _ in asked], most))
    return every


# --- paragraphs -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Paragraph:
    text: str
    questions: tuple[tuple[str, str], ...]  # (as heard, the answer)


def _articles(place: Path) -> list[tuple[str, _Paragraph]]:
    """(article, paragraph) of every file in SQuAD's format (Rajpurkar et al. 2016)."""
    found: list[tuple[str, _Paragraph]] = []
    for file in sorted(place.rglob("*.json")):
        content = json.loads(file.read_text(encoding="utf-8"))
        for number, article in enumerate(content.get("data", ()) if isinstance(content, dict) else ()):
            for one in article["paragraphs"]:
                asked = tuple(
                    (_heard(q["question"]), q["answers"][0]["text"]) for q in one["qas"] if q["answers"]
                )
                found.append((f"{file.stem}-{number}", _Paragraph(one["context"], asked)))
    return found


def _paragraphs(
    articles: list[tuple[str, _Paragraph]], others: list[str], most: int | None
) -> Iterator[Collection]:
    """All paragraphs at once; and each article alone, as small as an office's documents."""
    every = {f"{name}-{at}": [Piece(one.text)] for at, (name, one) in enumerate(articles)}
    asked = [Question(text, (one.text,), said) for _, one in articles for text, said in one.questions]
    yield Collection("paragraphs", every, tuple(asked[:most]), tuple(map(Question, others)))
    by_article: dict[str, list[_Paragraph]] = defaultdict(list)
    for name, one in articles:
        by_article[name].append(one)
    for name, elsewhere in zip(by_article, [*list(by_article)[1:], next(iter(by_article))], strict=True):
        mine = [Question(text, (one.text,), said) for one in by_article[name] for text, said in one.questions]
        foreign = [Question(text) for one in by_article[elsewhere] for text, _ in one.questions]
        documents = {f"{name}-{at}": [Piece(one.text)] for at, one in enumerate(by_article[name])}
        share = None if most is None else max(1, most // len(by_article))
        yield Collection("article", documents, tuple(mine[:share]), tuple(foreign[:share]))


# --- pairs ----------------------------------------------------------------------------------------


def _pairs(place: Path) -> dict[str, set[str]]:
    """Questions of every table with such columns, and their answers; of one language where it says which."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in sorted(one for one in place.rglob("*") if one.suffix in _DIALECTS):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter=_DIALECTS[file.suffix]):
                if row.get("question") and row.get("answer") and row.get("lang", _LANGUAGE) == _LANGUAGE:
                    found[row["question"].strip()].add(row["answer"].strip())
    return found


def _faq(pairs: dict[str, set[str]], others: list[str], most: int | None) -> Collection:
    documents = {
        f"{at}-{of}": [Piece(answer, (), question)]
        for at, (question, answers) in enumerate(pairs.items())
        for of, answer in enumerate(sorted(answers))
    }
    asked = [Question(_heard(question), tuple(answers)) for question, answers in pairs.items()]
    return Collection("pairs", documents, tuple(asked[:most]), tuple(map(Question, others)))


# --- handbooks ------------------------------------------------------------------------------------


def _offices(words: Words) -> list[Collection]:
    offices = tomllib.loads(_OFFICES.read_text(encoding="utf-8"))["offices"]
    return [
        Collection(
            "handbook",
            {one["name"]: passages_of(one["handbook"], words)},
            tuple(Question(text, (right,), right) for text, right in one["answered"]),
            tuple(Question(text) for text in one["not_answered"]),
        )
        for one in offices
    ]


def _heard(question: str) -> str:
    return question.lower().rstrip("? ")
