"""What a flow answers with: something to say, something to find out or to do, or that it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from appliance.business.flows import Ending
from appliance.conversation.tools import Values, key_of
from appliance.domain import events as ev
from appliance.domain.appointment import Appointment, Message
from appliance.domain.commands import (
    Book,
    CallTool,
    CancelAppointment,
    FindAppointments,
    FindOpenings,
    MoveAppointment,
    TakeMessage,
)
from appliance.domain.expectation import Expectation


@dataclass(frozen=True, slots=True)
class NeedOpenings:
    """The diary must be asked. `moving`: the appointment whose own time counts as free; `not_with`: whom not to ask."""

    service: str
    after: datetime
    before: datetime
    count: int = 12
    staff: str = ""
    moving: str = ""
    not_with: str = ""


@dataclass(frozen=True, slots=True)
class NeedBooking:
    """The appointment is agreed: write it. `staff` only when the caller asked for somebody."""

    service: str
    starts_at: datetime
    ends_at: datetime
    name: str
    phone: str
    staff: str = ""


@dataclass(frozen=True, slots=True)
class NeedAppointments:
    """What the caller with this number (E.164) has before them."""

    phone: str


@dataclass(frozen=True, slots=True)
class NeedMove:
    """The new time is agreed: write it. `staff` when the caller asked for somebody else, or for anybody."""

    appointment_id: str
    starts_at: datetime
    staff: str = ""


@dataclass(frozen=True, slots=True)
class NeedCancelling:
    """The caller gives the appointment up."""

    appointment_id: str


@dataclass(frozen=True, slots=True)
class NeedMessage:
    """The message is agreed: write it."""

    name: str
    phone: str
    matter: str
    whom: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class NeedTool:
    """A tool must be used, with arguments its schema allows."""

    tool: str
    arguments: Values


Need = NeedOpenings | NeedBooking | NeedAppointments | NeedMove | NeedCancelling | NeedMessage | NeedTool
Told = (
    ev.OpeningsFound
    | ev.Booked
    | ev.BookingRefused
    | ev.AppointmentsFound
    | ev.AppointmentMoved
    | ev.AppointmentCancelled
    | ev.MessageTaken
    | ev.ToolAnswered
)
Order = FindOpenings | Book | FindAppointments | MoveAppointment | CancelAppointment | TakeMessage | CallTool


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a flow. `say` is spoken first; `need` goes out; `outcome` ends the flow.

    `offers` names the flow that `say` asks about, a yes or no question; `begins` the one that begins now.
    `stuck`: three times nothing fitted; there must be another way. The question stands all the same.
    """

    say: str = ""
    expectation: Expectation = Expectation.ANYTHING
    need: Need | None = None
    outcome: Ending | None = None
    offers: str = ""
    begins: str = ""
    stuck: bool = False


class Flow(Protocol):
    """A small conversation with one aim. Pure: `now` is handed in, effects are asked for as needs."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    def begin(self, now: datetime) -> Step:
        """The first move."""
        ...

    def heard(self, text: str, now: datetime, *, sure: bool = True) -> Step | None:
        """The move after the caller's words; None when they are no answer to what was asked.

        Unless `sure`, the recogniser doubts its words.
        """
        ...

    def told(self, answer: Told, now: datetime) -> Step:
        """The move after the diary or the message book answered."""
        ...

    def ask_again(self) -> Step:
        """The question that stands, once more: after a detour, a silence."""
        ...

    def missed(self) -> Step:
        """The move after words that were no answer and nothing else either."""
        ...


def order(need: Need, call_id: str, query: int) -> Order:
    """What a flow needs, as the command that gets it. The number makes a booking or message the same one twice."""
    identity = f"{call_id}-{query}"
    match need:
        case NeedOpenings():
            wish = (need.service, need.after, need.before, need.count, need.staff)
            return FindOpenings(call_id, query, *wish, moving=need.moving, not_with=need.not_with)
        case NeedBooking():
            made = Appointment(
                identity,
                call_id,
                need.service,
                need.starts_at,
                need.ends_at,
                need.name,
                need.phone,
                need.staff,
            )
            return Book(call_id, query, made)
        case NeedAppointments():
            return FindAppointments(call_id, query, need.phone)
        case NeedMove():
            return MoveAppointment(call_id, query, need.appointment_id, need.starts_at, need.staff)
        case NeedCancelling():
            return CancelAppointment(call_id, query, need.appointment_id)
        case NeedMessage():
            words = (need.name, need.phone, need.matter, need.whom)
            return TakeMessage(call_id, query, Message(identity, call_id, *words, urgent=need.urgent))
        case NeedTool(tool=tool, arguments=arguments):
            return CallTool(call_id, query, tool, arguments, key_of(call_id, tool, arguments))
