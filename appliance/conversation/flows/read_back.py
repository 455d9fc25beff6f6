"""What callers put right: at the read-back, with a no or with a yes, and before it, while something else is asked.

And what they say unasked. Each finds it in words; what follows from it is the engine's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from appliance.business.flows import SlotKind
from appliance.conversation.answers import sounds_like_a_question
from appliance.conversation.assent import behind_yes, condition_in
from appliance.conversation.flows.frame import Answer, Filled, Frame
from appliance.conversation.flows.slots import Slot

Change = tuple[str, Answer]
"""A slot by its name, and what comes of putting it right: another value, or the question for one."""

_NAMED_ANYWHERE: Final = frozenset({SlotKind.NAME, SlotKind.PHONE})
_THOUGHT_AGAIN: Final = (SlotKind.SERVICE, SlotKind.OPENING)  # by words that take something back


def correction_in(text: str, slots: Iterable[Slot], frame: Frame) -> Change | None:
    """The first of `slots` that `text` puts right."""
    answers = ((slot.name, slot.corrected(text, frame)) for slot in slots)
    return next(((name, answer) for name, answer in answers if answer is not None), None)


def addition_in(text: str, slots: Mapping[str, Slot], frame: Frame) -> tuple[str, Filled] | None:
    """Something nobody is asked for: "no, it's for yuki", "and it's urgent"."""
    for name, slot in slots.items():
        found = None if frame.table.asking(name) else slot.corrected(text, frame)
        if isinstance(found, Filled) and found != frame.filled.get(name):
            return name, found
    return None


def differing_in(text: str, slots: Iterable[Slot], frame: Frame) -> Change | None:
    """What is said with a yes and is not what was read back: "yes at eleven"."""
    more = behind_yes(text, frame.language)
    other = next((slot for slot in slots if slot.differs(more, frame)), None) if more else None
    return (other.name, other.corrected(more, frame)) if other is not None else None


def asks_with_yes(text: str, frame: Frame) -> bool:
    """Whether a question comes with a yes: "yes but what does it cost"; "yes could you book that" is none."""
    more = condition_in(text, frame.language) or behind_yes(text, frame.language)
    return sounds_like_a_question(more) and not frame.sayings.asks_for_it.search(more)


def volunteered_in(text: str, slots: Iterable[Slot], frame: Frame) -> dict[str, Filled]:
    """Whatever was said of `slots` without their having been asked for."""
    found = {slot.name: slot.volunteered(text, frame) for slot in slots}
    return {name: one for name, one in found.items() if one is not None}


def named_anew_in(text: str, slots: Mapping[str, Slot], frame: Frame) -> tuple[str, Filled] | None:
    """The right name or number, said while something else is asked: "and my name is miller, with an e"."""
    for name, before in frame.filled.items():
        found = None if before.gap else slots[name].volunteered(text, frame)
        if found is not None and found != before and slots[name].table.kind in _NAMED_ANYWHERE:
            return name, found
    return None


def thought_again_in(text: str, slots: Mapping[str, Slot], frame: Frame) -> Iterator[Change]:
    """ "No wait, tuesday at nine" at the question for the name: the moment is looked for anew, or the service."""
    if not frame.sayings.thinks_again.search(text.lower()):
        return
    for name in list(frame.filled):
        if (
            slots[name].table.kind in _THOUGHT_AGAIN
            and (answer := slots[name].corrected(text, frame)) is not None
        ):
            yield name, answer
