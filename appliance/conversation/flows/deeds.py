"""What a flow has agreed, as the order that is to be written: made of its slots."""

from __future__ import annotations

from appliance.business.flows import Deed, SlotKind, StateTable
from appliance.conversation.flows.frame import Frame
from appliance.conversation.flows.step import Need, NeedBooking, NeedCancelling, NeedMessage, NeedMove, Told
from appliance.domain.appointment import Appointment, Opening
from appliance.domain.events import BookingRefused, MessageTaken
from appliance.errors import Misused


def need_for(deed: Deed, frame: Frame) -> Need:
    """What is to be written; Misused where a slot it is made of is still empty."""
    opening, appointment = frame.value(SlotKind.OPENING), frame.value(SlotKind.APPOINTMENT)
    name, phone = frame.text(SlotKind.NAME), frame.text(SlotKind.PHONE)
    match deed:
        case Deed.BOOK if isinstance(opening, Opening):
            when = (opening.starts_at, opening.ends_at)
            return NeedBooking(frame.text(SlotKind.SERVICE), *when, name, phone, opening.staff)
        case Deed.MOVE if isinstance(opening, Opening) and isinstance(appointment, Appointment):
            return NeedMove(appointment.appointment_id, opening.starts_at, opening.staff)
        case Deed.CANCEL if isinstance(appointment, Appointment):
            return NeedCancelling(appointment.appointment_id)
        case Deed.TAKE_MESSAGE:
            matter = "; ".join(filter(None, (frame.text(SlotKind.TEXT), frame.text(SlotKind.ADDRESS))))
            return NeedMessage(
                name, phone, matter, frame.text(SlotKind.PERSON), urgent=bool(frame.value(SlotKind.URGENCY))
            )
        case _:
            raise Misused(f"{deed} was reached before its slots were filled")


def is_lost(answer: Told) -> bool:
    """Whether a message could not be written down."""
    return isinstance(answer, MessageTaken) and not answer.kept


def follows(answer: Told, state: StateTable) -> str:
    """The branch of `state.on` after a deed: "taken" where the table has it, "failed", or "" when it was done."""
    if isinstance(answer, BookingRefused):
        return "taken" if answer.reason == "taken" and "taken" in state.on else "failed"
    return "failed" if is_lost(answer) else ""
