"""Alike questions stand together, each under its commonest wording; nothing gets lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from appliance.reports.alike import Asked, grouped


def asked(*questions: str) -> list[Asked]:
    return [Asked(text, f"c{place}", f"2026-11-21T{place:02}") for place, text in enumerate(questions)]


def test_the_same_in_other_words_is_one_question() -> None:
    groups = grouped(
        asked(
            "do you tow cars",
            "can you tow my car",
            "do you tow cars",
            "do you sell tires",
            "what is a muffler",
        ),
        "en",
    )
    assert [(one.wordings, one.times, one.calls) for one in groups] == [
        (("do you tow cars", "can you tow my car"), 3, 3),
        (("do you sell tires",), 1, 1),
        (("what is a muffler",), 1, 1),
    ]
    assert groups[0].last_call_id == "c2"


def test_a_question_of_small_words_only_is_what_it_is() -> None:
    groups = grouped(asked("what is that", "what is that", "how do you do"), "en")
    assert [(one.wordings[0], one.times) for one in groups] == [("what is that", 2), ("how do you do", 1)]


def test_a_language_without_a_table_has_equal_words_together() -> None:
    groups = grouped(asked("abrís el domingo", "abrís el domingo", "vendéis ruedas"), "es")
    assert [one.times for one in groups] == [2, 1]


@given(st.lists(st.text(max_size=40), max_size=30))
def test_every_question_is_in_one_group(questions: list[str]) -> None:
    groups = grouped(asked(*questions), "en")
    assert sum(one.times for one in groups) == len(questions)
    assert {text for one in groups for text in one.wordings} <= set(questions)
