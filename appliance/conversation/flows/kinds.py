"""Which class stands for which kind of slot."""

from __future__ import annotations

from collections.abc import Mapping

from appliance.business.flows import SlotKind
from appliance.conversation.flows.address import AddressSlot
from appliance.conversation.flows.contact import EmailSlot, NameSlot, PhoneSlot
from appliance.conversation.flows.moment import OpeningSlot
from appliance.conversation.flows.own_appointment import AppointmentSlot, AppointmentsSlot
from appliance.conversation.flows.reference import ReferenceSlot
from appliance.conversation.flows.slots import (
    ChoiceSlot,
    NumberSlot,
    PersonSlot,
    ServiceSlot,
    Slot,
    TextSlot,
    UrgencySlot,
    YesNoSlot,
)

KINDS: Mapping[SlotKind, type[Slot]] = {
    SlotKind.SERVICE: ServiceSlot,
    SlotKind.OPENING: OpeningSlot,
    SlotKind.APPOINTMENT: AppointmentSlot,
    SlotKind.APPOINTMENTS: AppointmentsSlot,
    SlotKind.NAME: NameSlot,
    SlotKind.PHONE: PhoneSlot,
    SlotKind.EMAIL: EmailSlot,
    SlotKind.ADDRESS: AddressSlot,
    SlotKind.TEXT: TextSlot,
    SlotKind.NUMBER: NumberSlot,
    SlotKind.REFERENCE: ReferenceSlot,
    SlotKind.YES_NO: YesNoSlot,
    SlotKind.CHOICE: ChoiceSlot,
    SlotKind.PERSON: PersonSlot,
    SlotKind.URGENCY: UrgencySlot,
}
