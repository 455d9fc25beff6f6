"""What understanding is taught: every sentence once, with services and days in it; foreign what has no answer."""

from __future__ import annotations

from appliance import business
from appliance.business import OwnIntent
from appliance.business.callers import callers
from appliance.conversation.lessons import Lesson, lessons, sentences_of

SHOP = business.load("auto_repair")
TAUGHT = lessons(SHOP, callers("en"))
MEANS = {one.text: one.means for one in TAUGHT}


def test_each_sentence_is_taught_once_and_nothing_is_left_to_fill_in():
    assert len(MEANS) == len(TAUGHT)
    assert not [one.text for one in TAUGHT if "{" in one.text or one.text != one.text.lower()]


def test_a_want_is_about_each_service():
    assert {MEANS[f"i'd like to book {spoken}"] for spoken in ("an oil change", "an inspection")} == {"book"}


def test_a_fact_has_the_business_s_own_sentences_and_those_of_many_businesses():
    mine = sentences_of(TAUGHT)["fact:hours"]
    assert set(SHOP.facts[0].questions) <= set(mine)
    assert len(mine) > len(SHOP.facts[0].questions)


def test_the_price_of_one_service_says_nothing_of_another():
    assert MEANS["how expensive is an oil change"] == "fact:oil_change_price"
    assert MEANS["how expensive is an inspection"] is None


def test_a_business_teaches_what_it_alone_is_asked():
    towing = OwnIntent(id="towing", examples=("My car broke down!", "I need a tow truck."), answer="We tow.")
    taught = lessons(SHOP.model_copy(update={"intents": (towing,)}), callers("en"))
    assert Lesson("my car broke down", "own:towing") in taught


def test_the_same_business_is_taught_the_same_sentences():
    assert lessons(SHOP, callers("en")) == TAUGHT
