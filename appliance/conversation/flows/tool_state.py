"""A state that uses a tool: what it is given from the slots, and where its answer leads."""

from __future__ import annotations

from datetime import datetime

from appliance.business.flows import Deed, SlotKind, StateTable
from appliance.conversation.flows.frame import Frame, Value
from appliance.conversation.flows.own_appointment import e164
from appliance.conversation.flows.step import NeedTool
from appliance.conversation.tools import DONE, FAILED, INVALID, NONE, Scalar, arguments_of
from appliance.domain.appointment import Appointment, Opening
from appliance.domain.events import ToolAnswered
from appliance.errors import Misused


def need_of(state: StateTable, frame: Frame) -> NeedTool | str:
    """The use of the tool; the name of a state where what the caller said is nothing the tool takes."""
    tool = frame.business.tool(state.tool)
    if tool is None:
        raise Misused(f'a flow uses the tool "{state.tool}", and the business has none of that name')
    held = {parameter: _held(slot, frame) for parameter, slot in state.give.items()}
    arguments = arguments_of(tool, {name: one for name, one in held.items() if one is not None})
    if arguments is None:
        return state.on.get(INVALID) or state.on.get(NONE) or state.on[FAILED]
    return NeedTool(state.tool, arguments)


def is_refused(state: StateTable, frame: Frame) -> bool:
    """Whether it would use a tool that does not take what the caller said: then there is nothing to wait for."""
    return state.do is Deed.TOOL and isinstance(need_of(state, frame), str)


def leading_on(state: StateTable, answer: ToolAnswered, frame: Frame) -> str:
    """The state that follows; what the tool gave can be spoken from now on."""
    if answer.outcome != DONE:
        return (state.on.get(NONE) if answer.outcome == NONE else None) or state.on[FAILED]
    result = dict(answer.result)
    frame.results |= {name: _spoken(value, frame) for name, value in result.items()}
    return (state.on.get(_branch(result[state.by])) if state.by in result else None) or _onward(state)


def _onward(state: StateTable) -> str:
    return state.next or state.on[FAILED]


def _branch(value: Scalar) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _spoken(value: Scalar, frame: Frame) -> str:
    return frame.say(_branch(value)) if isinstance(value, bool) else str(value)


def _held(slot: str, frame: Frame) -> Scalar | None:
    """What a slot holds, as another machine takes it; None while it is empty or a gap."""
    filled = frame.filled.get(slot)
    if filled is None or filled.gap:
        return None
    if frame.table.slots[slot].kind is SlotKind.PHONE:
        return e164(str(filled.value), frame.business.region)
    return _plain(filled.value)


def _plain(value: Value) -> Scalar:
    match value:
        case Opening(starts_at=at):
            return _iso(at)
        case Appointment(appointment_id=named):
            return named
        case _:
            return value


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="minutes")
