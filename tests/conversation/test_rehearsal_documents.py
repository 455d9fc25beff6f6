"""What documents say in a play."""

from __future__ import annotations

import pytest

from appliance.conversation.rehearsal_documents import NOTHING, can_be_found, found
from appliance.domain.commands import FindPassages

ASKED = FindPassages("c", 7, "how much is a tire rotation")


@pytest.mark.parametrize("line", ["answer Twenty dollars.", "touch on Tires are rotated.", NOTHING])
def test_documents_answer_touch_on_or_say_nothing(line):
    assert can_be_found(line)


def test_other_words_are_nothing_documents_do():
    assert not can_be_found("sing")


def test_an_answer_is_word_for_word_and_has_a_source():
    told = found(ASKED, "answer Twenty dollars.")
    assert (told.query, told.answer) == (7, "Twenty dollars.")
    assert told.passages[0].source.startswith("play.md")


def test_a_passage_that_only_touches_on_it_answers_nothing():
    told = found(ASKED, "touch on Tires are rotated.")
    assert (told.answer, [one.text for one in told.passages]) == ("", ["Tires are rotated."])
    assert found(ASKED, NOTHING).passages == ()
