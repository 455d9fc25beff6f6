"""Where sentences end, and what words they are found by."""

from __future__ import annotations

from appliance.knowledge.sentences import sentences_of, share_of, stems_of
from appliance.knowledge.words import ENGLISH


def test_sentences_end_at_full_stops_and_lines() -> None:
    assert sentences_of("We open at 9. Come early!\nIs it far? No.", ENGLISH) == [
        "We open at 9.",
        "Come early!",
        "Is it far?",
        "No.",
    ]


def test_an_abbreviation_does_not_end_a_sentence() -> None:
    assert len(sentences_of("Ask for Dr. Chen on Main St. Tuesday. Bring J. Smith's card.", ENGLISH)) == 2


def test_a_question_is_about_its_content_words() -> None:
    assert stems_of("Um, do you guys repair hybrids?", ENGLISH) == ["repair", "hybrid"]
    assert stems_of("What's the PRICE of tires", ENGLISH) == stems_of("price tire", ENGLISH)


def test_rare_words_weigh_more() -> None:
    weights = {"tire": 1.0, "cigna": 4.0}
    assert share_of(["tire", "cigna"], frozenset({"cigna"}), weights) == 0.8
    assert share_of([], frozenset({"cigna"}), weights) == 0.0
