"""An appointment: a service, for somebody, from one moment to another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Standing(StrEnum):
    """Whether an appointment still holds. (RFC 5545 calls these its STATUS.)"""

    AGREED = "agreed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Opening:
    """A stretch of time that could be booked. Both moments are timezone-aware.

    `staff` is the id of who would do it; empty where a business has no staff in its file.
    """

    service: str
    starts_at: datetime
    ends_at: datetime
    staff: str = ""


@dataclass(frozen=True, slots=True)
class Appointment:
    """What was agreed with a caller. `appointment_id` is made by the caller's side of the store (idempotent).

    `staff` is the id of who does it: in a wish it is the member the caller asked for, and empty when anybody
    will do. `sequence` counts the changes since it was first agreed, as RFC 5545 does (3.8.7.4).
    """

    appointment_id: str
    call_id: str
    service: str
    starts_at: datetime
    ends_at: datetime
    name: str
    phone: str
    staff: str = ""
    standing: Standing = Standing.AGREED
    sequence: int = 0


class ChangeKind(StrEnum):
    """What was done to an appointment; `repeated` is a wish that had been fulfilled already."""

    AGREED = "agreed"
    MOVED = "moved"
    CANCELLED = "cancelled"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class AppointmentChange:
    """One line of an appointment's history: how it stood afterwards. `call_id` is empty for the desk.

    `changed_at` is None for what was agreed before there was a history.
    """

    kind: ChangeKind
    sequence: int
    changed_at: datetime | None
    call_id: str
    starts_at: datetime
    ends_at: datetime
    staff: str


@dataclass(frozen=True, slots=True)
class DiaryEntry:
    """An appointment with the moments of its first and its last change; None where they are not known."""

    appointment: Appointment
    created_at: datetime | None
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class BusyTime:
    """A time in an imported calendar at which somebody cannot be had; `summary` is for the owner's eyes."""

    starts_at: datetime
    ends_at: datetime
    summary: str


@dataclass(frozen=True, slots=True)
class Message:
    """Something a caller asked us to pass on. `whom` is empty when it is for anybody."""

    message_id: str
    call_id: str
    name: str
    phone: str
    matter: str
    whom: str = ""
    urgent: bool = False
