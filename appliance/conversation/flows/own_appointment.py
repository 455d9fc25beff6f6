"""Which appointment: one the caller has already, found in the diary by their number."""

from __future__ import annotations

import phonenumbers

from appliance.business.flows import SlotKind, SlotTable
from appliance.conversation.answers import yes_or_no
from appliance.conversation.dates import spoken_moment, when_heard
from appliance.conversation.flows.frame import Answer, Branch, Filled, Frame
from appliance.conversation.flows.slots import Slot, listed
from appliance.conversation.flows.step import NeedAppointments, Step, Told
from appliance.conversation.understand import service_in
from appliance.domain.appointment import Appointment
from appliance.domain.events import AppointmentsFound

_OFFERED_MAX = 3


class AppointmentSlot(Slot):
    """Looked up as soon as the number is known; of several the caller says which."""

    def __init__(self, name: str, table: SlotTable) -> None:
        super().__init__(name, table)
        self._found: tuple[Appointment, ...] = ()

    def begin(self, frame: Frame) -> Answer:
        """Ask the diary."""
        return Step(need=NeedAppointments(e164(frame.text(SlotKind.PHONE), frame.business.region)))

    def ask(self, frame: Frame, attempt: int = 0) -> Step:
        """Which of those there are."""
        spoken = listed([_spoken(one, frame) for one in self._found], frame)
        return Step(frame.say(self.table.ask[0], appointments=spoken), self.expectation)

    def told(self, answer: Told, frame: Frame) -> Answer:
        """None, one, or several to choose from."""
        if not isinstance(answer, AppointmentsFound):
            return Branch("failed")
        self._found = answer.appointments[:_OFFERED_MAX]
        if not self._found:
            return Branch("none")
        return self._filled(self._found[0], frame) if len(self._found) == 1 else self.ask(frame)

    def heard(self, text: str, frame: Frame) -> Answer:
        """By its day or time, its service, or its place in what was said."""
        matching = [one for one in self._found if _is_meant(one, text, frame)]
        if len(matching) == 1:
            return self._filled(matching[0], frame)
        if frame.sayings.second.search(text):
            return self._filled(self._found[-1], frame)
        if frame.sayings.first.search(text):
            return self._filled(self._found[0], frame)
        return Branch("none") if yes_or_no(text, frame.language) is False else None

    def _filled(self, appointment: Appointment, frame: Frame) -> Filled:
        return Filled(appointment, _spoken(appointment, frame))


class AppointmentsSlot(Slot):
    """All of them, looked up and told; nothing is asked."""

    def begin(self, frame: Frame) -> Answer:
        """Ask the diary."""
        return Step(need=NeedAppointments(e164(frame.text(SlotKind.PHONE), frame.business.region)))

    def ask(self, frame: Frame, attempt: int = 0) -> Step:
        """The diary is still being asked."""
        return Step(frame.say("one_moment"))

    def told(self, answer: Told, frame: Frame) -> Answer:
        """What there is, soonest first."""
        if not isinstance(answer, AppointmentsFound):
            return Branch("failed")
        found = answer.appointments[:_OFFERED_MAX]
        if not found:
            return Branch("none")
        return Filled(len(found), listed([_spoken(one, frame) for one in found], frame, together=True))

    def heard(self, text: str, frame: Frame) -> Answer:
        """Nothing was asked."""
        return None


def e164(number: str, region: str) -> str:
    """A number as the diary keeps it: E.164, or as it was given when it is none."""
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return number
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def _is_meant(one: Appointment, text: str, frame: Frame) -> bool:
    when = when_heard(text, frame.now, frame.language)
    starts = one.starts_at.astimezone(frame.business.zone)
    if when is not None and (when.day or when.at):
        return when.day in {None, starts.date()} and when.at in {None, starts.time()}
    return service_in(text.lower(), frame.business.services) == one.service


def _spoken(one: Appointment, frame: Frame) -> str:
    service = frame.business.service(one.service)
    moment = spoken_moment(one.starts_at.astimezone(frame.business.zone), frame.now, frame.language)
    return frame.say("appointment_spoken", service=service.spoken if service else one.service, moment=moment)
