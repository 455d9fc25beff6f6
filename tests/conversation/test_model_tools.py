"""Tools that the language model uses: what it is told, what is granted to it, what comes of the answer."""

from __future__ import annotations

import pytest

from appliance import configfile
from appliance.business import Business, load
from appliance.conversation import model_tools
from appliance.conversation.guard import Grounding, check
from appliance.conversation.phrases import Phrases
from appliance.conversation.prompts import system_prompt
from appliance.conversation.rehearsal import PlayFailed, Rehearsal, perform
from appliance.conversation.session import Session
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.settings import Mind, Turns
from tests.business.test_tools import OFFICE

TOOLS = """
[[tools]]
name = "order_status"
description = "where an order stands"
kind = "webhook"
url = "https://orders.example/status"
model = true
examples = [{ asked = "has my order 5501 shipped", give = { order = "5501" } }]
[tools.parameters]
type = "object"
required = ["order"]
[tools.parameters.properties.order]
type = "string"
pattern = "^[0-9]{4,8}$"
description = "the order number"
[tools.result]
type = "object"
required = ["state"]
[tools.result.properties.state]
type = "string"
[tools.result.properties.day]
type = "string"

[[tools]]
name = "part_price"
description = "the price of a part"
kind = "webhook"
url = "https://orders.example/price"
model = true
says = "{part} cost {price}. Is there anything else I can help with?"
[tools.parameters]
type = "object"
required = ["part"]
[tools.parameters.properties]
part = { type = "string", minLength = 2 }
car = { type = "string" }
[tools.result]
type = "object"
required = ["price"]
properties.price = { type = "string" }

[[tools]]
name = "cancel_order"
description = "cancels an order"
kind = "webhook"
url = "https://orders.example/cancel"
changes = true
model = true
confirm = "Shall I cancel order {order}?"
says = "Order {order} is cancelled. Is there anything else I can help with?"
[tools.parameters]
type = "object"
required = ["order"]
properties.order = { type = "string", pattern = "^[0-9]{4,8}$" }
[tools.result]
type = "object"
properties.state = { type = "string" }
"""
SHOP = configfile.parse(OFFICE + TOOLS, Business, name="office.toml")


# --- what the model is told ---------------------------------------------------------------------


def test_a_business_without_such_tools_is_asked_as_ever() -> None:
    plain = load("auto_repair")
    assert model_tools.schemas(plain) == ()
    assert model_tools.rules(plain) == model_tools.examples(plain) == ""
    assert "tool" not in system_prompt(plain)


def test_the_model_is_told_each_tool_and_how_it_is_asked_for() -> None:
    told = system_prompt(SHOP)
    assert '- where an order stands tool order_status {"order": "..."}' in told
    assert told.endswith('Caller: has my order 5501 shipped\nYou: tool order_status {"order": "5501"}')


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        ("has order four seven one one shipped", "has order 4711 shipped"),
        ("has order forty seven eleven shipped", "has order 4711 shipped"),
        ("Do you do MOTs?", "Do you do MOTs?"),
        ("do you have two of them", "do you have two of them"),
    ],
)
def test_digits_are_put_as_a_model_reads_them(question: str, figures: str) -> None:
    assert model_tools.question_in_figures(question, "en") == figures


# --- what is granted to it ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("use", "said", "arguments"),
    [
        ('order_status {"order": "4711"}', "has my order four seven one one shipped", {"order": "4711"}),
        ('order_status {"order": "4711"}', "order 4711 please", {"order": "4711"}),
        ('part_price {"part": "brake pads"}', "how much is a brake pad", {"part": "brake pads"}),
        (
            'part_price {"part": "the muffler", "car": "corolla"}',
            "price of a muffler",
            {"part": "the muffler"},
        ),
        ('part_price {"part": "12 bolts"}', "what do twelve bolts cost", {"part": "12 bolts"}),
    ],
)
def test_a_use_with_what_the_caller_said_is_granted(use: str, said: str, arguments: dict[str, str]) -> None:
    wish = model_tools.granted(use, SHOP, [said])
    assert (dict(wish.arguments), wish.refused) == (arguments, "")


