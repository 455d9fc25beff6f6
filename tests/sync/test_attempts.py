"""What an answer means, and laws of waiting."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from appliance.sync.attempts import Later, Refused, Sent, outcome_of, wait_s
from appliance.web.asking import Answer


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Sent()),
        (204, Sent()),
        (301, Later("HTTP 301")),
        (400, Refused("HTTP 400")),
        (401, Later("HTTP 401")),
        (413, Refused("HTTP 413")),
        (500, Later("HTTP 500")),
    ],
)
def test_what_an_answer_means(status: int, outcome: object) -> None:
    assert outcome_of(Answer(status, b"")) == outcome


def test_whoever_asks_for_time_gets_it() -> None:
    outcome = outcome_of(Answer(429, b"", 120.0))
    assert outcome == Later("HTTP 429", 120.0)
    assert wait_s(1, Later("HTTP 429", 120.0), first_s=1, most_s=10, chance=0) == 120
    assert wait_s(1, Later("HTTP 429", 1e9), first_s=1, most_s=10, chance=0) == 86_400


@given(some.integers(1, 10_000), some.floats(0, 1), some.floats(0.1, 600), some.floats(600, 86_400))
def test_waiting_is_bounded_and_never_shrinks(
    attempts: int, chance: float, first: float, most: float
) -> None:
    waited = wait_s(attempts, Later(""), first_s=first, most_s=most, chance=chance)
    assert first / 2 <= waited <= most
    assert wait_s(attempts + 1, Later(""), first_s=first, most_s=most, chance=chance) >= waited
