"""Tools as a business file declares them: what is wrong is said with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance import configfile
from appliance.business import Business, load
from appliance.errors import ConfigError
from appliance.settings import shipped

OFFICE = shipped("config/businesses/auto_repair.toml").read_text(encoding="utf-8")
TOOL = """
[[tools]]
name = "order_status"
description = "Where an order stands, by its number."
kind = "webhook"
url = "https://orders.example/status"
secret = "orders_secret"
cache_s = 60
[tools.parameters]
type = "object"
required = ["order"]
[tools.parameters.properties.order]
type = "string"
pattern = "^[0-9]{4,8}$"
[tools.result]
type = "object"
required = ["state"]
[tools.result.properties.state]
type = "string"
enum = ["ready", "open"]
[tools.result.properties.day]
type = "string"
"""
FLOW = """
[[flows]]
name = "order"
begins = "which"
[flows.slots.number]
kind = "reference"
ask = ["which_order"]
[flows.states.which]
ask = "number"
next = "look"
[flows.states.look]
say = ["one_moment"]
do = "tool"
tool = "order_status"
give = { order = "number" }
by = "state"
next = "open"
on = { ready = "ready", none = "unknown", failed = "no_way" }
[flows.states.ready]
say = ["it_is_ready"]
end = "answered"
[flows.states.open]
say = ["it_is_open"]
end = "answered"
[flows.states.unknown]
say = ["not_found"]
next = "which"
[flows.states.no_way]
say = ["cannot_look"]
flow = "message"
[flows.phrases]
which_order = "What's your order number?"
it_is_ready = "Your order {number} is ready."
it_is_open = "It will be ready {day}."
not_found = "I can't find an order with that number."
cannot_look = "I can't look that up right now. Shall I take a message?"
"""


def parsed(text: str) -> Business:
    return configfile.parse(OFFICE + text, Business, name="office.toml")


def test_a_tool_and_a_flow_that_uses_it() -> None:
    office = parsed(TOOL + FLOW)
    tool = office.tool("order_status")
    assert tool is not None
    assert tool.takes["additionalProperties"] is False
    assert load("auto_repair").tool("order_status") is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "webhook"', 'kind = "fax"', "kind"),
        ('url = "https://', 'url = "http://', "in the clear"),
        ('type = "string"\npattern', 'type = "text"\npattern', "is no JSON Schema"),
        ('pattern = "^[0-9]{4,8}$"', 'pattern = "^[0-9"', "is no JSON Schema"),
        ('type = "string"\npattern', 'type = "array"\npattern', "must be one of: boolean, integer"),
        ('required = ["order"]', 'required = ["ordr"]', '"ordr" is not among the properties'),
        ('[tools.result]\ntype = "object"', '[tools.result]\ntype = "string"', "describes no object"),
        ("cache_s = 60", "cache_s = 60\nchanges = true", "done each time"),
        ("cache_s = 60", "cash_s = 60", "Did you mean `cache_s`"),
        ('kind = "webhook"', 'kind = "appointment"', "has its own; remove it"),
        ('tool = "order_status"', 'tool = "orders"', 'no tool "orders". Known are: order_status'),
        ("give = { order =", "give = { order_no =", 'takes no "order_no". It takes: order'),
        (
            'required = ["order"]\n',
            'required = ["order", "pieces"]\nproperties.pieces = { type = "integer" }\n',
            'needs "pieces": say which slot holds it',
        ),
        ('give = { order = "number" }\n', "", "without asking anew for what is given to it"),
        ('give = { order = "number" }', 'give = { order = "numbre" }', 'there is no slot "numbre"'),
        ('by = "state"', 'by = "status"', 'gives no "status". It gives: day, state'),
        ('say = ["one_moment"]\n', "", "the caller would hear nothing"),
        ('tool = "order_status"\n', "", "together with tool ="),
        ('none = "unknown"', 'none = "look"', "again and again"),
        ('failed = "no_way"', 'failed = "again"', "no state"),
        (', failed = "no_way" }', " }", 'must say where "failed" leads'),
        ("ready {day}", "ready {date}", "speaks of {date}"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, said: str) -> None:
    assert old in TOOL + FLOW
    with pytest.raises(ConfigError) as refused:
        parsed((TOOL + FLOW).replace(old, new))
    assert said in str(refused.value)
    line = int(str(refused.value).split(":")[1])
    assert line > OFFICE.count("\n")


FOR_MODEL = TOOL.replace(
    "cache_s = 60",
    """cache_s = 60
model = true
says = "It's {state}, order {order}."
examples = [{ asked = "has my order 5501 shipped", give = { order = "5501" } }]
""",
)


def test_a_tool_for_the_model() -> None:
    tool = parsed(FOR_MODEL).tool("order_status")
    assert tool is not None
    assert tool.model
    assert tool.examples[0].give == {"order": "5501"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("model = true\n", "", "is for model = true only"),
        ("{state}", "{status}", "knows no {status}. Known are: day, order, state"),
        ("{state}", "{state", "cannot be filled in"),
        ('give = { order = "5501" }', 'give = { order = "55" }', "is nothing that `parameters` takes"),
        ('give = { order = "5501" }', 'given = { order = "5501" }', "Did you mean `give`"),
        ("cache_s = 60", "changes = true", "is agreed to, and told"),
        ("model = true", 'model = true\nconfirm = "Shall I?"', "is for changes = true only"),
        (
            "cache_s = 60",
            'changes = true\nconfirm = "Shall I, for {day}?"',
            "knows no {day}. Known are: order",
        ),
        ('type = "string"\npattern = "^[0-9]{4,8}$"', 'type = "boolean"', "which nobody says"),
    ],
)
def test_what_the_model_may_not_use(old: str, new: str, said: str) -> None:
    assert old in FOR_MODEL
    with pytest.raises(ConfigError) as refused:
        parsed(FOR_MODEL.replace(old, new))
    assert said in str(refused.value)
    assert int(str(refused.value).split(":")[1]) > OFFICE.count("\n")


def test_the_diary_is_asked_by_flows_only() -> None:
    diary = """
[[tools]]
name = "own_appointment"
description = "What the caller has before them."
kind = "appointment"
model = true
"""
    with pytest.raises(ConfigError, match="is a flow's to ask for"):
        parsed(diary)


def test_two_of_one_name() -> None:
    with pytest.raises(ConfigError, match='"order_status" stands twice'):
        parsed(TOOL + TOOL)


def test_the_example_in_the_manual_is_one() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "tools.md").read_text(encoding="utf-8")
    example = manual.split("```toml\n")[1].split("```")[0]
    office = parsed("\n" + example)
    assert office.tool("order_status") is not None
    assert office.flows[-1].states["look"].give == {"order": "number"}