@pytest.mark.parametrize(
    ("use", "said", "refused"),
    [
        ('order_status {"order": "5501"}', "has my order shipped", model_tools.UNSAID),
        ('order_status {"order": "4711"}', "has my order 47112 shipped", model_tools.UNSAID),
        ('order_status {"order": "47"}', "has my order 47 shipped", model_tools.UNFIT),
        ('part_price {"part": "muffler"}', "how much are brake pads", model_tools.UNSAID),
        ('part_price {"part": ""}', "how much are brake pads", model_tools.UNSAID),
        ("order_status {", "has my order 4711 shipped", model_tools.UNFIT),
        ('order_status ["4711"]', "has my order 4711 shipped", model_tools.UNFIT),
        ('order_status {"order": {"a": 1}}', "has my order 4711 shipped", model_tools.UNFIT),
        ('delete_all {"order": "4711"}', "has my order 4711 shipped", model_tools.UNKNOWN),
        ("", "has my order 4711 shipped", model_tools.UNKNOWN),
    ],
)
def test_what_nobody_said_or_no_schema_takes_is_refused(use: str, said: str, refused: str) -> None:
    assert model_tools.granted(use, SHOP, [said]).refused == refused


def test_a_number_said_a_moment_ago_counts() -> None:
    said = ["has it shipped yet", "it's about order four seven one one"]
    assert model_tools.granted('order_status {"order": "4711"}', SHOP, said).refused == ""


def test_of_a_choice_what_tells_it_apart_must_have_been_said() -> None:
    text = TOOLS.replace(
        'part = { type = "string", minLength = 2 }',
        'part = { type = "string", enum = ["north street", "main street"] }',
    )
    shop = configfile.parse(OFFICE + text, Business, name="office.toml")
    use = 'part_price {"part": "north street"}'
    assert model_tools.granted(use, shop, ["the north one"]).refused == ""
    assert model_tools.granted(use, shop, ["the one in the street"]).refused == model_tools.UNSAID


def test_a_tool_of_flows_is_not_the_models() -> None:
    shop = configfile.parse(
        OFFICE
        + TOOLS.replace(
            'model = true\nexamples = [{ asked = "has my order 5501 shipped", give = { order = "5501" } }]',
            "",
        ),
        Business,
        name="office.toml",
    )
    wish = model_tools.granted('order_status {"order": "4711"}', shop, ["order 4711"])
    assert wish.refused == model_tools.UNKNOWN


# --- what comes of the answer -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "allowed"),
    [
        ("Your order 4711 is ready.", True),
        ("Your order is ready tomorrow morning.", True),
        ("Your order 4712 is ready.", False),
        ("Your order is ready on Friday.", False),
        ("Your order has been delivered to your home.", False),
    ],
)
def test_what_the_tool_said_grounds_the_answer_and_nothing_else(sentence: str, *, allowed: bool) -> None:
    tool = SHOP.tool("order_status")
    assert tool is not None
    told = model_tools.statement(
        tool, (("order", "4711"),), (("day", "tomorrow morning"), ("state", "ready")), "en"
    )
    grounding = Grounding([told], "has my order 4711 shipped")
    assert check(sentence, grounding).allowed is allowed


# --- plays --------------------------------------------------------------------------------------


def played(text: str) -> Rehearsal:
    session = Session(
        "play", SHOP, Phrases(), turns=Turns(), mind=Mind(), has_model=True, has_documents=False
    )

    def fetch(command: do.DiaryCommand | do.TakeMessage) -> ev.SessionEvent:
        assert isinstance(command, do.TakeMessage)
        return ev.MessageTaken(command.call_id, command.query, kept=True)

    rehearsal = Rehearsal(session, fetch)
    perform(text, rehearsal)
    return rehearsal


GREETED = """
agent: ...
caller: has my order four seven one one shipped
"""


