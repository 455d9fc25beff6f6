"""What counts as a word error, and what is only written differently."""

from __future__ import annotations

import pytest

from appliance.secondpass.comparing import edits, word_errors


@pytest.mark.parametrize(
    ("first", "second", "counted"),
    [
        ("i need an oil change", "I need an oil change.", (5, 0)),
        ("my number is three oh three five five five", "My number is 303-555.", (9, 0)),
        ("tomorrow at nine thirty", "Tomorrow at 9:30", (5, 0)),
        ("a mocha", "Can I get a mocha?", (5, 3)),
        ("i need the brake pads", "I need brake pads", (4, 1)),
        ("make me a light rose", "make me a light roast", (5, 1)),
        ("", "hello there", (2, 2)),
        ("that's fine", "That’s fine!", (2, 0)),
    ],
)
def test_edits(first: str, second: str, counted: tuple[int, int]) -> None:
    assert edits(first, second, "en") == counted


def test_what_may_not_be_kept_or_says_nothing_does_not_count() -> None:
    pairs = [
        ("[private]", "four two"),
        ("[not kept]", "hello"),
        ("hum", ""),
        ("an oil chain", "an oil change"),
    ]
    assert word_errors(pairs, "en") == (3, 1)
    assert word_errors([], "en") == (0, 0)
