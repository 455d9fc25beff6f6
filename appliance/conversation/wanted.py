"""Several wishes of one utterance, put in the order in which they are served. Pure.

Facts are told at once, because they cost nothing; then an open question is answered; then begins what takes
longer, so that the last thing a caller hears is the question they are to answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from appliance.business import Service
from appliance.conversation.answers import sounds_like_a_question
from appliance.conversation.understand import Intent, Understanding, service_in

_FLOWS: Final[Mapping[Intent, str]] = {
    Intent.BOOK: "booking",
    Intent.MOVE: "move",
    Intent.CANCEL: "cancel",
    Intent.FIND: "find",
    Intent.MESSAGE: "message",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """`longest` is what the turn is about all in all; `question` an open one that was asked beside it."""

    facts: tuple[Understanding, ...]
    question: Understanding | None
    longest: Understanding


def flow_of(meant: Understanding) -> str | None:
    """The flow that serves a wish; None when none does."""
    return meant.flow or _FLOWS.get(meant.intent)


def weightiest(wishes: Sequence[Understanding]) -> Understanding:
    """Of several wishes the one that takes longest: a flow before a question, a question before a fact."""
    known = [one for one in wishes if one.intent not in {Intent.FACT, Intent.QUESTION}]
    open_ones = [one for one in wishes if one.intent is Intent.QUESTION]
    return [*known, *open_ones, *wishes][0]


def sorted_out(wishes: Sequence[Understanding], text: str, services: Sequence[Service]) -> Wanted:
    """At least one wish; a service named anywhere in `text`, all that was said, goes with the longest."""
    longest = weightiest(wishes)
    service = longest.service or service_in(text.lower(), services)
    beside = [one for one in wishes if one is not longest]
    question = next((one for one in beside if _is_open_question(one)), None)
    facts = tuple(one for one in wishes if one.intent is Intent.FACT)
    return Wanted(facts, question, replace(longest, service=service))


def _is_open_question(one: Understanding) -> bool:
    """Whether there is something to answer: "yes can i" only leads to what follows it."""
    return one.intent is Intent.QUESTION and sounds_like_a_question(one.text)
