"""The back-off is bounded and monotone, starts again after a success, and never gives up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from appliance.line.registration import Registration, retry_after_s

JITTER = st.floats(0, 1)


@given(st.integers(1, 10_000), st.floats(0.1, 600), st.floats(1, 3600), JITTER)
def test_the_wait_is_bounded(failures: int, first_s: float, most_s: float, jitter: float) -> None:
    wait_s = retry_after_s(failures, first_s=first_s, most_s=most_s, jitter=jitter)
    assert 0.79 * min(first_s, most_s) <= wait_s <= max(first_s, most_s)


@given(st.integers(1, 100), JITTER)
def test_the_wait_never_shrinks_while_refusals_go_on(failures: int, jitter: float) -> None:
    now_s, later_s = (
        retry_after_s(count, first_s=2, most_s=300, jitter=jitter) for count in (failures, failures + 1)
    )
    assert later_s >= now_s


def test_a_refusal_is_reported_and_asked_again_with_growing_patience() -> None:
    registration = Registration(first_s=2, most_s=300)
    changes = [
        registration.answered(registered=False, status=status, reason="", jitter=0)
        for status in (401, 403, 408)
    ]
    assert [one.retry_in_s for one in changes] == [2, 4, 8]
    assert [one.status for one in changes] == [401, 403, 408]


def test_a_success_forgives() -> None:
    registration = Registration(first_s=2, most_s=300)
    registration.answered(registered=False, status=503, reason="", jitter=0)
    assert registration.answered(registered=True, status=200, reason="OK", jitter=0).retry_in_s is None
    assert registration.answered(registered=False, status=503, reason="", jitter=0).retry_in_s == 2
