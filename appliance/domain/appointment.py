"""An appointment: a service, for somebody, from one moment to another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Opening:
    """A stretch of time that could be booked. Both moments are timezone-aware."""

    service: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Appointment:
    """What was agreed with a caller. `appointment_id` is made by the caller's side of the store (idempotent)."""

    appointment_id: str
    call_id: str
    service: str
    starts_at: datetime
    ends_at: datetime
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Message:
    """Something a caller asked us to pass on."""

    message_id: str
    call_id: str
    name: str
    phone: str
    matter: str
