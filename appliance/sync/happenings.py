"""What a destination is told: the four kinds of things that happen on a box, each whole in itself. Pure.

`identity` is the idempotency key: the same at every attempt, so that whoever has it already can tell. Moments
are timezone-aware, in the business's zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Contact:
    """Who it is about: `phone` in E.164, empty for a withheld number; `name` as far as it is known."""

    phone: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a transcript; `started_ms` since the call was answered."""

    speaker: str
    text: str
    started_ms: int


class Change(StrEnum):
    """What was done to an appointment."""

    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class CallFinished:
    """A call is over. `happened_at`: when it rang; `quality` is the line's, as plain values."""

    identity: str
    business: str
    call_id: str
    contact: Contact
    happened_at: datetime
    answered_at: datetime | None
    talked_s: int
    disposition: str
    summary: str = ""
    wish: str = ""
    next_step: str = ""
    transcript: tuple[Line, ...] = ()
    recording: Path | None = None
    quality: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class MessageTaken:
    """A caller left a message. `also_to`: e-mail addresses of whom it is for; `place_ms`: where in the recording
    it begins; `number`: what to call back, as it was given, which need not be E.164 (an extension, say)."""

    identity: str
    business: str
    call_id: str
    contact: Contact
    happened_at: datetime
    matter: str
    whom: str = ""
    urgent: bool = False
    recording: Path | None = None
    place_ms: int | None = None
    message_id: str = ""
    also_to: tuple[str, ...] = ()
    number: str = ""


@dataclass(frozen=True, slots=True)
class AppointmentChanged:
    """An appointment was booked, moved or cancelled; `call_id` is empty where the desk did it.

    `starts_at` and `ends_at` are how it stood afterwards, `was_at` the beginning it had before.
    """

    identity: str
    business: str
    call_id: str
    contact: Contact
    happened_at: datetime
    change: Change
    appointment_id: str
    service: str
    starts_at: datetime
    ends_at: datetime
    staff: str = ""
    was_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DispositionChanged:
    """Somebody (`by`) corrected how a call ended."""

    identity: str
    business: str
    call_id: str
    contact: Contact
    happened_at: datetime
    disposition: str
    was: str
    by: str


Happening = CallFinished | MessageTaken | AppointmentChanged | DispositionChanged
