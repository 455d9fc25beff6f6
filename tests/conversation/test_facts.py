"""What the business says of itself: hours in words, for a day, foreseen."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from appliance import business
from appliance.conversation.facts import answer_of, grounding_sources, spoken_hours, standing_answers
from appliance.conversation.phrases import Phrases

OFFICE = business.load("auto_repair")
PHRASES = Phrases("en")
NOW = datetime(2026, 11, 19, 10, 0, tzinfo=OFFICE.zone)  # a Thursday


def test_equal_days_are_drawn_together():
    assert spoken_hours(OFFICE).startswith("Monday to Friday from seven thirty")
    assert ", and Saturday from nine" in spoken_hours(OFFICE)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("what time do you open on saturday", "We're open on Saturday from nine"),
        ("are you open tomorrow", "We're open tomorrow from seven thirty"),
        ("are you open on sunday", "We're closed on Sunday."),
        ("when are you open", "We're open Monday to Friday"),
        ("are you open on november twenty sixth", "We're closed on Thursday."),
    ],
)
def test_a_day_that_is_named_is_answered_for(question, answer):
    assert answer_of("hours", question, OFFICE, PHRASES, NOW).startswith(answer)


@pytest.mark.parametrize("ahead", range(1, 7))
def test_every_answer_about_an_ordinary_day_was_foreseen(ahead):
    day = NOW + timedelta(days=ahead)
    said = answer_of("hours", f"are you open on {day:%A}".lower(), OFFICE, PHRASES, NOW)
    assert said in standing_answers(OFFICE, PHRASES)


def test_grounding_holds_what_may_be_said():
    sources = " ".join(grounding_sources(OFFICE, NOW))
    for word in ("Maria Ortega", "forty nine dollars", "Mesa Road", "Thursday"):
        assert word in sources
