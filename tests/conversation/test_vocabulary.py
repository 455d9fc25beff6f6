"""One utterance heard twice: which of the two texts to believe."""

from __future__ import annotations

import pytest

from appliance.conversation.vocabulary import better_of, words_for
from appliance.domain.expectation import Expectation


@pytest.mark.parametrize(
    ("open_text", "narrow_text", "believed"),
    [
        (
            "three or three five five five oh one seven to",
            "three oh three five five five oh one seven two",
            "three oh three five five five oh one seven two",
        ),
        ("what do you need that for", "[unk] the [unk] [unk]", "what do you need that for"),
        ("yes it's three oh three", "yes it's three oh three", "yes it's three oh three"),
        ("no", "no", "no"),
        ("five five five", "five [unk] five", "five five five"),
        ("", "", ""),
    ],
)
def test_better_of(open_text, narrow_text, believed):
    assert better_of(open_text, narrow_text) == believed


def test_only_what_is_dictated_in_few_words_is_listened_for_narrowly():
    assert "oh" in words_for(Expectation.PHONE)
    assert not words_for(Expectation.ANYTHING)
    assert not words_for(Expectation.NAME)
