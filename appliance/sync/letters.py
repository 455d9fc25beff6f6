"""What is sent of a message: the letter a person reads, and the event a machine reads. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from appliance.store.export import clock
from appliance.sync.words import LetterWords


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that was taken for `business`, ready to be worded. `words` are the outbox's payload.

    `also_to` are the e-mail addresses of whom it is for; `recording` is the file the call was recorded to,
    `place_ms` where in it the message begins.
    """

    identity: str
    business: str
    words: dict[str, Any]
    taken_at: datetime
    recording: Path | None = None
    place_ms: int | None = None
    also_to: tuple[str, ...] = ()

    @property
    def is_urgent(self) -> bool:
        """Whether the caller called it urgent."""
        return bool(self.words.get("urgent"))


def subject_of(letter: Letter, table: LetterWords) -> str:
    """One line, whatever the caller's name holds."""
    whom, name = _one_line(letter.words.get("whom")), _one_line(letter.words.get("name")) or table.nobody
    subject = (table.subject_whom if whom else table.subject).format(whom=whom, name=name)
    return table.urgent.format(subject=subject) if letter.is_urgent else subject


def text_of(letter: Letter, table: LetterWords, *, attached: bool) -> str:
    """The body: the matter, then who, when and where it can be heard."""
    known = {key: _one_line(value) for key, value in letter.words.items()}
    known |= {
        "name": known.get("name") or table.nobody,
        "taken": f"{letter.taken_at:%Y-%m-%d %H:%M}",
        "recording": _heard_at(letter, table, attached=attached),
    }
    told = [(label, content.format(**known)) for label, content in table.lines]
    width = max(len(label) for label, _ in told) + 2
    lines = [f"{label + ':':<{width}}{content}" for label, content in told if content]
    signature = table.signature.format(business=letter.business)
    return "\n".join([str(letter.words.get("matter", "")), "", *lines, "", "-- ", signature, ""])


def event_of(letter: Letter) -> bytes:
    """A CloudEvent in structured JSON (https://cloudevents.io, version 1.0.2)."""
    place = None
    if letter.recording is not None:
        place = {"file": letter.recording.name, "starts_ms": letter.place_ms}
    event = {
        "specversion": "1.0",
        "id": letter.identity,
        "source": f"/attendant/{quote(letter.business, safe='')}",
        "type": "attendant.message.taken.v1",
        "time": letter.taken_at.isoformat(timespec="seconds"),
        "datacontenttype": "application/json",
        "data": {**letter.words, "recording": place},
    }
    return msgspec.json.encode(event)


def _heard_at(letter: Letter, table: LetterWords, *, attached: bool) -> str:
    if letter.recording is None:
        return ""
    place = table.place.format(file=letter.recording.name, clock=clock(letter.place_ms or 0))
    return (table.attached if attached else table.too_large).format(place=place)


def _one_line(value: object) -> str:
    return " ".join(str(value or "").split())
