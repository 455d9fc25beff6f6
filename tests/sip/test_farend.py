"""A far end is gone when it should send and does not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from appliance.sip.farend import FarEnd


def test_nothing_for_too_long_is_gone() -> None:
    far = FarEnd(30.0)
    assert not far.gone(10, 100.0, may_be_silent=False)
    assert not far.gone(10, 129.0, may_be_silent=False)
    assert far.gone(10, 130.0, may_be_silent=False)


def test_one_that_never_sent_is_gone_as_well() -> None:
    far = FarEnd(30.0)
    assert not far.gone(0, 5.0, may_be_silent=False)
    assert far.gone(0, 36.0, may_be_silent=False)


def test_a_call_on_hold_may_be_silent_and_has_the_whole_time_afterwards() -> None:
    far = FarEnd(30.0)
    far.gone(10, 0.0, may_be_silent=False)
    assert not any(far.gone(10, float(now_s), may_be_silent=True) for now_s in range(600))
    assert not far.gone(10, 628.0, may_be_silent=False)
    assert far.gone(10, 629.0, may_be_silent=False)


@given(st.lists(st.floats(0.0, 29.0), max_size=50))
def test_who_sends_now_and_then_is_there(pauses_s: list[float]) -> None:
    far, now_s = FarEnd(30.0), 0.0
    for packets, pause_s in enumerate(pauses_s):
        now_s += pause_s
        assert not far.gone(packets, now_s, may_be_silent=False)
