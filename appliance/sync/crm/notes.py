"""What is written into a customer database about something that happened, as a person reads it. Pure.

The last line of a note is its mark, the happening's identity in brackets: who finds it there knows that this
has been written already.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import assert_never

from appliance.store.export import clock
from appliance.sync.crm.note_words import NoteWords
from appliance.sync.happenings import (
    AppointmentChanged,
    CallFinished,
    Change,
    DispositionChanged,
    Happening,
    MessageTaken,
)


def mark_of(happening: Happening) -> str:
    """The last line of the note about it."""
    return f"[{happening.identity}]"


def title_of(happening: Happening, words: NoteWords) -> str:
    """What happened, in one line."""
    at = format(happening.happened_at, words.moment)
    match happening:
        case CallFinished():
            template = words.called_at if happening.talked_s > 0 else words.called
            told = {"disposition": _ended(happening.disposition, words), "talked": _talked(happening, words)}
        case MessageTaken():
            template, told = words.left_urgent if happening.urgent else words.left, {}
        case AppointmentChanged():
            starts = _moment(happening.starts_at, happening, words)
            template, told = words.changed[happening.change], {"service": happening.service, "starts": starts}
        case DispositionChanged():
            template, told = words.corrected, {"disposition": _ended(happening.disposition, words)}
        case _:
            assert_never(happening)
    return one_line(template.format(at=at, **told))


def note_of(happening: Happening, words: NoteWords, *, chars_max: int, several: Sequence[str] = ()) -> str:
    """The whole note, of `chars_max` characters at most; `several`: who else may have called."""
    mark = "\n" + mark_of(happening)
    lines = [title_of(happening, words), *_lines(happening, words)]
    if several:
        lines.insert(1, words.several.format(parties=", ".join(map(one_line, several))))
    text = "\n".join(line for line in map(plain, lines) if line)
    return shortened(text, chars_max - len(mark), words) + mark


def shortened(text: str, chars_max: int, words: NoteWords) -> str:
    """`text`, or as much of its beginning as fits, and that something is missing."""
    if len(text) <= chars_max:
        return text
    missing = "\n" + words.shortened
    return text[: max(chars_max - len(missing), 0)].rstrip() + missing


def one_line(text: str) -> str:
    """A name or title as one line, without what no form field takes."""
    return " ".join(plain(text).split())


def plain(text: str) -> str:
    """Any script, but no control characters except line ends, and nothing that UTF-8 cannot say."""
    text = text.replace("\r\n", "\n").encode("utf-8", "replace").decode()
    return "".join(c if c == "\n" or unicodedata.category(c) != "Cc" else " " for c in text).strip()


def _lines(happening: Happening, words: NoteWords) -> Iterator[str]:
    """What stands below the title; empty lines are left out by the caller."""
    yield _labelled(words.caller, caller=_caller(happening))
    match happening:
        case CallFinished():
            if happening.summary != f"{happening.wish} {happening.next_step}":  # which is what follows
                yield happening.summary
            yield _labelled(words.wish, wish=happening.wish)
            yield _labelled(words.next_step, next_step=happening.next_step)
            yield _heard_at(happening.recording, None, words)
        case MessageTaken():
            yield _labelled(words.for_whom, whom=happening.whom)
            yield happening.matter
            yield _heard_at(happening.recording, happening.place_ms, words)
        case AppointmentChanged():
            yield _labelled(words.with_whom, staff=happening.staff)
            if happening.change is Change.MOVED:
                yield _labelled(words.was_at, was=_moment(happening.was_at, happening, words))
        case DispositionChanged():
            yield words.corrected_by.format(was=_ended(happening.was, words), by=one_line(happening.by))
        case _:
            assert_never(happening)


def _labelled(template: str, **content: str) -> str:
    """The line, or none where there is nothing to say."""
    said = {key: one_line(value) for key, value in content.items()}
    return template.format(**said) if any(said.values()) else ""


def _caller(happening: Happening) -> str:
    """Who, and their number: to call back an extension it stands as it was given."""
    contact, given = happening.contact, happening.number if isinstance(happening, MessageTaken) else ""
    return ", ".join(filter(None, (one_line(contact.name), contact.phone or one_line(given))))


def _moment(at: datetime | None, happening: Happening, words: NoteWords) -> str:
    """As the business's clock shows it."""
    return "" if at is None else format(at.astimezone(happening.happened_at.tzinfo), words.moment)


def _ended(disposition: str, words: NoteWords) -> str:
    return words.dispositions.get(disposition, disposition)


def _talked(call: CallFinished, words: NoteWords) -> str:
    minutes, seconds = divmod(max(call.talked_s, 0), 60)
    return words.talked.format(minutes=minutes, seconds=seconds)


def _heard_at(recording: Path | None, place_ms: int | None, words: NoteWords) -> str:
    if recording is None:
        return ""
    if place_ms is None:
        return words.recording.format(file=recording.name)
    return words.recording_from.format(file=recording.name, clock=clock(place_ms))
