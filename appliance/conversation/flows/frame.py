"""What one running flow knows: the words so far, the slots that are filled, and the business it serves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from appliance.business import Business
from appliance.business.flows import FlowTable, SlotKind
from appliance.business.phrases import braces_of
from appliance.conversation.flows.sayings import Sayings, sayings_of
from appliance.conversation.flows.step import Step
from appliance.conversation.phrases import Phrases
from appliance.domain.appointment import Appointment, Opening

Value = str | bool | int | Opening | Appointment


@dataclass(frozen=True, slots=True)
class Filled:
    """What a slot holds, and how it is read back; nothing to read back for a gap: asked for in vain."""

    value: Value
    spoken: str
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """The answer leads where the state's `on` says."""

    key: str


Answer = Filled | Branch | Step | None
"""What a slot makes of words: it is filled, leads elsewhere, has something to say or to ask, or heard no answer."""

GAP = Filled("", "", gap=True)


@dataclass
class Frame:
    """The memory of one running flow. `said` is what the caller said last, `wished` what began the flow."""

    table: FlowTable
    business: Business
    phrases: Phrases
    calling_from: str = ""
    wished: str = ""
    said: str = ""
    now: datetime = field(default=datetime.min.replace(tzinfo=UTC))
    filled: dict[str, Filled] = field(default_factory=dict)
    results: dict[str, str] = field(default_factory=dict)
    """What tools gave, as it is spoken."""

    @property
    def language(self) -> str:
        """The language that is spoken."""
        return self.business.language

    @property
    def sayings(self) -> Sayings:
        """What callers say, in the language of the business."""
        return sayings_of(self.language)

    @property
    def known(self) -> dict[str, Filled]:
        """What was said here that counts for the rest of the call."""
        kept = {name for name, slot in self.table.slots.items() if slot.remembered}
        return {name: one for name, one in self.filled.items() if name in kept and not one.gap}

    @property
    def captured(self) -> dict[str, Filled]:
        """What was said here that may be kept on record."""
        private = {name for name, slot in self.table.slots.items() if slot.private}
        return {name: one for name, one in self.filled.items() if name not in private and not one.gap}

    @property
    def about(self) -> str:
        """What it is about, as far as it was said: the words of a message, a service, an appointment; empty."""
        kinds = (SlotKind.TEXT, SlotKind.SERVICE, SlotKind.APPOINTMENT)
        names = [self.table.of_kind(kind) for kind in kinds]
        told = [name for name in names if name in self.filled and not self.table.slots[name].private]
        return next((self.filled[name].spoken for name in told), "")

    def value(self, kind: SlotKind) -> Value | None:
        """What the flow's slot of this kind holds; None while it is empty."""
        found = self.filled.get(self.table.of_kind(kind))
        return found.value if found is not None else None

    def text(self, kind: SlotKind) -> str:
        """What a slot of text holds; empty while it is empty or a gap."""
        value = self.value(kind)
        return value if isinstance(value, str) else ""

    def say(self, phrase: str, /, **more: str) -> str:
        """A phrase of the flow or of the product, its braces filled from the slots and `more`."""
        known = {name: one.spoken for name, one in self.filled.items() if not one.gap}
        return self.wording(phrase).format(**{**self.results, **known, **more})

    def wording(self, phrase: str) -> str:
        """A phrase as it stands in the table."""
        return self.table.phrases.get(phrase) or self.phrases.wording(phrase)

    def say_first(self, phrases: Iterable[str]) -> str:
        """The first of `phrases` all of whose slots are known; the last when none is wholly known."""
        listed = list(phrases)
        known = {name for name, one in self.filled.items() if not one.gap and one.spoken} | {*self.results}
        chosen = next((one for one in listed if braces_of(self.wording(one)) <= known), listed[-1])
        return self.say(chosen, **dict.fromkeys(braces_of(self.wording(chosen)) - known, ""))
