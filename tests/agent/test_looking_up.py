"""The agent's side of a question to the documents."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.agent.looking_up import LookingUp
from appliance.domain.commands import FindPassages
from appliance.domain.events import PassagesFound
from appliance.knowledge.adding import Adding
from appliance.knowledge.search import Search
from appliance.knowledge.shelf import Shelf
from appliance.knowledge.words import ENGLISH
from tests.fakes.vectors import FakeVectors

QUESTION = FindPassages("c1", 7, "when do you open")


def look_up(search: Search | None, *commands: FindPassages) -> list[PassagesFound]:
    async def ask() -> list[PassagesFound]:
        looking = LookingUp(search)
        try:
            return [await looking.look_up(one) for one in commands]
        finally:
            looking.close()

    return asyncio.run(ask())


@pytest.fixture
def shelf(tmp_path: Path):
    (tmp_path / "hours.md").write_text("We open at nine.")
    with Shelf(tmp_path / "kb.db", ENGLISH) as shelf:
        list(Adding(shelf, FakeVectors(), datetime(2026, 1, 1, tzinfo=UTC)).add([tmp_path / "hours.md"]))
        yield shelf


def test_the_answer_carries_the_number_of_the_question(shelf: Shelf) -> None:
    [found] = look_up(Search(shelf, FakeVectors()), QUESTION)
    assert (found.call_id, found.query, found.answer) == ("c1", 7, "We open at nine.")
    assert found.passages[0].document == "hours.md"


def test_the_same_words_are_looked_up_once(shelf: Shelf) -> None:
    class Counting(FakeVectors):
        asked = 0

        def vectors(self, sentences):
            self.asked += 1
            return super().vectors(sentences)

    encoder = Counting()
    first, again = look_up(Search(shelf, encoder), QUESTION, FindPassages("c2", 1, QUESTION.text))
    assert encoder.asked == 1
    assert (again.call_id, again.answer) == ("c2", first.answer)


def test_without_documents_they_say_nothing() -> None:
    assert look_up(None, QUESTION) == [PassagesFound("c1", 7)]


def test_a_damaged_file_is_loud_and_says_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "kb.db").write_text("no database " * 100)
    with Shelf(tmp_path / "kb.db", ENGLISH) as shelf, caplog.at_level(logging.ERROR):
        assert look_up(Search(shelf, None), QUESTION) == [PassagesFound("c1", 7)]
    assert {one.message for one in caplog.records} == {"documents cannot be searched"}
