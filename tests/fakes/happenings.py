"""One of each kind of happening, for whoever is told of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

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

NOON = datetime(2026, 11, 21, 19, tzinfo=UTC)
BO = Contact("+13035550123", "Bo Berg")
OFFICE = "Hilltop Auto Repair"


def a_call(contact: Contact = BO, call_id: str = "c1", *, summary: str = "", disposition: str = "booked"):
    """A call of 95 s with two lines of transcript."""
    return CallFinished(
        f"call.{call_id}.crm",
        OFFICE,
        call_id,
        contact,
        NOON,
        NOON + timedelta(seconds=3),
        95,
        disposition,
        summary or "The caller hears a noise from the brakes. An appointment was agreed.",
        "brake inspection",
        "See the caller on Monday.",
        (Line("caller", "my brakes squeal", 2000), Line("agent", "Monday at nine?", 5000)),
        Path(f"{call_id}.flac"),
        {"codec": "PCMU", "packets_lost": 0},
    )


def a_message(contact: Contact = BO, call_id: str = "c1", *, matter: str = "please call me back"):
    """An urgent message for Maria."""
    return MessageTaken(
        f"message.{call_id}-1.crm",
        OFFICE,
        call_id,
        contact,
        NOON,
        matter,
        "Maria",
        True,
        Path(f"{call_id}.flac"),
        65300,
        f"{call_id}-1",
    )


def a_change(change: Change, contact: Contact = BO, appointment_id: str = "a1", days: int = 2):
    """A brake inspection of an hour, booked, moved a day on, or cancelled."""
    moved = timedelta(days=days + (change is not Change.BOOKED))
    return AppointmentChanged(
        f"appointment.{appointment_id}-{change}.crm",
        OFFICE,
        "c1",
        contact,
        NOON,
        change,
        appointment_id,
        "Brake inspection",
        NOON + moved,
        NOON + moved + timedelta(hours=1),
        "Luis",
        NOON + timedelta(days=days) if change is Change.MOVED else None,
    )


def a_correction(contact: Contact = BO, call_id: str = "c1"):
    """Somebody in the office says that the call was answered only."""
    return DispositionChanged(
        f"disposition.{call_id}-2.crm", OFFICE, call_id, contact, NOON, "answered", "booked", "maria"
    )


def one_of_each() -> tuple[Happening, ...]:
    """In the order in which they could happen."""
    changes = [a_change(one) for one in Change]
    return (a_call(), a_message(), *changes, a_correction())
