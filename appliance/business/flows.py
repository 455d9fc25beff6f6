"""A flow as data: what is asked, in which order, what is read back, what is done, and where each answer leads.

A file of config/flows/ is one flow; a business replaces it, or adds its own, as [[flows]] in its file. The words
stand in the phrase table of the language, so a flow knows no language; what a slot kind hears and how it asks
is code (conversation/flows/). `check` refuses what could not be run: see `faults_of`.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Final, Self

from pydantic import Field, model_validator

from appliance import configfile
from appliance.configfile import ManyMisplaced, Misplaced, Strict
from appliance.settings import shipped

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class SlotKind(StrEnum):
    """What a slot can hold; each kind knows how it is heard, read back and put right."""

    SERVICE = "service"  # one of the business's services
    OPENING = "opening"  # a day and time that is free in the diary
    APPOINTMENT = "appointment"  # one the caller has already, found by number
    APPOINTMENTS = "appointments"  # all of them, to be told
    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"  # a postal one: house number, street, and whatever else is said of it
    TEXT = "text"  # whatever is said, as it is said
    NUMBER = "number"
    REFERENCE = "reference"  # digits that name something: an order, a customer
    YES_NO = "yes_no"
    CHOICE = "choice"  # one of `choices`
    PERSON = "person"  # for whom; never asked of its own accord by the shipped flows
    URGENCY = "urgency"


class Deed(StrEnum):
    """What a flow can have done."""

    BOOK = "book"
    MOVE = "move"
    CANCEL = "cancel"
    TAKE_MESSAGE = "take_message"
    TOOL = "tool"


class Ending(StrEnum):
    """How a flow ends, as the record of the call keeps it."""

    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    MESSAGE = "message"
    ANSWERED = "answered"
    DROPPED = "dropped"


NEEDED: Final = {
    Deed.BOOK: {SlotKind.SERVICE, SlotKind.OPENING, SlotKind.NAME, SlotKind.PHONE},
    Deed.MOVE: {SlotKind.APPOINTMENT, SlotKind.OPENING},
    Deed.CANCEL: {SlotKind.APPOINTMENT},
    Deed.TAKE_MESSAGE: {SlotKind.TEXT, SlotKind.NAME, SlotKind.PHONE},
    Deed.TOOL: set[SlotKind](),
}
"""The kinds of slot a deed is made of."""
_DEED_BRANCHES: Final = {
    Deed.BOOK: {"taken", "failed"},
    Deed.MOVE: {"taken", "failed"},
    Deed.CANCEL: {"failed"},
    Deed.TAKE_MESSAGE: {"failed"},
    Deed.TOOL: {"failed"},
}
_KIND_BRANCHES: Final = {
    SlotKind.OPENING: {"failed"},
    SlotKind.APPOINTMENT: {"none", "failed"},
    SlotKind.APPOINTMENTS: {"none", "failed"},
}
_LEANS_ON: Final = {
    SlotKind.OPENING: {SlotKind.SERVICE, SlotKind.APPOINTMENT},
    SlotKind.APPOINTMENT: {SlotKind.PHONE},
    SlotKind.APPOINTMENTS: {SlotKind.PHONE},
}
_UNASKED: Final = {SlotKind.PERSON, SlotKind.URGENCY}  # picked out of what was said

_MAY_BE_PRIVATE: Final = frozenset(
    {SlotKind.TEXT, SlotKind.NUMBER, SlotKind.REFERENCE, SlotKind.YES_NO, SlotKind.CHOICE}
)
"""The rest is kept by what is done with it: a booking has a name, a message a number."""


class _Fixed(Strict):
    """Never changes after loading: a copy of a conversation shares it."""

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        return self


class SlotTable(_Fixed):
    """Something to be known from the caller."""

    kind: SlotKind
    """What it holds; a kind of slot that the product knows."""
    ask: tuple[str, ...] = ()
    """The phrases that ask for it: the plain question, then the same asked differently."""
    first: str = ""
    """The phrase that asks the very first time, if another than `ask` begins with."""
    gap: bool = False
    """Whether the flow goes on without it when it cannot be had; the gap is marked."""
    remembered: bool = False
    """Whether what was said earlier in the call counts and is not asked again."""
    private: bool = False
    """Whether the answer is nobody's business: it is not recorded, and kept nowhere in words."""
    choices: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """For the kind "choice": each value, and the words callers say for it."""


