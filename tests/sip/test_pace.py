"""No more calls begin in half a second than pjlib has places for, and an ordinary office never waits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from appliance.sip.pace import CALLS_PER_WINDOW, WINDOW_S, Pace


@given(st.lists(st.floats(0, 1), min_size=CALLS_PER_WINDOW, max_size=80))
def test_no_window_holds_more_calls_than_allowed(waits_s: list[float]) -> None:
    pace, now_s, begun = Pace(), 0.0, []
    for wait_s in waits_s:
        now_s += wait_s / 20
        now_s += pace.pause_s(now_s)
        pace.begun(now_s)
        begun.append(now_s)
    for first, last in zip(begun, begun[CALLS_PER_WINDOW:], strict=False):
        assert last - first >= WINDOW_S - 1e-6


def test_a_burst_as_big_as_the_box_does_not_wait() -> None:
    pace = Pace()
    for _ in range(CALLS_PER_WINDOW - 1):
        pace.begun(0.0)
        assert pace.pause_s(0.0) == 0.0
    pace.begun(0.0)
    assert pace.pause_s(0.0) == WINDOW_S
    assert pace.pause_s(WINDOW_S) == 0.0
