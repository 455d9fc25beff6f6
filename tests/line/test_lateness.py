"""Lateness is counted against when a tick was due, not against the tick before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.line.lateness import BUCKET_MS, TickLateness


def _after(late_ms: list[float]) -> TickLateness:
    """Ticks of 20 ms, each as late as given."""
    lateness = TickLateness()
    for number, late in enumerate(late_ms):
        lateness.fired(100 + (number * 20 + late) / 1000)
    return lateness


def test_no_ticks_no_lateness() -> None:
    assert (TickLateness().percentile_ms(99), TickLateness().worst_ms) == (0.0, 0.0)


@given(st.lists(st.floats(0.0, 190.0), min_size=1, max_size=200))
def test_percentiles_are_those_of_the_ticks(late_ms: list[float]) -> None:
    lateness = _after([0.0, *late_ms])
    ordered = sorted([0.0, *late_ms])
    assert lateness.worst_ms == pytest.approx(ordered[-1], abs=1e-6)
    for percent in (50, 99, 100):
        exact = ordered[-(-len(ordered) * percent // 100) - 1]
        assert exact - 0.06 <= lateness.percentile_ms(percent) <= exact + BUCKET_MS + 0.06


def test_a_late_first_tick_is_found_out() -> None:
    assert _after([9.0, 0.0, 0.0, 4.0]).worst_ms == pytest.approx(4.0)


def test_a_stall_that_is_caught_up_is_late_once_and_one_that_is_not_moves_the_clock() -> None:
    caught_up = _after([0.0] * 10 + [50.0, 30.0, 10.0] + [0.0] * 87)
    assert (caught_up.percentile_ms(90), round(caught_up.worst_ms)) == (BUCKET_MS, 50)
    lost = _after([0.0] * 10 + [900.0] * 90)
    assert lost.worst_ms == pytest.approx(900.0)
    assert lost.percentile_ms(50) == BUCKET_MS


def test_it_counts_what_is_later_than_its_last_bucket() -> None:
    assert _after([0.0, 400.0, 400.0]).percentile_ms(99) == 200.0
