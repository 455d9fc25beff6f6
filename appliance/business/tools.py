"""Tools: what can be looked up or done for a caller outside the conversation, declared as data.

A flow uses one (a state with `do = "tool"`), and so does the language model where `model = true`. What goes in
and what comes out is described by JSON Schema (2020-12), flat: each property is a text, a number, or true or false,
because it is heard and spoken. Answers that do not fit are no answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from string import Formatter
from typing import Annotated, Final

from pydantic import Field, model_validator

from appliance.business.flows import Deed, FlowTable, Name, StateTable
from appliance.business.schemas import Schema, allows, fault_in
from appliance.configfile import ManyMisplaced, Misplaced, Strict
from appliance.settings import web_address

_SPOKEN: Final = frozenset({"string", "integer", "number", "boolean"})


class ToolKind(StrEnum):
    """Who does the work."""

    WEBHOOK = "webhook"  # another machine, asked by HTTP
    OPENING_HOURS = "opening_hours"  # the business's own file
    APPOINTMENT = "appointment"  # the diary


_PARAMETERS: Final[Mapping[ToolKind, Schema]] = {
    ToolKind.OPENING_HOURS: {
        "type": "object",
        "properties": {"day": {"type": "string", "description": "the day, as the caller says it"}},
        "required": ["day"],
    },
    ToolKind.APPOINTMENT: {
        "type": "object",
        "properties": {"phone": {"type": "string", "description": "the caller's number"}},
        "required": ["phone"],
    },
}
_RESULTS: Final[Mapping[ToolKind, Schema]] = {
    ToolKind.OPENING_HOURS: {
        "type": "object",
        "properties": {"open": {"type": "boolean"}, "day": {"type": "string"}, "hours": {"type": "string"}},
        "required": ["open", "day", "hours"],
    },
    ToolKind.APPOINTMENT: {
        "type": "object",
        "properties": {
            "service": {"type": "string"},
            "moment": {"type": "string"},
            "count": {"type": "integer"},
        },
        "required": ["service", "moment", "count"],
    },
}


class ToolExample(Strict):
    """A question that callers ask, and what the tool is given then: shown to the language model."""

    asked: Annotated[str, Field(min_length=1)]
    """What a caller says: "has my order 5501 shipped"."""
    give: dict[str, str | int | float] = Field(default_factory=dict)
    """The arguments, in words and digits that the caller said."""


class Tool(Strict):
    """Something that can be looked up or done for a caller; flows use it by its name."""

    name: Name
    """What flows call it by."""
    description: Annotated[str, Field(min_length=1)]
    """What it does, in a sentence."""
    kind: ToolKind
    """Who does it: another machine (webhook), or the box itself (opening_hours, appointment)."""
    url: str = ""
    """For a webhook: where the arguments are posted as JSON; https, or http within the office."""
    secret: Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]*)?$")] = ""
    """For a webhook: the name of the secret that signs what is posted; empty: it is not signed."""
    parameters: Schema = Field(default_factory=dict)
    """For a webhook: JSON Schema of the arguments, an object of texts, numbers, or true and false."""
    result: Schema = Field(default_factory=dict)
    """For a webhook: JSON Schema of the answer. What it declares can be spoken and branched on."""
    limit_ms: Annotated[int, Field(ge=100, le=15000)] = 4000
    """An answer that takes longer is none."""
    cache_s: Annotated[int, Field(ge=0, le=86400)] = 0
    """How long an answer to the same arguments holds; 0: it is asked each time."""
    changes: bool = False
    """Whether using it changes something out there; its answers are then never kept."""
    model: bool = False
    """Whether the language model may use it for a question that no flow, fact or document answers."""
    examples: tuple[ToolExample, ...] = ()
    """For the model: what callers ask. One or two make it choose well; keep the numbers unlike real ones."""
    says: str = ""
    """For the model: what is said of an answer, {names} being what was given and what came. Empty: it composes."""
    confirm: str = ""
    """For the model, where `changes`: the yes or no question that is put before it is used: "Shall I ...?"."""

    @model_validator(mode="after")
    def _is_whole(self) -> Tool:
        if faults := list(_faults_of(self)):
            raise ManyMisplaced(faults)
        return self

    @property
    def takes(self) -> Schema:
        """The schema of its arguments, closed: nothing else is sent."""
        return {**(_PARAMETERS.get(self.kind) or self.parameters), "additionalProperties": False}

    @property
    def gives(self) -> Schema:
        """The schema of its result; what is not declared is ignored."""
        return _RESULTS.get(self.kind) or self.result


def parameters_of(schema: Schema) -> dict[str, Schema]:
    """The properties of a flat schema by name."""
    found: dict[str, Schema] = schema.get("properties", {})
    return found


# --- what cannot be used ------------------------------------------------------------------------


def _faults_of(tool: Tool) -> Iterator[Misplaced]:
    yield from _unfit_for_model(tool) if tool.model else _only_for_model(tool)
    if tool.kind is not ToolKind.WEBHOOK:
        for key in ("url", "secret", "parameters", "result"):
            if getattr(tool, key):
                yield Misplaced(f'the kind "{tool.kind}" has its own; remove it.', (key,))
        return
    try:
        web_address(tool.url)
    except ValueError as error:
        yield Misplaced(str(error), ("url",))
    for key in ("parameters", "result"):
        yield from (Misplaced(text, (key, *path)) for path, text in _schema_faults(getattr(tool, key)))
    if tool.changes and tool.cache_s:
        yield Misplaced("what changes something is done each time: remove it.", ("cache_s",))


_FOR_MODEL: Final = ("examples", "says", "confirm")


def _only_for_model(tool: Tool) -> Iterator[Misplaced]:
    yield from (Misplaced("is for model = true only.", (key,)) for key in _FOR_MODEL if getattr(tool, key))


def _unfit_for_model(tool: Tool) -> Iterator[Misplaced]:
    """The model may ask what a caller may ask anybody, in the caller's own words; what it does is agreed first."""
    taken, given = parameters_of(tool.takes), parameters_of(tool.gives)
    if tool.kind is ToolKind.APPOINTMENT:
        yield Misplaced("what stands in the diary is a flow's to ask for: remove it.", ("model",))
    for name in sorted(one for one, schema in taken.items() if _is_unsayable(schema)):
        yield Misplaced(f'"{name}" is true or false, which nobody says: let a flow use it.', ("model",))
    if tool.changes:
        for key in (key for key in ("confirm", "says") if not getattr(tool, key)):
            yield Misplaced("must be there: what changes something is agreed to, and told.", (key,))
    elif tool.confirm:
        yield Misplaced("is for changes = true only.", ("confirm",))
    yield from _unknown_names(tool.confirm, taken, "confirm")
    yield from _unknown_names(tool.says, {**taken, **given}, "says")
    for number, example in enumerate(tool.examples):
        if fault_in(tool.takes) is None and not allows(tool.takes, example.give):
            yield Misplaced("is nothing that `parameters` takes.", ("examples", number, "give"))


