"""The check: at the start, each night and at once where damage was met; what is damaged is healed, and said."""

from __future__ import annotations

import os
import threading

import pytest

from appliance.errors import StoreFault
from appliance.store.calls import Calls
from appliance.store.database import DAMAGED, Database
from appliance.store.messages import Messages
from appliance.store.outbox import Outbox
from appliance.upkeep.checking import Checking
from tests.upkeep.conftest import Box

STOP = threading.Event()


@pytest.fixture
def chore(box: Box) -> Checking:
    return Checking(
        box.database,
        box.backups,
        box.journal,
        box.clock,
        at="03:30",
        language="en",
        destinations=("webhook",),
    )


def test_at_the_start_whoever_is_on_the_line_then_at_night(box: Box, chore: Checking) -> None:
    assert chore.is_due(box.clock.now(), idle=False)
    chore.do(STOP)
    assert not chore.is_due(box.clock.now(), idle=True)
    box.clock.advance(6 * 3600)
    assert chore.is_due(box.clock.now(), idle=True)
    assert not chore.is_due(box.clock.now(), idle=False)


def test_all_is_well_and_nobody_is_told(box: Box, chore: Checking) -> None:
    before = len(Messages(box.database).inbox(100))
    chore.do(STOP)
    assert len(Messages(box.database).inbox(100)) == before


def test_damage_somebody_met_is_healed_at_once_and_told(box: Box, chore: Checking) -> None:
    chore.do(STOP)
    box.backups.make()
    box.database.fold_log()
    box.database.close()
    with box.path.open("r+b") as file:
        file.write(os.urandom(4096))
    with Database(box.path) as agent:
        with pytest.raises(StoreFault, match="damaged"):
            Calls(agent).recent()
        assert chore.is_due(box.clock.now(), idle=False)
        chore.do(STOP)
        assert not chore.is_due(box.clock.now(), idle=False)
        assert len(Calls(agent).recent()) == 4
    assert not box.path.with_name(box.path.name + DAMAGED).exists()
    told = Messages(box.database).inbox(1)[0].message
    assert told.urgent
    assert "replaced by the backup of 2026-11-16 22:00" in told.matter
    assert "Nothing seems to be missing" in told.matter
    assert "set_aside/" in told.matter
    assert [row.destination for row in Outbox(box.database).of_subject(told.message_id)] == ["webhook"]


def test_what_may_be_missing_is_named(box: Box, chore: Checking) -> None:
    box.backups.make()
    box.database.close()
    os.truncate(box.path, 0)
    chore.do(STOP)
    told = Messages(box.database).inbox(1)[0].message.matter
    assert "may be missing: " in told
    assert "messages" in told and "appointments" in told


def test_without_a_backup_that_is_said(box: Box, chore: Checking) -> None:
    box.database.fold_log()
    box.database.close()
    pages = box.path.stat().st_size // 4096
    with box.path.open("r+b") as file:
        file.seek(4096 * (pages // 2))
        file.write(os.urandom(8 * 4096))
    chore.do(STOP)
    assert "there was no backup" in Messages(box.database).inbox(1)[0].message.matter
