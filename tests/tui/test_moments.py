"""Moments as they are typed and as they are shown."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from appliance import business
from appliance.errors import ConfigError
from appliance.tui.moments import ago, moment, since

SHOP = business.load("auto_repair")
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=SHOP.zone)


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("", None),
        ("30m", NOW - timedelta(minutes=30)),
        (" 2 d ", NOW - timedelta(days=2)),
        ("2026-11-18", datetime(2026, 11, 18, tzinfo=SHOP.zone)),
    ],
)
def test_since_when(typed: str, at: datetime | None) -> None:
    assert since(typed, NOW) == at


def test_what_is_no_time_says_what_would_be() -> None:
    with pytest.raises(ConfigError, match="30m, 12h"):
        since("soon", NOW)
    with pytest.raises(ConfigError, match="tuesday at ten"):
        moment("soon", NOW, SHOP)


@pytest.mark.parametrize("typed", ["2026-11-24 10:00", "tuesday at ten"])
def test_a_day_with_an_hour(typed: str) -> None:
    assert moment(typed, NOW, SHOP) == datetime(2026, 11, 24, 10, tzinfo=SHOP.zone)


@pytest.mark.parametrize(
    ("seconds", "told"), [(0, "now"), (-5, "now"), (90, "90 s"), (7200, "2 h"), (200_000, "2 d")]
)
def test_how_long_ago(seconds: int, told: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == told
    assert ago(None, NOW) == "-"
