"""Makes a letter of a row of the outbox: its words, and the recording as it lies on the disk by now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from appliance.business import Business
from appliance.conversation.directory import Directory, Found
from appliance.errors import NotFound
from appliance.store.calls import Calls
from appliance.store.database import Database
from appliance.store.inbox import place_of, recording_of
from appliance.store.outbox import Delivery
from appliance.sync.letters import Letter


def letter_for(delivery: Delivery, office: Business, database: Database, directory: Path) -> Letter:
    """The letter; `directory` is settings.data_directory. A call that is not on record has no recording."""
    taken_at = datetime.fromisoformat(delivery.payload["taken_at"]).astimezone(office.zone)
    whom = _addresses_of(delivery.payload["whom"], office)
    plain = Letter(delivery.idempotency_key, office.name, delivery.payload, taken_at, also_to=whom)
    try:
        call = Calls(database).get(delivery.call_id)
    except NotFound:
        return plain
    place_ms = place_of(delivery.payload["matter"], call.turns)
    recording = recording_of(call, directory)
    return replace(plain, recording=recording, place_ms=place_ms)


def _addresses_of(whom: str, office: Business) -> tuple[str, ...]:
    """Where the one it is for is written to; nowhere when it is not sure who that is."""
    found = Directory(office).find(whom) if whom else Found()
    return tuple(one.email for one in found.entries[:1] if one.email and found.is_sure)