@pytest.mark.parametrize(
    "text",
    [
        GREETED
        + """
tool order_status: state ready, day tomorrow morning
model: tool order_status {"order": "4711"}
agent: Let me look that up.
model: Your order 4711 is ready tomorrow morning.
agent: Your order 4711 is ready tomorrow morning.
model ends: done
expect tool: order_status 4711
""",
        GREETED
        + """
tool order_status: state ready
model: tool order_status {"order": "4711"}
agent: Let me look that up.
model: Your order 4711 arrives on Friday for free.
agent: The order is 4711, the state is ready.
expect event: guard_refused
""",
        GREETED
        + """
tool order_status: none
model: tool order_status {"order": "4711"}
agent: Let me look that up.
agent: I can't find anything under that. Shall I take a message, so that somebody calls you back?
""",
        GREETED
        + """
model: tool order_status {"order": "4711"}
agent: Let me look that up.
agent: I can't look that up right now. Shall I take a message, so that somebody calls you back?
""",
        GREETED
        + """
model: tool order_status {"order": "5501"}
agent: I can look that up if you tell me the order number.
expect tool: none
expect event: guard_refused
""",
        """
agent: ...
caller: what do brake pads cost for my car
agent: ...
tool part_price: price eighty dollars
model: tool part_price {"part": "brake pads"}
agent: Let me look that up.
agent: brake pads cost eighty dollars. Is there anything else I can help with?
expect tool: part_price brake pads
""",
    ],
    ids=["answered", "invented", "nothing there", "out of order", "not said", "in the business's words"],
)
def test_a_question_that_the_model_looks_up(text: str) -> None:
    assert played(text).said


CANCELS = """
agent: ...
caller: could you please stop order four seven one one for me
agent: Well,
tool cancel_order: state gone
model: tool cancel_order {"order": "4711"}
agent: Shall I cancel order 4711?
expect tool: none
"""


@pytest.mark.parametrize(
    "text",
    [
        CANCELS
        + """
caller: yes please
agent: One moment, please.
agent: Order 4711 is cancelled. Is there anything else I can help with?
expect tool: cancel_order 4711
""",
        CANCELS
        + """
caller: no
agent: All right, I'll leave that. Is there anything else I can help with?
expect tool: none
""",
        CANCELS
        + """
doubtful: 0.2
caller: yes
agent: Sorry, was that a yes?
expect tool: none
caller: yes
agent: One moment, please.
agent: Order 4711 is cancelled. ...
""",
        CANCELS
        + """
tool cancel_order: failed
caller: yes please
agent: One moment, please.
agent: I'm sorry, I can't do that right now. Shall I take a message, so that somebody calls you back?
caller: yes
agent: What should I pass on?
""",
        CANCELS
        + """
caller: hmm what was that
agent: ...
caller: blue
agent: ...
caller: green
agent: ...
expect tool: none
""",
    ],
    ids=["yes", "no", "an unsure yes", "it fails", "no answer"],
)
def test_what_changes_something_needs_a_yes(text: str) -> None:
    assert played(text).said


def test_one_use_a_turn_and_the_prompt_goes_on_where_it_was() -> None:
    rehearsal = played(
        GREETED + 'tool order_status: state ready\nmodel: tool order_status {"order": "4711"}\nagent: ...'
    )
    first, second = rehearsal.asks
    assert [name for name, _ in first.tools] == ["order_status", "part_price", "cancel_order"]
    assert second.tools == ()
    assert second.system == first.system
    assert second.prompt.startswith(first.prompt)
    assert "The order is 4711, the state is ready." in second.prompt


def test_a_late_answer_to_a_question_that_is_over_is_nothing() -> None:
    rehearsal = played(
        GREETED
        + """
tool order_status: state ready
model: tool order_status {"order": "4711"}
agent: Let me look that up.
caller: never mind thanks bye
agent: ...
"""
    )
    said = len(rehearsal.said)
    query = next(one.query for one in rehearsal.done if isinstance(one, do.CallTool))
    rehearsal.tell(ev.ToolAnswered("play", query, "order_status", "done", (("state", "ready"),)))
    assert len(rehearsal.said) == said


def test_a_mind_that_is_lost_meanwhile_leaves_a_message() -> None:
    with pytest.raises(PlayFailed):
        played(GREETED + "agent: never said")
    rehearsal = played(GREETED)
    rehearsal.tell(ev.MindLost("play"))
    assert "Shall I take a message" in rehearsal.said[-1]
