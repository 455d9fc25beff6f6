"""What kind of answer a sentence of the office asks for, by the phrases it is made of: all a listener knows.

The session knows it already (`Expect`); whoever only listens, as a caller does, knows it by the words.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from appliance.business import Business
from appliance.business.flows import FlowTable, SlotKind, shipped_flows
from appliance.conversation.phrases import Phrases
from appliance.conversation.playing_along import question_of
from appliance.domain.expectation import Expectation

_KINDS: Final = {
    SlotKind.OPENING: Expectation.DAY,
    SlotKind.NAME: Expectation.NAME,
    SlotKind.PHONE: Expectation.PHONE,
    SlotKind.REFERENCE: Expectation.PHONE,
    SlotKind.TEXT: Expectation.MESSAGE,
    SlotKind.ADDRESS: Expectation.MESSAGE,
    SlotKind.YES_NO: Expectation.YES_NO,
}
_BESIDE_FLOWS: Final = {
    Expectation.PHONE: ("ask_phone_rest", "ask_phone_parts", "ask_phone_part"),
    Expectation.DAY: ("no_openings", "impossible_date", "move_to_which_day"),
    Expectation.TIME: (
        *("offer_one", "offer_two", "offer_other_one", "offer_other_two"),
        *("offer_later_one", "offer_later_two"),
    ),
    Expectation.YES_NO: (
        *("ask_phone_this", "find_by_this_phone", "was_that_yes", "cannot_hear"),
        *("not_known", "no_human", "way_out"),
    ),
}
"""Questions that stand in no flow's file: what a kind of slot asks of its own, and what is offered outside of flows."""


class QuestionsAsked:
    """The questions of one office, by their last sentence."""

    def __init__(self, office: Business) -> None:
        phrases = Phrases(office.language, office.phrases)
        self._asks_for: dict[str, Expectation] = {
            question_of(phrases.wording(name)): kind
            for kind, names in _BESIDE_FLOWS.items()
            for name in names
        }
        for flow in {**shipped_flows(), **{flow.name: flow for flow in office.flows}}.values():
            self._asks_for.update(_of_flow(flow, phrases))

    def answer_to(self, said: str) -> Expectation | None:
        """What is asked for by `said`; None for what asks nothing that is known."""
        return self._asks_for.get(question_of(said))


def _of_flow(flow: FlowTable, phrases: Phrases) -> Iterator[tuple[str, Expectation]]:
    def question(name: str) -> str:
        return question_of(flow.phrases.get(name) or phrases.wording(name))

    for slot in flow.slots.values():
        if slot.kind in _KINDS:
            asked = [*slot.ask, *([slot.first] if slot.first else [])]
            yield from ((question(name), _KINDS[slot.kind]) for name in asked)
    for state in flow.states.values():
        offered = state.say if state.flow else ()
        yield from ((question(name), Expectation.YES_NO) for name in (*state.confirm, *offered))
