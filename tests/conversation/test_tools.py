"""What a tool may be given, what of an answer counts, how long it holds."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from appliance.business import Tool, ToolKind
from appliance.conversation.tools import Remembered, arguments_of, checked, key_of, result_of

ORDERS = Tool(
    name="order_status",
    description="Where an order stands.",
    kind=ToolKind.WEBHOOK,
    url="https://orders.example/status",
    parameters={
        "type": "object",
        "properties": {"order": {"type": "string", "pattern": "^[0-9]{4,8}$"}, "pieces": {"type": "integer"}},
        "required": ["order"],
    },
    result={
        "type": "object",
        "properties": {"state": {"enum": ["ready", "open"], "type": "string"}, "note": {"type": "string"}},
        "required": ["state"],
    },
    cache_s=60,
)


def test_what_was_heard_is_made_to_fit_the_schema() -> None:
    assert arguments_of(ORDERS, {"order": 4711, "pieces": "12"}) == (("order", "4711"), ("pieces", 12))


@pytest.mark.parametrize(
    "held",
    [{}, {"order": "12"}, {"order": "forty"}, {"order": "4711", "pieces": "few"}, {"order": "4711", "x": 1}],
)
def test_what_the_schema_refuses_is_not_given(held: dict) -> None:
    assert arguments_of(ORDERS, held) is None


@pytest.mark.parametrize(
    ("status", "body", "outcome", "result"),
    [
        (200, b'{"state": "ready", "note": " a\\n  b ", "x": 1}', "done", {"state": "ready", "note": "a b"}),
        (200, b'{"state": "lost"}', "failed", {}),
        (200, b"{}", "failed", {}),
        (200, b"[]", "failed", {}),
        (200, b'{"state": "ready", "x": NaN}', "failed", {}),
        (200, b"not json", "failed", {}),
        (200, b"[" * 200_000, "failed", {}),
        (200, b'{"state": "ready", "note": "\xff"}', "failed", {}),
        (200, json.dumps({"state": "ready", "note": "x" * 301}).encode(), "failed", {}),
        (204, b"", "none", {}),
        (404, b'{"state": "ready"}', "none", {}),
        (401, b"", "failed", {}),
        (500, b'{"state": "ready"}', "failed", {}),
        (0, b"", "failed", {}),
    ],
)  # fmt: skip
def test_what_an_answer_says(status: int, body: bytes, outcome: str, result: dict) -> None:
    found, values = result_of(ORDERS, status, body)
    assert (found, dict(values)) == (outcome, result)


@given(some.binary(max_size=200), some.integers(0, 599))
def test_no_answer_breaks_anything(body: bytes, status: int) -> None:
    assert result_of(ORDERS, status, body)[0] in {"done", "none", "failed"}


def test_the_same_use_has_the_same_key_and_another_has_not() -> None:
    one = (("order", "4711"),)
    assert key_of("c1", "order_status", one) == key_of("c1", "order_status", one)
    others = {key_of("c2", "order_status", one), key_of("c1", "x", one), key_of("c1", "order_status", ())}
    assert len(others | {key_of("c1", "order_status", one)}) == 4


def test_an_answer_holds_as_long_as_the_tool_says_and_a_failure_does_not() -> None:
    remembered, asked = Remembered(), (("order", "4711"),)
    remembered.keep(ORDERS, asked, "failed", (), 0)
    assert remembered.get(ORDERS, asked, 1) is None
    remembered.keep(ORDERS, asked, "none", (), 0)
    assert remembered.get(ORDERS, asked, 59) == ("none", ())
    assert remembered.get(ORDERS, asked, 60) is None
    assert remembered.get(ORDERS, (("order", "4712"),), 1) is None
    for number in range(1000):
        remembered.keep(ORDERS, (("order", str(number)),), "none", (), 100)
    assert remembered.get(ORDERS, (("order", "1"),), 100) is None
    assert remembered.get(ORDERS, (("order", "999"),), 100) == ("none", ())


def test_answers_of_the_house_are_checked_too() -> None:
    hours = Tool(name="hours", description="When we are open.", kind=ToolKind.OPENING_HOURS)
    assert checked(hours, {"open": True, "day": "today", "hours": "all day"})[0] == "done"
    assert checked(hours, {"open": "yes"})[0] == "failed"
