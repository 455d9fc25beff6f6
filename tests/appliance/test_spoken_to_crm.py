"""From a caller's voice to the customer database and back: SIP, recogniser, store, sync process, a real Tryton."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from appliance.clock import SystemClock
from appliance.store.contacts import Contacts
from appliance.store.database import FILE_NAME, Database
from tests.appliance.office import open_office
from tests.servers.tryton import DATABASE, KEY, Tryton

pytestmark = [pytest.mark.real, pytest.mark.timeout(600)]  # the first run makes Tryton's environment

CALLER = "+13035550151"


def test_a_call_stands_under_who_called_and_the_next_one_is_greeted_by_name(short_folder, say, monkeypatch):
    monkeypatch.setenv("ATTENDANT_CRM_KEY", KEY)
    with Tryton(short_folder) as tryton:
        known = tryton.party("Dana Fields", CALLER)
        crm = {"kind": "tryton", "url": tryton.url, "database": DATABASE, "greet_by_name": True}
        office = open_office(short_folder, crm=crm)
        with office.box:
            office.box.wait_ready()
            office.hold(say("Can I pay by credit card?"), user=CALLER.removeprefix("+"))
            first = office.record()
            (note,) = _at_last(lambda: tryton.notes(known))
            assert _at_last(lambda: _name_of(CALLER, short_folder)) == "Dana Fields"
            tryton.stop()  # what is known by now is known offline
            office.hold(user=CALLER.removeprefix("+"))
            second = office.record()
    assert note.splitlines()[0].endswith(": question answered")
    assert note.splitlines()[1].endswith(CALLER)
    assert first["summary"]["wish"] in note
    assert f"Recording: {first['call_id']}.flac" in note
    assert note.endswith(f"\n[call.{first['call_id']}.crm]")
    assert "Dana" not in _greeting(first)
    assert "Hello, Dana" in _greeting(second)


def _greeting(record: dict[str, Any]) -> str:
    return str(record["turns"][0]["text"])


def _name_of(phone: str, folder: Path) -> str:
    with Database(folder / FILE_NAME, read_only=True) as database:
        contact = Contacts(database, SystemClock()).get(phone)
        return "" if contact is None else contact.name


def _at_last(look: Callable[[], Any], limit_s: float = 90) -> Any:
    """What `look` finds, once it finds something."""
    tick = threading.Event()
    for _ in range(int(limit_s / 0.2)):
        if found := look():
            return found
        tick.wait(0.2)
    return look()
