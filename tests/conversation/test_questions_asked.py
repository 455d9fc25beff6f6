"""Who only listens knows what is asked: by the office's own sentences, whatever stands before the question."""

from __future__ import annotations

import pytest

from appliance import business
from appliance.conversation.questions_asked import QuestionsAsked
from appliance.domain.expectation import Expectation


@pytest.mark.parametrize(
    ("said", "asks_for"),
    [
        ("Sure, an oil change. Which day would suit you?", Expectation.DAY),
        ("I have Tuesday at nine in the morning, or ten o'clock. Which suits you?", Expectation.TIME),
        ("And what name should I put it under?", Expectation.NAME),
        ("And what's your name?", Expectation.NAME),
        ("And what number can we reach you at?", Expectation.PHONE),
        ("3 0 3. And then?", Expectation.PHONE),
        ("Let me look it up. What number is it booked under?", Expectation.PHONE),
        ("Can we reach you at the number you are calling from?", Expectation.YES_NO),
        ("That's an oil change, Monday at nine. Your number is 3 0 3. Shall I book it?", Expectation.YES_NO),
        ("That's a filling, Wednesday at two o'clock. Shall I cancel it?", Expectation.YES_NO),
        (
            "I can't find an appointment under that number. Shall I take a message instead?",
            Expectation.YES_NO,
        ),
        ("I'm not sure about that.", None),
    ],
)
def test_what_a_sentence_asks_for(said, asks_for):
    assert QuestionsAsked(business.load("auto_repair")).answer_to(said) is asks_for


def test_a_business_is_asked_for_by_its_own_wording():
    questions = QuestionsAsked(business.load("dental_practice"))
    assert questions.answer_to("Of course, a whitening. Which day would suit you?") is Expectation.DAY