class StateTable(_Fixed):
    """One place of a flow. It asks, confirms, does, says and goes on, or ends."""

    ask: str = ""
    """The slot that is asked for here; passed by when it is known."""
    confirm: tuple[str, ...] = ()
    """Phrases that read back and ask whether it is right: the first all of whose slots are known is said."""
    change: str = ""
    """The phrase that asks what is wrong, after a plain no."""
    correct: tuple[str, ...] = ()
    """Slots that may be put right at the confirmation, or, where a flow is offered, given anew to look again."""
    do: Deed | None = None
    """What is done here; the answer decides where it goes on."""
    tool: str = ""
    """For `do = "tool"`: the tool that is used."""
    give: dict[str, str] = Field(default_factory=dict)
    """For a tool: each of its parameters, and the slot that holds it."""
    by: str = ""
    """For a tool: the part of its result whose value is looked for in `on`; without one `next` follows."""
    say: tuple[str, ...] = ()
    """Phrases that are said in passing: the first all of whose slots are known."""
    next: str = ""
    """The state that follows."""
    on: dict[str, str] = Field(default_factory=dict)
    """Branches: the answer (yes, no, a choice, taken, failed, none, invalid, stuck), and the state it leads to."""
    end: Ending | None = None
    """The flow is over."""
    flow: str = ""
    """The flow that is offered by `say`, a yes or no question, and takes over."""

    @property
    def targets(self) -> dict[str, str]:
        """Every state that may follow, by the key that names it."""
        return {**({"next": self.next} if self.next else {}), **{f"on.{k}": v for k, v in self.on.items()}}


class FlowTable(_Fixed):
    """A small conversation with one aim."""

    name: Name
    """What it is called: "booking", "message", "move" and "cancel" are begun by those wishes."""
    begins: str
    """The state it begins in."""
    slots: dict[Name, SlotTable]
    states: dict[Name, StateTable]
    phrases: dict[Name, str] = Field(default_factory=dict)
    """Wording that only this flow uses, beside the product's phrases."""

    @model_validator(mode="after")
    def _can_be_run(self) -> FlowTable:
        if faults := [Misplaced(message, path) for path, message in faults_of(self)]:
            raise ManyMisplaced(faults)
        return self

    def asking(self, slot: str) -> str:
        """The state that asks for `slot`; empty when none does."""
        return next((name for name, state in self.states.items() if state.ask == slot), "")

    def of_kind(self, kind: SlotKind) -> str:
        """The first slot of this kind; empty when there is none."""
        return next((name for name, slot in self.slots.items() if slot.kind is kind), "")


@cache
def shipped_flows() -> dict[str, FlowTable]:
    """The product's own flows by name, from config/flows/. ConfigError."""
    folder = shipped("config/flows")
    flows = [configfile.read(path, FlowTable) for path in sorted(folder.glob("*.toml"))]
    return {flow.name: flow for flow in flows}


# --- what cannot be run -------------------------------------------------------------------------

Fault = tuple[tuple[str, ...], str]


def faults_of(flow: FlowTable) -> Iterator[Fault]:
    """What is wrong with `flow`: the path of keys to the place, and what is wrong there."""
    if unknown := list(_unknown_names(flow)):  # what follows would stumble over them
        yield from unknown
        return
    yield from _unfit_states(flow)
    yield from _unfit_slots(flow)
    yield from _dead_ends(flow)


def _unknown_names(flow: FlowTable) -> Iterator[Fault]:
    if flow.begins not in flow.states:
        yield ("begins",), f'there is no state "{flow.begins}". {_known(flow.states)}'
    for name, state in flow.states.items():
        for key, target in state.targets.items():
            if target not in flow.states:
                place = ("states", name, *key.split("."))
                yield place, f'there is no state "{target}" to go to. {_known(flow.states)}'
        for slot in (*([state.ask] if state.ask else []), *state.correct):
            if slot not in flow.slots:
                key = "ask" if slot == state.ask else "correct"
                yield ("states", name, key), f'there is no slot "{slot}". {_known(flow.slots)}'
        for parameter, slot in state.give.items():
            if slot not in flow.slots:
                place = ("states", name, "give", parameter)
                yield place, f'there is no slot "{slot}". {_known(flow.slots)}'


def _known(names: dict[str, Any]) -> str:
    return f"Known are: {', '.join(sorted(names)) or 'none'}."


