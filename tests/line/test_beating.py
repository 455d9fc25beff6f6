"""What the line tells each second: only what is new, each tick once, also of calls that ended between two beats."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.events import LATE_BOUNDS_MS
from appliance.line.beating import Beating
from appliance.line.lateness import TickLateness


def ticked(lateness: TickLateness, *late_ms: float) -> None:
    """Ticks that were so late each."""
    for late in late_ms:
        lateness._count(late)


def test_a_tick_is_told_once():
    beating, call = Beating(), TickLateness()
    ticked(call, 0.2, 0.7, 4.0, 30.0, 150.0)
    first = beating.beat(1, {"c": call})
    assert first.calls == 1
    assert first.late_ticks == (2, 0, 1, 0, 0, 1, 0, 0, 1)
    assert abs(first.late_ms - 184.9) < 2.5  # half a bucket a tick
    assert beating.beat(1, {"c": call}).late_ticks == (0,) * 9
    ticked(call, 12.0)
    assert beating.beat(1, {"c": call}).late_ticks == (0, 0, 0, 0, 1, 0, 0, 0, 0)


def test_what_a_call_did_not_tell_before_its_end_is_told_after_it():
    beating, call = Beating(), TickLateness()
    ticked(call, 0.2)
    beating.beat(1, {"c": call})
    ticked(call, 0.2, 7.0)
    beating.ended("c", call)
    assert beating.beat(0, {}).late_ticks == (1, 0, 0, 1, 0, 0, 0, 0, 0)
    assert beating.beat(0, {}).late_ticks == (0,) * 9


def test_a_call_that_was_never_told_of_is_not_lost():
    beating, call = Beating(), TickLateness()
    ticked(call, 3.0)
    beating.ended("c", call)
    assert sum(beating.beat(0, {}).late_ticks) == 1


@given(st.lists(st.lists(st.floats(0, 600), max_size=8), max_size=6))
def test_every_tick_is_told_exactly_once(between_beats):
    beating, call, told = Beating(), TickLateness(), [0] * (len(LATE_BOUNDS_MS) + 1)
    for ticks in between_beats:
        ticked(call, *ticks)
        beat = beating.beat(1, {"c": call})
        told = [sum(pair) for pair in zip(told, beat.late_ticks, strict=True)]
        assert beat.late_ms >= 0
    assert sum(told) == sum(map(len, between_beats))
    assert tuple(told) == call.counts_between(LATE_BOUNDS_MS)
