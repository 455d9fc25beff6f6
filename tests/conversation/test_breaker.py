"""The breaker opens after failures in a row, rests, tries once, and closes."""

from __future__ import annotations

from appliance.conversation.breaker import FAILURES_MAX, REST_FIRST_S, REST_MOST_S, Breaker


def opened(times: int = FAILURES_MAX, now_s: float = 0.0) -> Breaker:
    breaker = Breaker()
    for _ in range(times):
        breaker = breaker.failed(now_s)
    return breaker


def test_a_few_failures_open_it_and_one_answer_closes_it() -> None:
    assert opened(FAILURES_MAX - 1).allows(0)
    assert not opened().allows(REST_FIRST_S - 1)
    assert opened().allows(REST_FIRST_S)
    assert opened(FAILURES_MAX - 1).answered() == Breaker()


def test_after_a_rest_one_tries_and_the_others_wait() -> None:
    trying = opened().asking(REST_FIRST_S, limit_s=4)
    assert not trying.allows(REST_FIRST_S + 1)
    assert trying.allows(REST_FIRST_S + 4)
    again = trying.failed(REST_FIRST_S)
    assert not again.allows(REST_FIRST_S * 3 - 1)
    assert trying.answered().allows(REST_FIRST_S)


def test_it_never_rests_for_ever() -> None:
    assert opened(10_000).open_until_s == REST_MOST_S


def test_while_all_is_well_everybody_may_ask() -> None:
    assert Breaker().asking(0, 4) == Breaker()
