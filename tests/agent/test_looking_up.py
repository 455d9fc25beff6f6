"""The agent's side of a question to the documents."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.agent.looking_up import LookingUp
from appliance.business import load as office
from appliance.conversation.foresight import Foresight
from appliance.conversation.phrases import Phrases
from appliance.conversation.session import Session
from appliance.domain.commands import FindPassages
from appliance.domain.events import CallAnswered, CallerMayBeDone, PassagesFound
from appliance.knowledge.adding import Adding
from appliance.knowledge.search import Search
from appliance.knowledge.shelf import Shelf
from appliance.knowledge.words import ENGLISH
from appliance.settings import Mind, Turns
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


def test_an_answer_from_the_documents_is_foreseen_but_no_reason_to_hurry(shelf: Shelf) -> None:
    """What the documents say is looked up while the caller speaks; before it is known the turn is not understood."""
    session = Session(
        "c1",
        office("auto_repair"),
        Phrases("en", {}),
        turns=Turns(),
        mind=Mind(),
        has_model=True,
        has_documents=True,
    )
    session.handle(CallAnswered("c1", "+13035550123", "2026-11-23T10:00:00-07:00"), 0)
    foresight = Foresight(session)
    foreseen = foresight.heard(CallerMayBeDone("c1", "when do you open", 100, 150, 150))
    assert isinstance(foreseen.lookup, FindPassages)
    assert not foreseen.is_understood
    [found] = look_up(Search(shelf, FakeVectors()), foreseen.lookup)
    assert foresight.found(found, 152).speeches == ("We open at nine.",)


def test_whether_there_are_documents_is_known_from_the_next_call_on(tmp_path: Path) -> None:
    (tmp_path / "hours.md").write_text("We open at nine.")
    with Shelf(tmp_path / "kb.db", ENGLISH) as shelf:
        search = Search(shelf, FakeVectors())
        looking = LookingUp(search)
        assert not looking.has_any()
        list(Adding(shelf, FakeVectors(), datetime(2026, 1, 1, tzinfo=UTC)).add([tmp_path / "hours.md"]))
        looking.has_any()
        looking.close()  # sees through what was begun
        assert search.passages == 1
