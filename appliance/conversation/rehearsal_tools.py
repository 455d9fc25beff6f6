"""The tools of a rehearsal: what a play lets them say. Without a line for it a tool fails.

tool order_status: state ready, day tomorrow morning        (from here on; names and values as its result has them)
tool order_status: none | failed
model: tool order_status {"order": "4711"}                  (the model uses a tool instead of answering)
expect tool: order_status 4711
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from appliance.conversation.tools import DONE, FAILED, NONE, Scalar, Values
from appliance.domain import commands as do
from appliance.domain import events as ev

Said = tuple[str, Values]
"""The outcome and the result of every use that follows."""


def said_by_tool(rest: str) -> Said:
    """What a line of a play lets a tool say."""
    if rest in {NONE, FAILED}:
        return rest, ()
    parts = (part.strip().partition(" ") for part in rest.split(","))
    return DONE, tuple(sorted((name, _value(text.strip())) for name, _, text in parts))


def _value(text: str) -> Scalar:
    return int(text) if text.isdecimal() else {"yes": True, "no": False}.get(text, text)


def composed(call_id: str, ask: int, text: str) -> ev.ReplySentence:
    """What the model composes in a play: a sentence, or the use of a tool."""
    if text.startswith(do.TOOL_MARK):
        return ev.ReplySentence(call_id, ask, text.removeprefix(do.TOOL_MARK), calls_tool=True)
    return ev.ReplySentence(call_id, ask, text)


def answered(command: do.CallTool, tools: Mapping[str, Said]) -> ev.ToolAnswered:
    """The answer to a use, as the play has it."""
    outcome, result = tools.get(command.tool, (FAILED, ()))
    return ev.ToolAnswered(command.call_id, command.query, command.tool, outcome, result)


def used(done: Sequence[do.SessionCommand]) -> str:
    """The tools that were used and what they were given; empty when none was."""
    uses = [one for one in done if isinstance(one, do.CallTool)]
    return "; ".join(" ".join([one.tool, *(str(value) for _, value in one.arguments)]) for one in uses)
