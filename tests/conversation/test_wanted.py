"""Several wishes of one utterance: facts, then the open question, then what takes longer."""

from __future__ import annotations

import pytest

from appliance import business
from appliance.conversation.understand import Intent, Understanding, understand_all
from appliance.conversation.wanted import sorted_out, weightiest

OFFICE = business.load("auto_repair")
FACT = Understanding(Intent.FACT, fact="hours", text="when are you open")
ASKED = Understanding(Intent.QUESTION, text="do you work on hybrids")
LEADS_ON = Understanding(Intent.QUESTION, text="yes can i")
BOOK = Understanding(Intent.BOOK, text="book me in")


@pytest.mark.parametrize(
    ("wishes", "longest"),
    [((FACT, BOOK), BOOK), ((ASKED, BOOK, FACT), BOOK), ((FACT, ASKED), ASKED), ((FACT,), FACT)],
)
def test_what_takes_longest_is_what_the_turn_is_about(wishes, longest):
    assert weightiest(wishes) is longest


def test_an_open_question_beside_a_booking_is_kept():
    wanted = sorted_out((FACT, ASKED, BOOK), "when are you open", OFFICE.services)
    assert (wanted.facts, wanted.question, wanted.longest.intent) == ((FACT,), ASKED, Intent.BOOK)


def test_a_question_that_is_what_the_turn_is_about_is_not_beside_itself():
    assert sorted_out((FACT, ASKED), "", OFFICE.services).question is None


def test_words_that_only_lead_on_ask_nothing():
    assert sorted_out((LEADS_ON, BOOK), "yes can i also book", OFFICE.services).question is None


def test_a_service_named_anywhere_goes_with_the_wish():
    text = "how long does an oil change take and can you book me in"
    assert sorted_out((ASKED, BOOK), text, OFFICE.services).longest.service == "oil_change"


def test_a_question_and_a_wish_are_understood_as_two():
    wishes = understand_all("do you work on hybrids and i'd like to book an oil change", (), OFFICE)
    wanted = sorted_out(wishes, "", OFFICE.services)
    assert wanted.question is not None
    assert wanted.longest.intent is Intent.BOOK
