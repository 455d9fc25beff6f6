"""The product's sentences: filled, replaced by a business, refused when they could not be said."""

from __future__ import annotations

import pytest

from appliance.conversation.phrases import ENGLISH, Phrases
from appliance.errors import ConfigError


def test_slots_are_filled():
    assert Phrases().say("which_day_for", service="an oil change").startswith("Sure, an oil change.")
    assert "for Alice." in Phrases().say("confirm_booking", service="x", moment="y", name="Alice", phone="1")


def test_a_business_says_it_its_own_way():
    own = Phrases("en", {"goodbye": "So long, and thanks for calling."})
    assert own.say("goodbye") == "So long, and thanks for calling."
    assert own.say("how_help") == ENGLISH["how_help"]


def test_what_has_no_slots_can_be_prepared():
    fixed = Phrases().fixed()
    assert ENGLISH["goodbye"] in fixed
    assert not any("{" in text for text in fixed)


@pytest.mark.parametrize(
    ("own", "complaint"),
    [
        ({"good_bye": "x"}, r"phrases\.good_bye: no such phrase.*goodbye"),
        (
            {"booked": "Done, {customer}."},
            r"phrases\.booked: \{customer\} is not known there.*moment, service",
        ),
        ({"goodbye": "Bye {"}, r"phrases\.goodbye: .*\{\{ and \}\}"),
    ],
)
def test_a_phrase_that_could_not_be_said_is_refused_with_a_remedy(own, complaint):
    with pytest.raises(ConfigError, match=complaint):
        Phrases("en", own)


def test_a_language_nobody_speaks_yet_is_named():
    with pytest.raises(ConfigError, match='"xx" is not spoken yet'):
        Phrases("xx")
