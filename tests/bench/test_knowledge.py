"""The bench of the documents counts what it should, on material small enough to count by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from appliance.bench import knowledge, knowledge_speed
from appliance.bench.knowledge_material import Collection, Question, collections
from appliance.errors import NotFound
from appliance.knowledge.passages import Piece
from appliance.knowledge.words import ENGLISH
from tests.fakes.vectors import FakeVectors


def measured(*collections: Collection) -> dict[str, float | None]:
    found = knowledge.measure(collections, FakeVectors(), ENGLISH, None, command="", conditions={})
    return {one.name: one.value for one in found.figures}


def test_right_first_found_answered_and_declined() -> None:
    office = Collection(
        "pairs",
        {"a": [Piece("Tires cost 25."), Piece("We open at nine.")], "b": [Piece("Dogs are welcome.")]},
        (Question("when do you open", ("We open at nine.",), "nine"), Question("tires cost", ("nowhere",))),
        (Question("may i bring an elephant"),),
    )
    figures = measured(office)
    assert figures["pairs: right in top 3"] == 50.0
    assert figures["pairs: right first"] == 50.0
    assert figures["pairs: which says it"] == 100.0
    assert figures["pairs: declined"] == 100.0
    assert figures["pairs: said in spite"] == 0.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "text_faq_qa"
    place.mkdir()
    paragraphs = [
        {"context": text, "qas": [{"question": asked, "answers": [{"text": said}]}]}
        for text, asked, said in (("Tires cost 25.", "What do tires cost?", "25"),)
    ]
    articles = {"data": [{"paragraphs": paragraphs}, {"paragraphs": paragraphs}]}
    (place / "one.json").write_text(json.dumps(articles))
    (place / "two.tsv").write_text("question\tanswer\tlang\nIs it open?\tYes.\ten\nOffen?\tJa.\tde\n")
    (place / "other.tsv").write_text("a\tb\n1\t2\n")
    return tmp_path


def test_material_is_found_by_its_form(folder: Path) -> None:
    found = collections(folder, ENGLISH)
    assert [one.kind for one in found] == ["handbook"] * 3 + ["paragraphs", "article", "article", "pairs"]
    paragraphs, pairs = found[3], found[-1]
    assert paragraphs.answered[0] == Question("what do tires cost", ("Tires cost 25.",), "25")
    assert paragraphs.not_answered == (Question("is it open"),)
    assert list(pairs.documents.values()) == [[Piece("Yes.", (), "Is it open?")]]


def test_of_no_more_questions_than_asked_for(folder: Path) -> None:
    assert all(len(one.answered) <= 1 for one in collections(folder, ENGLISH, 1) if one.kind != "handbook")


def test_the_handbooks_hold_what_their_questions_want(folder: Path) -> None:
    for office in (one for one in collections(folder, ENGLISH) if one.kind == "handbook"):
        texts = [f"{piece.question} {piece.text}" for pieces in office.documents.values() for piece in pieces]
        for question in office.answered:
            assert any(question.said.lower() in text.lower() for text in texts), question
        assert len(office.not_answered) >= 20


def test_a_folder_without_questions_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no questions"):
        collections(tmp_path, ENGLISH)


def test_what_was_encoded_is_remembered(tmp_path: Path) -> None:
    class Counting(FakeVectors):
        asked = 0

        def vectors(self, sentences):
            self.asked += len(sentences)
            return super().vectors(sentences)

    first = knowledge.RememberedVectors(Counting(), tmp_path / "vectors.npz")
    before = first.vectors(["when do you open", "when do you open"])
    first.keep()
    encoder = Counting()
    again = knowledge.RememberedVectors(encoder, tmp_path / "vectors.npz").vectors(["when do you open"])
    assert encoder.asked == 0
    assert again[0] == pytest.approx(before[0], abs=1e-6)


def test_speed_is_measured_among_as_many_passages_as_said() -> None:
    questions = ["when do you open", "price of tires"]
    speed = knowledge_speed.measure(questions, FakeVectors(), ENGLISH, 300)
    assert speed.passages == 300
    assert len(speed.search_ms) == len(speed.wall_ms) == len(speed.encode_ms) == 2
    assert speed.memory_bytes > 300 * 32
