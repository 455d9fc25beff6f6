"""Words that were said against words that were heard."""

from __future__ import annotations

import pytest

from appliance.bench.word_errors import edits


@pytest.mark.parametrize(
    ("heard", "count"),
    [("one two three", 0), ("one too three", 1), ("one three", 1), ("oh one two three", 1), ("", 3)],
)
def test_words_changed_struck_out_and_added(heard: str, count: int) -> None:
    assert edits("one two three", heard) == count
