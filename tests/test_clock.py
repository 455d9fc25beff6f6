"""Time, handed in: the set clock moves only when told, the system's is aware of its zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from appliance.clock import Clock, SetClock, SystemClock

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize("clock", [SystemClock(), SetClock(NOON)], ids=["system", "set"])
def test_every_clock_is_aware_of_its_zone_and_never_goes_back(clock: Clock):
    assert clock.now().utcoffset() is not None
    before_s = clock.monotonic_s()
    assert clock.monotonic_s() >= before_s


def test_the_set_clock_stands_until_moved():
    clock = SetClock(NOON)
    assert clock.now() == clock.now() == NOON
    clock.advance(90.5)
    assert clock.now() == NOON + timedelta(seconds=90.5)
    assert clock.monotonic_s() == 90.5
