"""The letter in which a person reads a message. Pure."""

from __future__ import annotations

from appliance.store.export import clock
from appliance.sync.happenings import MessageTaken
from appliance.sync.words import LetterWords


def subject_of(taken: MessageTaken, table: LetterWords) -> str:
    """One line, whatever the caller's name holds."""
    whom, name = _one_line(taken.whom), _one_line(taken.contact.name) or table.nobody
    subject = (table.subject_whom if whom else table.subject).format(whom=whom, name=name)
    return table.urgent.format(subject=subject) if taken.urgent else subject


def text_of(taken: MessageTaken, table: LetterWords, *, attached: bool) -> str:
    """The body: the matter, then who, when and where it can be heard."""
    known = {
        "name": _one_line(taken.contact.name) or table.nobody,
        "phone": _one_line(taken.number or taken.contact.phone),
        "whom": _one_line(taken.whom),
        "taken": f"{taken.happened_at:%Y-%m-%d %H:%M}",
        "recording": _heard_at(taken, table, attached=attached),
        "message_id": taken.message_id,
    }
    told = [(label, content.format(**known)) for label, content in table.lines]
    width = max(len(label) for label, _ in told) + 2
    lines = [f"{label + ':':<{width}}{content}" for label, content in told if content]
    signature = table.signature.format(business=taken.business)
    return "\n".join([taken.matter, "", *lines, "", "-- ", signature, ""])


def _heard_at(taken: MessageTaken, table: LetterWords, *, attached: bool) -> str:
    if taken.recording is None:
        return ""
    place = table.place.format(file=taken.recording.name, clock=clock(taken.place_ms or 0))
    return (table.attached if attached else table.too_large).format(place=place)


def _one_line(text: str) -> str:
    return " ".join(text.split())
