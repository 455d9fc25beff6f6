"""What stands in a customer database about a call, a message, an appointment: one table a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from appliance.sync.happenings import Change


@dataclass(frozen=True, slots=True)
class NoteWords:
    """The words of a note; braces are filled in. A line whose content comes out empty is left out."""

    moment: str
    """How a moment is written (strftime)."""
    talked: str
    called: str
    called_at: str
    left: str
    left_urgent: str
    changed: Mapping[Change, str]
    corrected: str
    dispositions: Mapping[str, str]
    """One that is not listed stands as it is."""
    caller: str
    for_whom: str
    wish: str
    next_step: str
    with_whom: str
    was_at: str
    corrected_by: str
    recording: str
    recording_from: str
    shortened: str
    several: str
    """`parties` have the number; which of them called is not known."""
    unknown_caller: str
    """The one entry under which callers stand whose number is not known."""


ENGLISH: Final = NoteWords(
    moment="%Y-%m-%d %H:%M",
    talked="{minutes} min {seconds:02} s",
    called="Call on {at}: {disposition}",
    called_at="Call on {at}, {talked}: {disposition}",
    left="Message left on {at}",
    left_urgent="URGENT message left on {at}",
    changed={
        Change.BOOKED: "Appointment booked on {at}: {service}, {starts}",
        Change.MOVED: "Appointment moved on {at}: {service}, now {starts}",
        Change.CANCELLED: "Appointment cancelled on {at}: {service}, {starts}",
    },
    corrected="Outcome of a call corrected on {at}: {disposition}",
    dispositions={
        "open": "not over yet",
        "answered": "question answered",
        "booked": "appointment booked",
        "moved": "appointment moved",
        "cancelled": "appointment cancelled",
        "message": "message taken",
        "transferred": "put through",
        "abandoned": "caller hung up",
        "silent": "nobody spoke",
        "turned_away": "could not be answered",
        "missed": "not answered, caller hung up while it rang",
        "system_failure": "broken off by a fault of the box",
    },
    caller="Caller: {caller}",
    for_whom="For: {whom}",
    wish="Wish: {wish}",
    next_step="Next step: {next_step}",
    with_whom="With: {staff}",
    was_at="Before: {was}",
    corrected_by="Before: {was}. Corrected by: {by}",
    recording="Recording: {file}, on the box",
    recording_from="Recording: {file}, from {clock} on, on the box",
    shortened="... (shortened; the whole is on the box)",
    several="Several entries have this number: {parties}. Which of them called is not known.",
    unknown_caller="Unknown caller (withheld number)",
)
LANGUAGES: Final[Mapping[str, NoteWords]] = {"en": ENGLISH}
