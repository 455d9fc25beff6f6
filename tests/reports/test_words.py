"""Every table of words has a word for everything a report can say."""

from __future__ import annotations

import pytest

from appliance.conversation.degradation import Level
from appliance.domain.call import TurnClass
from appliance.reports.words import ENGLISH, LANGUAGES, words_of
from appliance.settings import Every


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_is_whole(language: str) -> None:
    words = words_of(language)
    assert set(words.titles) == set(words.rows) == set(Every)
    assert set(words.classes) == {*TurnClass, ""}
    assert set(words.level_names) == {level.word for level in Level}
    assert set(words.labels) == set(ENGLISH.labels)
    assert len(words.weekdays) == 7


def test_a_language_without_a_table_is_told_in_english() -> None:
    assert words_of("xx") is ENGLISH
