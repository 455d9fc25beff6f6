"""A flow that uses a tool: given from slots, its answer spoken and branched on, its failures survived."""

from __future__ import annotations

from datetime import datetime

import pytest

from appliance import configfile
from appliance.business import Business
from appliance.business.flows import Ending
from appliance.conversation.flows.engine import RunningFlow
from appliance.conversation.flows.step import NeedTool, order
from appliance.conversation.phrases import Phrases
from appliance.domain.commands import CallTool
from appliance.domain.events import ToolAnswered
from tests.business.test_tools import FLOW, OFFICE, TOOL

SHOP = configfile.parse(OFFICE + TOOL + FLOW, Business, name="office.toml")
NOW = datetime(2026, 11, 19, 10, 0, tzinfo=SHOP.zone)
ASKED = NeedTool("order_status", (("order", "4711"),))


def flow_at_the_tool() -> RunningFlow:
    flow = RunningFlow(SHOP.flows[-1], SHOP, Phrases("en", {}))
    assert flow.begin(NOW).say == "What's your order number?"
    step = flow.heard("forty seven eleven", NOW)
    assert step is not None
    assert (step.say, step.need) == ("One moment, please.", ASKED)
    return flow


def answer(outcome: str, **result: str) -> ToolAnswered:
    return ToolAnswered("c1", 7, "order_status", outcome, tuple(sorted(result.items())))


def test_the_answer_leads_on_and_is_spoken() -> None:
    step = flow_at_the_tool().told(answer("done", state="ready"), NOW)
    assert (step.say, step.outcome) == ("Your order 4, 7, 1, 1 is ready.", Ending.ANSWERED)
    step = flow_at_the_tool().told(answer("done", state="open", day="tomorrow"), NOW)
    assert step.say == "It will be ready tomorrow."


def test_what_nobody_knows_is_asked_for_anew() -> None:
    flow = flow_at_the_tool()
    step = flow.told(answer("none"), NOW)
    assert step.say == "I can't find an order with that number. What's your order number?"
    again = flow.heard("forty seven twelve", NOW)
    assert again is not None
    assert again.need == NeedTool("order_status", (("order", "4712"),))


def test_a_tool_that_fails_is_no_dead_end() -> None:
    step = flow_at_the_tool().told(answer("failed"), NOW)
    assert step.offers == "message"
    assert step.say.startswith("I can't look that up right now.")


def test_a_number_the_schema_refuses_is_never_sent() -> None:
    flow = RunningFlow(SHOP.flows[-1], SHOP, Phrases("en", {}))
    flow.begin(NOW)
    step = flow.heard("twelve", NOW)
    assert step is not None
    assert step.need is None
    assert step.say.endswith("I can't find an order with that number. What's your order number?")


def test_the_order_carries_a_key_of_its_own() -> None:
    first, again = order(ASKED, "c1", 7), order(ASKED, "c1", 8)
    assert isinstance(first, CallTool)
    assert isinstance(again, CallTool)
    assert first.key == again.key
    other = order(ASKED, "c2", 7)
    assert isinstance(other, CallTool)
    assert other.key != first.key


def test_waiting_for_a_tool_is_never_silence() -> None:
    assert flow_at_the_tool().ask_again().say == "One moment, please."


@pytest.mark.parametrize("late", ["ready", "open"])
def test_an_answer_without_the_branch_follows_next(late: str) -> None:
    step = flow_at_the_tool().told(answer("done", state=late, day="soon"), NOW)
    assert step.outcome is Ending.ANSWERED