def _is_unsayable(schema: object) -> bool:
    return isinstance(schema, dict) and schema.get("type") == "boolean"


def _unknown_names(text: str, known: Mapping[str, Schema], key: str) -> Iterator[Misplaced]:
    try:
        names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        yield Misplaced(f"cannot be filled in: {error}.", (key,))
        return
    for name in sorted(names - set(known)):
        yield Misplaced(f"knows no {{{name}}}. Known are: {', '.join(sorted(known))}.", (key,))


def _schema_faults(schema: Schema) -> Iterator[tuple[tuple[str, ...], str]]:
    if (fault := fault_in(schema)) is not None:
        yield fault[0], f"is no JSON Schema: {fault[1]}."
        return
    if schema.get("type") != "object" or not parameters_of(schema):
        yield (), 'describes no object: give it type = "object" and properties.'
    for name, one in parameters_of(schema).items():
        if not isinstance(one, dict) or one.get("type") not in _SPOKEN:
            yield ("properties", name), f"must be one of: {', '.join(sorted(_SPOKEN))}; give it a type."
    unknown = set(schema.get("required", ())) - set(parameters_of(schema))
    yield from ((("required",), f'"{name}" is not among the properties.') for name in sorted(unknown))
    if "$ref" in str(schema):
        yield (), "refers to another schema; write it out."


Place = tuple[str | int, ...]


def tool_faults(flow: FlowTable, tools: Mapping[str, Tool]) -> Iterator[tuple[Place, str]]:
    """What does not fit between the states of a flow and the tools they use: the place, and what is wrong."""
    for name, state in flow.states.items():
        if state.do is not Deed.TOOL:
            continue
        place = ("states", name)
        if (tool := tools.get(state.tool)) is None:
            known = ", ".join(sorted(tools)) or "none"
            yield (*place, "tool"), f'there is no tool "{state.tool}". Known are: {known}.'
            continue
        yield from (((*place, *path), text) for path, text in _unfit_use(state, tool, flow))


def _unfit_use(state: StateTable, tool: Tool, flow: FlowTable) -> Iterator[tuple[Place, str]]:
    taken, given = parameters_of(tool.takes), parameters_of(tool.gives)
    for parameter in state.give:
        if parameter not in taken:
            known = ", ".join(sorted(taken))
            yield ("give", parameter), f'"{tool.name}" takes no "{parameter}". It takes: {known}.'
    for parameter in sorted(set(tool.takes.get("required", ())) - set(state.give)):
        yield ("give",), f'"{tool.name}" needs "{parameter}": say which slot holds it.'
    if state.by and state.by not in given:
        yield ("by",), f'"{tool.name}" gives no "{state.by}". It gives: {", ".join(sorted(given))}.'
    for name in sorted(set(given) & set(flow.slots)):
        yield (), f'"{name}" is a slot and a result of "{tool.name}": rename the slot.'
    if tool.kind is ToolKind.WEBHOOK and not state.say:
        yield (), "may take seconds, and the caller would hear nothing: give it something to say."


def results_of(flow: FlowTable, tools: Mapping[str, Tool]) -> set[str]:
    """What the tools of a flow give: its phrases may speak of it."""
    used = (tools.get(state.tool) for state in flow.states.values() if state.tool)
    return {name for tool in used if tool is not None for name in parameters_of(tool.gives)}
