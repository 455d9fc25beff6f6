"""What is posted to a webhook: a CloudEvent in structured JSON (https://cloudevents.io, version 1.0.2). Pure.

The schemas stand in docs/events. What an event type says never changes; another form would be another type (v2).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from appliance.sync.happenings import (
    AppointmentChanged,
    CallFinished,
    DispositionChanged,
    Happening,
    MessageTaken,
)


def event_of(happening: Happening) -> bytes:
    """The event; its `id` is the happening's identity, so that whoever has it already can tell."""
    event = {
        "specversion": "1.0",
        "id": happening.identity,
        "source": f"/attendant/{quote(happening.business, safe='')}",
        "type": type_of(happening),
        "time": _moment(happening.happened_at),
        "datacontenttype": "application/json",
        "data": _told(happening),
    }
    return msgspec.json.encode(event)


def type_of(happening: Happening) -> str:
    """The event's type, which says the form of its data."""
    match happening:
        case CallFinished():
            return "attendant.call.finished.v1"
        case MessageTaken():
            return "attendant.message.taken.v1"
        case AppointmentChanged():
            return f"attendant.appointment.{happening.change}.v1"
        case DispositionChanged():
            return "attendant.disposition.changed.v1"


def _told(happening: Happening) -> dict[str, Any]:
    match happening:
        case CallFinished():
            return _call(happening)
        case MessageTaken():
            return _message(happening)
        case AppointmentChanged():
            return _appointment(happening)
        case DispositionChanged():
            return _disposition(happening)


def _call(call: CallFinished) -> dict[str, Any]:
    return {
        "call_id": call.call_id,
        "name": call.contact.name,
        "phone": call.contact.phone,
        "offered_at": _moment(call.happened_at),
        "answered_at": None if call.answered_at is None else _moment(call.answered_at),
        "talked_s": call.talked_s,
        "disposition": call.disposition,
        "summary": call.summary,
        "wish": call.wish,
        "next_step": call.next_step,
        "transcript": [
            {"speaker": line.speaker, "text": line.text, "started_ms": line.started_ms}
            for line in call.transcript
        ],
        "recording": _place(call.recording, 0),
        "quality": call.quality,
    }


def _message(message: MessageTaken) -> dict[str, Any]:
    return {
        "message_id": message.message_id,
        "call_id": message.call_id,
        "name": message.contact.name,
        "phone": message.number or message.contact.phone,
        "matter": message.matter,
        "whom": message.whom,
        "urgent": message.urgent,
        "taken_at": _moment(message.happened_at.astimezone(UTC)),
        "recording": _place(message.recording, message.place_ms),
    }


def _appointment(changed: AppointmentChanged) -> dict[str, Any]:
    return {
        "appointment_id": changed.appointment_id,
        "call_id": changed.call_id,
        "name": changed.contact.name,
        "phone": changed.contact.phone,
        "service": changed.service,
        "starts_at": _moment(changed.starts_at),
        "ends_at": _moment(changed.ends_at),
        "staff": changed.staff,
        "was_at": None if changed.was_at is None else _moment(changed.was_at),
    }


def _disposition(changed: DispositionChanged) -> dict[str, Any]:
    return {
        "call_id": changed.call_id,
        "name": changed.contact.name,
        "phone": changed.contact.phone,
        "disposition": changed.disposition,
        "was": changed.was,
        "by": changed.by,
    }


def _place(recording: Path | None, starts_ms: int | None) -> dict[str, Any] | None:
    return None if recording is None else {"file": recording.name, "starts_ms": starts_ms}


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
