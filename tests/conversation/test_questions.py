"""Open questions and the office's documents: said word for word, grounding the model, or not known."""

from __future__ import annotations

from datetime import datetime

import pytest

from appliance import business
from appliance.conversation.phrases import Phrases
from appliance.conversation.rehearsal import Rehearsal
from appliance.conversation.session import Session
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.passage import Passage
from appliance.settings import Mind, Turns

OFFICE = business.load("auto_repair")
NOW = datetime(2026, 11, 19, 10, 0, tzinfo=OFFICE.zone)
PASSAGE = Passage("Tow trucks are ordered from City Tow.", "towing.pdf", ("Towing",), 1, 0.8)


@pytest.fixture
def call():
    session = Session(
        "call", OFFICE, Phrases(), turns=Turns(), mind=Mind(), has_model=True, has_documents=True
    )
    rehearsal = Rehearsal(
        session,
        lambda command: ev.MessageTaken("call", command.query, kept=True),
        look_up=lambda _: None,  # each test says when the documents answer, and what
    )
    rehearsal.answer(NOW)
    rehearsal.finish_speaking()
    return rehearsal


def asked(call: Rehearsal, question: str = "do you tow cars at night") -> do.FindPassages:
    call.caller(question)
    assert isinstance(call.done[-1], do.FindPassages)
    return call.done[-1]


def test_an_answer_that_stands_in_the_documents_is_said_as_it_stands(call):
    lookup = asked(call)
    call.tell(ev.PassagesFound("call", lookup.query, (PASSAGE,), "Tow trucks come from City Tow.", 0.8))
    assert call.said[-1] == "Tow trucks come from City Tow."
    notes = [one.event for one in call.done if isinstance(one, do.Note)]
    assert [(one.kind, one.detail) for one in notes] == [("source", PASSAGE.source)]


def test_a_passage_that_does_not_answer_by_itself_grounds_the_model(call):
    lookup = asked(call)
    call.tell(ev.PassagesFound("call", lookup.query, (PASSAGE,)))
    assert PASSAGE.text in call.asks[-1].prompt
    call.model_says("Tow trucks are ordered from City Tow.")
    assert call.said[-1] == "Tow trucks are ordered from City Tow."


def test_without_a_passage_the_model_answers_from_the_business(call):
    lookup = asked(call)
    call.tell(ev.PassagesFound("call", lookup.query))
    assert "Another fact" not in call.asks[-1].prompt


def test_what_was_found_for_an_old_question_is_dropped(call):
    first = asked(call)
    second = asked(call, "do you rent out cars meanwhile")
    said = list(call.said)
    call.tell(ev.PassagesFound("call", first.query, (PASSAGE,), "Something old.", 0.8))
    assert call.said == said
    call.tell(ev.PassagesFound("call", second.query, (), "We rent out two cars.", 0.8))
    assert call.said[-1] == "We rent out two cars."


def test_an_answer_inside_a_flow_is_followed_by_its_question(call):
    call.caller("i need an oil change")
    lookup = asked(call, "what kind of oil do you put in")
    call.tell(ev.PassagesFound("call", lookup.query, (PASSAGE,), "We use the oil your maker asks for.", 0.9))
    assert call.said[-2:] == ["We use the oil your maker asks for.", "Which day would suit you?"]


def _kept(call: Rehearsal) -> list[tuple[str, str]]:
    notes = [one.event for one in call.done if isinstance(one, do.Note)]
    return [(one.kind, one.detail) for one in notes]


def test_a_question_that_nobody_can_answer_is_noted_without_its_words(call):
    lookup = asked(call)
    call.tell(ev.MindLost("call"))
    call.tell(ev.PassagesFound("call", lookup.query))
    assert _kept(call) == [("unanswered", "")]


def test_a_fact_that_was_asked_for_is_noted_by_its_name(call):
    words, tick = "what are your opening hours", call.tick
    meant = (ev.IntentScore("fact:hours", 0.99),)
    call.tell(ev.UtteranceHeard("call", words, tick, tick, tick, tick, likely=meant))
    assert _kept(call) == [("fact", "hours")]
