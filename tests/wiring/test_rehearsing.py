"""A box rehearses a day that is not today on loopback only, and is told so in words when it cannot."""

from __future__ import annotations

import pytest

from appliance.clock import REHEARSED_AT, SystemClock
from appliance.errors import ConfigError
from appliance.settings import Settings, Sip
from appliance.wiring.rehearsing import clock_of

AT = "2026-11-19T10:00:00-07:00"


def on(address: str) -> Settings:
    return Settings(sip=Sip(bind_address=address))


def test_without_a_word_the_clock_is_the_machines():
    assert isinstance(clock_of(on("127.0.0.1"), {}), SystemClock)


def test_wall_time_stands_still_and_seconds_pass():
    clock = clock_of(on("127.0.0.1"), {REHEARSED_AT: AT})
    first_s = clock.monotonic_s()
    assert clock.now() == clock.now()
    assert clock.now().isoformat() == AT
    while clock.monotonic_s() == first_s:
        pass
    assert clock.monotonic_s() > first_s


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.7", "pbx.example"])  # noqa: S104
def test_a_box_that_real_callers_can_reach_does_not_rehearse(address):
    with pytest.raises(ConfigError, match="real callers"):
        clock_of(on(address), {REHEARSED_AT: AT})


@pytest.mark.parametrize("told", ["thursday", "2026-11-19T10:00"])
def test_a_moment_that_is_none_is_told(told):
    with pytest.raises(ConfigError, match=REHEARSED_AT):
        clock_of(on("127.0.0.1"), {REHEARSED_AT: told})
