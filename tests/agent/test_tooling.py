"""The tools of the house, and tools nobody declared; those of other machines are in tests/errands."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from appliance import configfile
from appliance.agent.tooling import Tooling, use
from appliance.business import Business
from appliance.clock import SetClock
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.appointment import Appointment
from appliance.web.errand import Errand, ErrandDone
from tests.business.test_tools import OFFICE

TOOLS = """
[[tools]]
name = "hours_of"
description = "When we are open on a day."
kind = "opening_hours"
[[tools]]
name = "coming"
description = "What the caller has before them."
kind = "appointment"
"""
SHOP = configfile.parse(OFFICE + TOOLS, Business, name="office.toml")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=SHOP.zone)
BOOKED = Appointment("a1", "c1", "oil_change", NOW + timedelta(days=1), NOW, "Bo Berg", "+13035550123")


async def nobody_outside(errand: Errand, limit_s: float) -> ErrandDone:
    raise AssertionError("another machine was asked")


def used(tool: str, answer: ev.SessionEvent | None = None, **arguments: str) -> tuple[ev.ToolAnswered, str]:
    async def diary(command: do.FindAppointments) -> ev.SessionEvent:
        assert command.phone == arguments["phone"]
        assert answer is not None
        return answer

    command = do.CallTool("c1", 7, tool, tuple(sorted(arguments.items())), "key")
    done = asyncio.run(use(Tooling(SHOP, nobody_outside, SetClock(NOW)), command, diary))
    return done.answer, done.account


def test_the_hours_of_a_day() -> None:
    answer, account = used("hours_of", day="on sunday")
    assert dict(answer.result) == {"open": False, "day": "Sunday", "hours": ""}
    assert (answer.query, account) == (7, "hours_of done (here 0 ms)")
    assert used("hours_of", day="gibberish")[0].outcome == "none"


def test_the_caller_s_appointment() -> None:
    answer, account = used("coming", ev.AppointmentsFound("c1", 7, (BOOKED,)), phone="+13035550123")
    assert dict(answer.result)["count"] == 1
    assert "+1303" not in account
    assert used("coming", ev.AppointmentsFound("c1", 7, ()), phone="+1")[0].outcome == "none"
    assert used("coming", ev.BookingRefused("c1", 7, "fault"), phone="+1")[0].outcome == "failed"


def test_a_tool_nobody_declared_fails_and_so_does_every_one_without_tooling() -> None:
    assert used("fly")[0].outcome == "failed"

    async def diary(command: do.FindAppointments) -> ev.SessionEvent:
        raise AssertionError("the diary was asked")

    done = asyncio.run(use(None, do.CallTool("c1", 7, "coming", (), "key"), diary))
    assert done.answer == ev.ToolAnswered("c1", 7, "coming", "failed")
