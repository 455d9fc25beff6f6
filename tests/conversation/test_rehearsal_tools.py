"""Conversations in which something is looked up outside: found, unknown, out of order, in the middle of a booking."""

from __future__ import annotations

import pytest

from appliance import configfile
from appliance.business import Business
from appliance.conversation.phrases import Phrases
from appliance.conversation.rehearsal import Rehearsal, perform
from appliance.conversation.rehearsal_tools import said_by_tool
from appliance.conversation.session import Session
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.settings import Mind, Turns
from tests.business.test_tools import FLOW, OFFICE, TOOL

INTENT = """
[[intents]]
id = "order_status"
examples = ["where is my order", "is my order ready"]
flow = "order"
"""
SHOP = configfile.parse(OFFICE + TOOL + FLOW + INTENT, Business, name="office.toml")
BEGINS = f"""
agent: {SHOP.greeting}
likely: own:order_status 0.97
caller: hello is my order ready
agent: What's your order number?
"""


def played(text: str) -> Rehearsal:
    session = Session(
        "play", SHOP, Phrases("en", {}), turns=Turns(), mind=Mind(), has_model=False, connects=False
    )

    def fetch(command: do.DiaryCommand | do.TakeMessage) -> ev.SessionEvent:
        assert isinstance(command, do.TakeMessage)
        return ev.MessageTaken(command.call_id, command.query, kept=True)

    rehearsal = Rehearsal(session, fetch)
    perform(text, rehearsal)
    return rehearsal


@pytest.mark.parametrize(
    "text",
    [
        BEGINS
        + """
tool order_status: state ready
caller: forty seven eleven
agent: One moment, please.
agent: Your order 4, 7, 1, 1 is ready.
expect tool: order_status 4711
hang up:
expect disposition: answered
""",
        BEGINS
        + """
tool order_status: none
caller: it's four seven one two
agent: One moment, please.
agent: I can't find an order with that number. What's your order number?
tool order_status: state open, day on friday
caller: sorry four seven one one
agent: One moment, please.
agent: It will be ready on friday.
expect tool: order_status 4712; order_status 4711
""",
        BEGINS
        + """
caller: four seven one one
agent: One moment, please.
agent: I can't look that up right now. Shall I take a message?
caller: yes please
agent: What should I pass on?
""",
        BEGINS
        + """
caller: seven
agent: I can't find an order with that number. What's your order number?
expect tool: none
""",
        BEGINS
        + """
tool order_status: state ready
caller: well uh
agent: ...
caller: it is on the slip somewhere
agent: You can also enter the number on your keypad, and then press pound.
key: 0711#
agent: One moment, please.
agent: Your order 0, 7, 1, 1 is ready.
expect tool: order_status 0711
""",
        BEGINS
        + """
caller: never mind
agent: ...
caller: thanks bye
agent: ...
expect tool: none
""",
    ],
    ids=["found", "unknown, then found", "out of order", "no such number", "by keys", "left"],
)
def test_a_conversation_with_a_tool(text: str) -> None:
    assert played(text).said


def test_what_a_line_says() -> None:
    assert said_by_tool("failed") == ("failed", ())
    assert said_by_tool("state ready, pieces 3, paid yes") == (
        "done",
        (("paid", True), ("pieces", 3), ("state", "ready")),
    )