def _unfit_states(flow: FlowTable) -> Iterator[Fault]:
    for name, state in flow.states.items():
        place = ("states", name)
        deeds = [key for key in ("ask", "confirm", "do", "end", "flow") if getattr(state, key)]
        if len(deeds) > 1:
            yield place, f"has {' and '.join(deeds)}; give each a state of its own."
        if (state.do is Deed.TOOL) != bool(state.tool):
            yield place, 'a tool is used by do = "tool" together with tool = its name.'
        if not state.targets and not state.end and not state.flow:
            yield place, "leads nowhere: give it next, on, end or flow."
        if state.flow and not state.say:
            yield place, f'offers the flow "{state.flow}" without a word: give it a question to say.'
        yield from ((place, f'must say where "{key}" leads: add on.{key}.') for key in _missing(flow, state))


def _missing(flow: FlowTable, state: StateTable) -> list[str]:
    """The branches that must be there and are not."""
    wanted: set[str] = set()
    if state.do:
        wanted = _DEED_BRANCHES[state.do]
    elif state.ask in flow.slots:
        wanted = _KIND_BRANCHES.get(flow.slots[state.ask].kind, set())
    return sorted(wanted - set(state.on))


def _unfit_slots(flow: FlowTable) -> Iterator[Fault]:
    asked = {state.ask for state in flow.states.values()}
    filled = {flow.slots[name].kind for name in asked & set(flow.slots)}
    for name, slot in flow.slots.items():
        place = ("slots", name)
        if name not in asked and slot.kind not in _UNASKED:
            yield place, "nobody fills this slot: no state asks for it."
        if name in asked and not slot.ask and slot.kind is not SlotKind.APPOINTMENTS:
            yield place, "is asked for but has no question: add ask."
        if slot.kind is SlotKind.CHOICE and len(slot.choices) < 2:
            yield place, "is a choice between fewer than two: add choices."
        if slot.private and slot.remembered:
            yield place, "is private, so it cannot be remembered: take out one of the two."
        if slot.private and slot.kind not in _MAY_BE_PRIVATE:
            kinds = ", ".join(sorted(_MAY_BE_PRIVATE))
            yield place, f'a "{slot.kind}" cannot be private. These can: {kinds}.'
        if slot.kind in _LEANS_ON and not _LEANS_ON[slot.kind] & filled:
            wanted = " or ".join(sorted(_LEANS_ON[slot.kind]))
            yield place, f"needs a slot of kind {wanted} that is asked for before it."
    for name, state in flow.states.items():
        if state.do and (missing := NEEDED[state.do] - filled):
            kinds = " and ".join(sorted(missing))
            yield ("states", name, "do"), f'"{state.do}" needs a slot of kind {kinds}, and nobody fills one.'


def _dead_ends(flow: FlowTable) -> Iterator[Fault]:
    """States nobody reaches, states from which no end is reached, and rounds in which nobody is asked."""
    reached = _closure({flow.begins}, lambda name: set(flow.states[name].targets.values()))
    for name in flow.states:
        if name not in reached:
            yield ("states", name), "is never reached: no state leads here."
    ends = {name for name, state in flow.states.items() if state.end or state.flow}
    before = {
        name: {other for other, state in flow.states.items() if name in state.targets.values()}
        for name in flow.states
    }
    can_end = _closure(ends, lambda name: before[name])
    for name in flow.states:
        if name not in can_end:
            yield ("states", name), "can never end: no way from here leads to a state with end or flow."
    talkers = {name for name, one in flow.states.items() if not (one.ask or one.confirm or one.do)}
    for name in talkers:
        following = {*flow.states[name].targets.values()} & talkers
        if name in _closure(following, lambda one: {*flow.states[one].targets.values()} & talkers):
            yield ("states", name), "goes round for ever without asking anything."
    for name, state in flow.states.items():
        if state.tool and _comes_back(flow, name):
            yield (
                ("states", name),
                "uses the tool again and again without asking anew for what is given to it.",
            )


def _comes_back(flow: FlowTable, name: str) -> bool:
    """Whether a tool is used again without a question about what is given to it, or a confirmation, before."""
    given = {*flow.states[name].give.values()}
    passed = {one for one, state in flow.states.items() if state.ask not in given and not state.confirm}
    return name in _closure(_next(flow, name) & passed, lambda one: _next(flow, one) & passed)


def _next(flow: FlowTable, name: str) -> set[str]:
    return {*flow.states[name].targets.values()}


def _closure(begin: set[str], follow: Any) -> set[str]:
    found: set[str] = set()
    waiting = set(begin)
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= follow(name) - found
    return found
