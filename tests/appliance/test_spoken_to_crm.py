"""From a caller's voice to the customer database: SIP, recogniser, store, sync process, a real Tryton."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.appliance.office import open_office
from tests.servers.tryton import DATABASE, KEY, Tryton

pytestmark = [pytest.mark.real, pytest.mark.timeout(600)]  # the first run makes Tryton's environment

CALLER = "+13035550151"


def test_a_spoken_call_stands_under_the_caller_with_its_outcome(short_folder: Path, say, monkeypatch):
    monkeypatch.setenv("ATTENDANT_CRM_KEY", KEY)
    with Tryton(short_folder) as tryton:
        known = tryton.party("Dana Fields", CALLER)
        crm = {"kind": "tryton", "url": tryton.url, "database": DATABASE}
        office = open_office(short_folder, crm=crm)
        with office.box:
            office.box.wait_ready()
            office.hold(say("Can I pay by credit card?"), user=CALLER.removeprefix("+"))
            record = office.record()
            notes = _notes(tryton, known)
    (note,) = notes
    assert note.splitlines()[0].endswith(": question answered")
    assert note.splitlines()[1].endswith(CALLER)
    assert record["summary"]["wish"] in note
    assert f"Recording: {record['call_id']}.flac" in note
    assert note.endswith(f"\n[call.{record['call_id']}.crm]")


def _notes(tryton: Tryton, party: int, limit_s: float = 60) -> list[str]:
    """The notes on a party, once there is one."""
    tick = threading.Event()
    for _ in range(int(limit_s / 0.2)):
        if found := tryton.notes(party):
            return found
        tick.wait(0.2)
    return []
