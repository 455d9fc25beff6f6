"""Who rings for a wish, when, and together with whom."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from appliance import configfile
from appliance.business import Business
from appliance.conversation.ring_plan import RingPlan, emergency_plan, plan

ZONE = ZoneInfo("America/Denver")
MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=ZONE)
MONDAY_NIGHT = datetime(2026, 11, 23, 22, tzinfo=ZONE)
SHOP = """name = "Shop"
timezone = "America/Denver"
address = "here"
greeting = "hello"
about = "a shop"
[hours]
monday = [{ opens = 08:00:00, closes = 17:00:00 }]
[connecting]
emergency = "on_call"
[[directory]]
id = "maria"
spoken = "Maria"
extension = "101"
otherwise = "desk"
[[directory]]
id = "luis"
spoken = "Luis"
extension = "102"
away = [{ first = 2026-11-20, last = 2026-11-25 }]
[[directory]]
id = "priya"
spoken = "Priya"
extension = "103"
ring_s = 8
[[directory]]
id = "desk"
spoken = "the front desk"
extension = "100"
screened = false
[[directory]]
id = "workshop"
spoken = "the workshop"
ring = ["maria", "luis", "priya"]
ring_s = 15
otherwise = "desk"
[[directory]]
id = "everybody"
spoken = "the office"
ring = ["workshop", "desk", "maria"]
order = "together"
[[directory]]
id = "on_call"
spoken = "the emergency line"
extension = "911"
otherwise = "luis"
"""


@pytest.fixture(scope="module")
def shop() -> Business:
    return configfile.parse(SHOP, Business, name="shop.toml")


def rung(planned: RingPlan) -> list[tuple[list[str], int]]:
    return [([target.to for target in one.targets], one.ring_ms) for one in planned.rounds]


def test_somebody_and_then_whoever_stands_for_them(shop):
    assert rung(plan(shop, "maria", MONDAY_NOON)) == [(["101"], 20_000), (["100"], 20_000)]


def test_everybody_has_their_own_time(shop):
    assert rung(plan(shop, "priya", MONDAY_NOON)) == [(["103"], 8_000)]


def test_a_department_rings_in_turn_without_those_who_are_away(shop):
    assert rung(plan(shop, "workshop", MONDAY_NOON)) == [
        (["101"], 15_000),
        (["103"], 15_000),
        (["100"], 20_000),
    ]


def test_together_nobody_rings_twice(shop):
    assert rung(plan(shop, "everybody", MONDAY_NOON)) == [(["101", "103", "100"], 20_000)]


def test_who_is_away_is_back_on_a_day(shop):
    planned = plan(shop, "luis", MONDAY_NOON)
    assert (planned.rounds, planned.away_until) == ((), date(2026, 11, 26))


def test_after_hours_nobody_is_there(shop):
    planned = plan(shop, "workshop", MONDAY_NIGHT)
    assert (planned.rounds, planned.closed, planned.wanted) == ((), True, "the workshop")


def test_an_unknown_entry_rings_nobody(shop):
    assert plan(shop, "nobody", MONDAY_NOON).rounds == ()


def test_an_emergency_rings_at_any_hour_and_asks_for_no_key(shop):
    planned = emergency_plan(shop, MONDAY_NIGHT)
    assert planned is not None
    assert rung(planned) == [(["911"], 20_000), (["102"], 20_000)]
    assert planned.urgent
    assert not any(target.screened for one in planned.rounds for target in one.targets)


def test_a_business_without_an_emergency_line():
    without = SHOP.replace('emergency = "on_call"', "")
    assert emergency_plan(configfile.parse(without, Business, name="s"), MONDAY_NOON) is None
