"""The bench of the model's tools: its material is whole, and its figures are what they say."""

from __future__ import annotations

from appliance.bench.tools import Asked, Question, findings, offices
from appliance.business.schemas import allows
from appliance.conversation import model_tools
from appliance.conversation.model_tools import Wish

ORDER = Question(asks="is order 4711 ready", use="order_status", give={"order": "4711"})
OTHER = Question(asks="do you paint")


def asked(
    question: Question, wished: str = "", order: str = "", refused: str = "", spoken: str = ""
) -> Asked:
    wish = Wish("order_status" if wished else "", (("order", order),) if order else (), refused)
    return Asked(question, wished, wish, 1000.0, 10.0, spoken)


def test_the_material_can_be_answered() -> None:
    [office] = offices()
    needing = [one for one in office.questions if one.use]
    assert (len(needing), len(office.questions)) == (30, 50)
    for one in needing:
        tool = office.business.tool(one.use)
        assert tool is not None
        assert allows(tool.takes, one.give), one.asks
        wish = model_tools.granted(
            model_tools.use_of(one.use, one.give).removeprefix("tool "), office.business, [one.asks]
        )
        assert dict(wish.arguments) == one.give, one.asks


def test_the_figures() -> None:
    rows = [
        asked(ORDER, "x", "4711", spoken="It's ready."),
        asked(ORDER),
        asked(ORDER, "x", "4712"),
        asked(ORDER, "x", refused="tool argument unsaid"),
        asked(OTHER),
        asked(OTHER, "x", "4711"),
    ]
    summary = findings(rows, "fake").summary
    assert summary["right_tool_and_arguments"] == 0.25
    assert summary["no_tool_where_none_is_needed"] == 0.5
    assert summary["wrong_uses_granted"] == round(2 / 6, 3)
    assert summary["own_words_may_be_spoken"] == 1.0
