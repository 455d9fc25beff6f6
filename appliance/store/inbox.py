"""A message with all that belongs to it: how far it has been sent, the recording, and where in it it was left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rapidfuzz import fuzz

from appliance.domain.call import CallRecord, Speaker, Turn
from appliance.errors import NotFound
from appliance.store.calls import Calls, recording_path
from appliance.store.database import Database
from appliance.store.messages import InboxEntry
from appliance.store.outbox import Delivery, Outbox

_ALIKE_MIN: Final = 60.0  # of 100; the caller's words, as they stand in the message


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Everything about one message. `place_ms` is where its matter begins, in the recording and in the call.

    `call` is None where the record of the call is gone, `recording` where there is none.
    """

    entry: InboxEntry
    call: CallRecord | None
    recording: Path | None
    place_ms: int | None
    deliveries: tuple[Delivery, ...]


def page_of(entry: InboxEntry, database: Database, directory: Path) -> InboxPage:
    """The page of `entry`; `directory` is settings.data_directory, where recordings lie."""
    message = entry.message
    deliveries = tuple(Outbox(database).of_subject(message.message_id))
    try:
        call = Calls(database).get(message.call_id)
    except NotFound:
        return InboxPage(entry, None, None, None, deliveries)
    place_ms = place_of(message.matter, call.turns)
    return InboxPage(entry, call, recording_of(call, directory), place_ms, deliveries)


def recording_of(call: CallRecord, directory: Path) -> Path | None:
    """The file of the record, or the one a call that is still open writes."""
    places = [recording_path(directory, call.call_id)]
    if call.recording is not None:
        places.insert(0, directory / call.recording)
    return next((place for place in places if place.is_file()), None)


def place_of(matter: str, turns: Sequence[Turn]) -> int | None:
    """Where the caller said `matter`: the beginning of their turn that is most like it, in ms; None: nowhere."""
    alike = [
        (fuzz.token_set_ratio(matter.lower(), turn.text.lower()), -turn.started_ms)
        for turn in turns
        if turn.speaker is Speaker.CALLER and turn.text
    ]
    best, started = max(alike, default=(0.0, 0))
    return -started if best >= _ALIKE_MIN else None
