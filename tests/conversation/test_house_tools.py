"""What the box answers by itself, as tools: every answer fits the schema that is declared for it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from appliance.business import Tool, ToolKind, load
from appliance.conversation.house_tools import appointment_told, hours_told
from appliance.conversation.tools import checked
from appliance.domain.appointment import Appointment

OFFICE = load("auto_repair")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=OFFICE.zone)  # a Monday
HOURS = Tool(name="hours", description="When we are open.", kind=ToolKind.OPENING_HOURS)
FIND = Tool(name="find", description="When the caller comes.", kind=ToolKind.APPOINTMENT)


@pytest.mark.parametrize(
    ("day", "is_open", "spoken"),
    [
        ("tomorrow", True, "tomorrow"),
        ("on sunday", False, "Sunday"),
        ("2026-11-26", False, "Thursday"),  # a holiday
        ("2026-11-28", True, "Saturday"),
    ],
)
def test_hours_of_a_day(day: str, is_open: bool, spoken: str) -> None:
    told = hours_told({"day": day}, OFFICE, NOW)
    assert told is not None
    assert (told["open"], told["day"]) == (is_open, spoken)
    assert bool(told["hours"]) is is_open
    assert checked(HOURS, told)[0] == "done"


def test_a_day_nobody_knows() -> None:
    assert hours_told({"day": "the color blue"}, OFFICE, NOW) is None


def test_the_next_of_several_appointments() -> None:
    later = NOW + timedelta(days=3)
    found = [
        Appointment("a2", "c1", "brakes", later, later, "Bo", "+1"),
        Appointment("a1", "c1", "oil_change", NOW + timedelta(days=1), later, "Bo", "+1"),
    ]
    told = appointment_told(found, OFFICE, NOW)
    assert told == {
        "service": "an oil change",
        "moment": "tomorrow at ten o'clock in the morning",
        "count": 2,
    }
    assert checked(FIND, told)[0] == "done"
    assert appointment_told([], OFFICE, NOW) is None
