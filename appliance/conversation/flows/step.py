"""What a flow answers with: something to say, something to find out, or that it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from appliance.domain.appointment import Appointment, Message
from appliance.domain.commands import Book, FindOpenings, TakeMessage
from appliance.domain.events import Booked, BookingRefused, MessageTaken, OpeningsFound
from appliance.domain.expectation import Expectation


@dataclass(frozen=True, slots=True)
class NeedOpenings:
    """The diary must be asked."""

    service: str
    after: datetime
    before: datetime
    count: int = 12


@dataclass(frozen=True, slots=True)
class NeedBooking:
    """The appointment is agreed: write it."""

    service: str
    starts_at: datetime
    ends_at: datetime
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class NeedMessage:
    """The message is agreed: write it."""

    name: str
    phone: str
    matter: str


Need = NeedOpenings | NeedBooking | NeedMessage
Told = OpeningsFound | Booked | BookingRefused | MessageTaken


class Outcome(StrEnum):
    """How a flow ended."""

    BOOKED = "booked"
    MESSAGE = "message"
    DROPPED = "dropped"
    WANTS_MESSAGE = "wants_message"


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a flow. `say` is spoken first; `need` goes out; `outcome` ends the flow."""

    say: str = ""
    expectation: Expectation = Expectation.ANYTHING
    need: Need | None = None
    outcome: Outcome | None = None


class Flow(Protocol):
    """A small conversation with one aim. Pure: `now` is handed in, effects are asked for as needs."""

    name: str

    def begin(self, now: datetime) -> Step:
        """The first move."""
        ...

    def heard(self, text: str, now: datetime) -> Step | None:
        """The move after the caller's words; None when they are no answer to what was asked."""
        ...

    def told(self, answer: Told, now: datetime) -> Step:
        """The move after the diary or the message book answered."""
        ...

    def ask_again(self) -> Step:
        """The question that stands, once more: after a detour, a silence, a misunderstanding."""
        ...


def order(need: Need, call_id: str, query: int) -> FindOpenings | Book | TakeMessage:
    """What a flow needs, as the command that gets it. The number makes a booking or message the same one twice."""
    identity = f"{call_id}-{query}"
    match need:
        case NeedOpenings():
            return FindOpenings(call_id, query, need.service, need.after, need.before, need.count)
        case NeedBooking():
            made = Appointment(
                identity, call_id, need.service, need.starts_at, need.ends_at, need.name, need.phone
            )
            return Book(call_id, query, made)
        case NeedMessage():
            return TakeMessage(call_id, query, Message(identity, call_id, need.name, need.phone, need.matter))
