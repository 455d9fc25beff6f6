"""Makes of a row of the outbox what happened, as it stands in the store by now: an erased person is not told of,
a recording is where it lies today, a better summary is the one that is sent."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from appliance.business import Business
from appliance.conversation.directory import Directory, Found
from appliance.domain.appointment import ChangeKind
from appliance.domain.call import CallRecord, Summary
from appliance.errors import NotFound
from appliance.settings import Tells
from appliance.store.appointments import appointment_of_call, change_of
from appliance.store.calls import Calls
from appliance.store.contacts import Contacts, e164
from appliance.store.database import Database
from appliance.store.inbox import place_of, recording_of
from appliance.store.messages import Messages
from appliance.store.outbox import Delivery
from appliance.sync.happenings import (
    AppointmentChanged,
    CallFinished,
    Change,
    Contact,
    DispositionChanged,
    Happening,
    Line,
    MessageTaken,
)

_NAME: Final = ".name"
"""How the slot ends in which any flow keeps the caller's name."""
_CHANGES: Final = {
    ChangeKind.AGREED: Change.BOOKED,
    ChangeKind.MOVED: Change.MOVED,
    ChangeKind.CANCELLED: Change.CANCELLED,
}


def happening_of(delivery: Delivery, office: Business, database: Database, directory: Path) -> Happening:
    """What the row tells; `directory` is settings.data_directory. NotFound: it is no longer kept."""
    read = Reading(office, database, directory)
    match Tells(delivery.kind):
        case Tells.CALL:
            return read.call(delivery)
        case Tells.MESSAGE:
            return read.message(delivery)
        case Tells.APPOINTMENT:
            return read.appointment(delivery)
        case Tells.DISPOSITION:
            return read.disposition(delivery)


class Reading:
    """Reads what rows tell of, for one office."""

    def __init__(self, office: Business, database: Database, directory: Path) -> None:
        self._office = office
        self._database = database
        self._directory = directory

    def call(self, delivery: Delivery) -> CallFinished:
        """A call with all that was said."""
        call = Calls(self._database).get(delivery.call_id)
        summary = call.summary or Summary("", "", "")
        return CallFinished(
            identity=delivery.idempotency_key,
            business=self._office.name,
            call_id=call.call_id,
            contact=self._caller(call),
            happened_at=self._local(call.offered_at),
            answered_at=None if call.answered_at is None else self._local(call.answered_at),
            talked_s=_talked_s(call),
            disposition=str(call.disposition),
            summary=summary.text,
            wish=summary.wish,
            next_step=summary.next_step,
            transcript=tuple(Line(str(turn.speaker), turn.text, turn.started_ms) for turn in call.turns),
            recording=recording_of(call, self._directory),
            quality=None if call.quality is None else msgspec.to_builtins(call.quality),
        )

    def message(self, delivery: Delivery) -> MessageTaken:
        """A message; one whose call is not on record has no recording."""
        words = delivery.payload
        recording, place_ms = self._heard_at(delivery.call_id, words["matter"])
        return MessageTaken(
            identity=delivery.idempotency_key,
            business=self._office.name,
            call_id=words["call_id"],
            contact=self._contact(words["phone"], words["name"]),
            happened_at=self._local(datetime.fromisoformat(words["taken_at"])),
            matter=words["matter"],
            whom=words["whom"],
            urgent=words["urgent"],
            recording=recording,
            place_ms=place_ms,
            message_id=words["message_id"],
            also_to=self._addresses_of(words["whom"]),
            number=words["phone"],
        )

    def appointment(self, delivery: Delivery) -> AppointmentChanged:
        """One change of an appointment, as it stood after that one."""
        appointment, change, was_at = change_of(self._database, delivery.payload["change_id"])
        service = self._office.service(appointment.service)
        member = self._office.staff_member(change.staff) if change.staff else None
        return AppointmentChanged(
            identity=delivery.idempotency_key,
            business=self._office.name,
            call_id=change.call_id,
            contact=self._contact(appointment.phone, appointment.name),
            happened_at=self._local(change.changed_at or delivery.created_at),
            change=_CHANGES[change.kind],
            appointment_id=appointment.appointment_id,
            service=appointment.service if service is None else service.spoken,
            starts_at=change.starts_at,
            ends_at=change.ends_at,
            staff=change.staff if member is None else member.spoken,
            was_at=was_at if change.kind is ChangeKind.MOVED else None,
        )

    def disposition(self, delivery: Delivery) -> DispositionChanged:
        """Somebody's correction of how a call ended."""
        said: dict[str, Any] = delivery.payload
        call = Calls(self._database).get(delivery.call_id)
        return DispositionChanged(
            identity=delivery.idempotency_key,
            business=self._office.name,
            call_id=call.call_id,
            contact=self._caller(call),
            happened_at=self._local(datetime.fromisoformat(said["at"])),
            disposition=said["disposition"],
            was=said["was"],
            by=said["by"],
        )

    # --- who, where, when -------------------------------------------------------------------------

    def _caller(self, call: CallRecord) -> Contact:
        """Who called, by the name they gave in this call, else the one that is known of their number."""
        message = Messages(self._database).of_call(call.call_id)
        appointment = appointment_of_call(self._database, call.call_id)
        told = [value for slot, value in call.slots.items() if slot.endswith(_NAME)]
        given = [message.name if message else "", appointment.name if appointment else "", *told]
        return self._contact(call.caller, next(filter(None, given), ""))

    def _contact(self, number: str, name: str) -> Contact:
        phone = e164(number, self._office.region)
        if not name and phone:
            known = Contacts(self._database).get(phone)
            name = known.name if known is not None else ""
        return Contact(phone, name)

    def _heard_at(self, call_id: str, matter: str) -> tuple[Path | None, int | None]:
        try:
            call = Calls(self._database).get(call_id)
        except NotFound:
            return None, None
        return recording_of(call, self._directory), place_of(matter, call.turns)

    def _addresses_of(self, whom: str) -> tuple[str, ...]:
        """Where the one it is for is written to; nowhere when it is not sure who that is."""
        found = Directory(self._office).find(whom) if whom else Found()
        return tuple(one.email for one in found.entries[:1] if one.email and found.is_sure)

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self._office.zone)


def _talked_s(call: CallRecord) -> int:
    if call.answered_at is None or call.ended_at is None:
        return 0
    return max(0, round((call.ended_at - call.answered_at).total_seconds()))
