"""Whether every sentence a business is to say exists and can be filled in; what is wrong is named with its place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from appliance.business.flows import Fault, FlowTable, SlotKind
from appliance.business.phrases import braces_of

_GIVEN_BY_KIND: Final = {SlotKind.SERVICE: {"services"}, SlotKind.APPOINTMENT: {"appointments"}}
"""What a slot's own questions may hold beside the slots."""


def own_wording_faults(own: Mapping[str, str], table: Mapping[str, str]) -> Iterator[Fault]:
    """Phrases a business words itself: `own` against the product's `table`."""
    for name, text in own.items():
        place = ("phrases", name)
        if name not in table:
            yield place, f"no such phrase. Known are: {', '.join(sorted(table))}."
            continue
        if (fault := _fault_in(text)) is not None:
            yield place, fault
        elif unknown := braces_of(text) - braces_of(table[name]):
            allowed = ", ".join(sorted(braces_of(table[name]))) or "none"
            yield place, f"{{{min(unknown)}}} is not known there. Allowed: {allowed}."


def flow_wording_faults(
    flow: FlowTable, table: Mapping[str, str], results: Collection[str] = ()
) -> Iterator[Fault]:
    """Phrases a flow says: each must exist, and each brace in it be a slot that somebody fills.

    `results` are what the flow's tools give.
    """
    for name, text in flow.phrases.items():
        if (fault := _fault_in(text)) is not None:
            yield ("phrases", name), fault
            return
    words = {**table, **flow.phrases}
    for place, phrase, given in _said(flow):
        if phrase not in words:
            yield place, f'there is no phrase "{phrase}". Add it to the phrases of this flow.'
        elif aloud := [
            one for one in braces_of(words[phrase]) if one in flow.slots and flow.slots[one].private
        ]:
            yield place, f'"{phrase}" would say {{{min(aloud)}}} aloud, which is private.'
        elif unknown := braces_of(words[phrase]) - given - set(flow.slots) - set(results):
            yield place, f'"{phrase}" speaks of {{{min(unknown)}}}, and nobody fills a slot of that name.'


def _said(flow: FlowTable) -> Iterator[tuple[tuple[str, ...], str, set[str]]]:
    """Every phrase of a flow: where it is named, its name, and what it may hold beside the slots."""
    for name, slot in flow.slots.items():
        given = _GIVEN_BY_KIND.get(slot.kind, set())
        yield from ((("slots", name, "ask"), phrase, given) for phrase in slot.ask)
        if slot.first:
            yield ("slots", name, "first"), slot.first, given
    for name, state in flow.states.items():
        for key, phrases in (("confirm", state.confirm), ("say", state.say)):
            yield from ((("states", name, key), phrase, set[str]()) for phrase in phrases)
        if state.change:
            yield ("states", name, "change"), state.change, set()


def _fault_in(text: str) -> str | None:
    try:
        braces_of(text)
    except ValueError as error:
        return f"{error}. Write {{{{ and }}}} for braces."
    return None
