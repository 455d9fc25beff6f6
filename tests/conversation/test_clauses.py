"""Where one wish may end and another begin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.conversation.clauses import CLAUSES_MAX, clauses, wish_after_story


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("when are you open and i'd like to book", ("when are you open", "i'd like to book")),
        ("i need an oil change also how much is it", ("i need an oil change", "how much is it")),
        ("what are your hours, do you take cards too", ("what are your hours", "do you take cards too")),
        ("do you take cash and cards", ("do you take cash and cards",)),
        ("what time do you open and close", ("what time do you open and close",)),
        ("yes and then", ("yes and then",)),
        ("and what about the other one", ("and what about the other one",)),
        ("", ()),
    ],
)
def test_parts(text, parts):
    assert clauses(text) == parts


@given(
    st.lists(st.sampled_from("and but also when are you open , book it".split()), max_size=40).map(" ".join)
)
def test_no_more_than_three_and_every_part_stands_in_the_text_in_order(text):
    parts = clauses(text)
    assert len(parts) <= CLAUSES_MAX
    at = 0
    for part in parts:
        at = text.index(part, at) + len(part)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("my hair is a mess when can you fit me in", "when can you fit me in"),
        ("the light on my dashboard came on i need somebody to see it", "i need somebody to see it"),
        ("how many miles can i go between two services", ""),
        ("so why would i need a new battery", ""),
        ("can you fit me in on friday", ""),
        ("my car is broken can you help", ""),
        ("it was a very long day today", ""),
        ("", ""),
    ],
)
def test_a_wish_after_a_story_is_found_and_a_question_has_no_story(text, wish):
    assert wish_after_story(text) == wish
