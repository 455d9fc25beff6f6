"""Words that are forms of one are one."""

from __future__ import annotations

import pytest

from appliance.conversation.stems import stem_of


@pytest.mark.parametrize(
    ("word", "other"), [("booked", "books"), ("openings", "opening"), ("repairs", "repaired")]
)
def test_forms_of_a_word_have_one_stem(word, other):
    assert stem_of(word, "english") == stem_of(other, "english")


def test_each_language_has_its_rules():
    assert stem_of("citas", "spanish") == stem_of("cita", "spanish") != stem_of("citas", "english")
