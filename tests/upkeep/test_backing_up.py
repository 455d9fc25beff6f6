"""The nightly backup: once a night, in the quiet, old ones forgotten, a fault tried again."""

from __future__ import annotations

import threading

import pytest

from appliance.errors import StoreFault
from appliance.store import backups as room
from appliance.upkeep.backing_up import BackingUp
from tests.upkeep.conftest import Box

STOP = threading.Event()


@pytest.fixture
def chore(box: Box) -> BackingUp:
    return BackingUp(box.path, box.backups, box.keep, box.journal, box.clock)


def test_once_a_night_when_nobody_is_on_the_line(box: Box, chore: BackingUp) -> None:
    assert chore.is_due(box.clock.now(), idle=True)
    assert not chore.is_due(box.clock.now(), idle=False)
    chore.do(STOP)
    assert not chore.is_due(box.clock.now(), idle=True)
    box.clock.advance(6 * 3600)  # four in the morning
    assert chore.is_due(box.clock.now(), idle=True)
    assert not chore.is_due(box.clock.now(), idle=False)
    box.clock.advance(6 * 3600)
    assert chore.is_due(box.clock.now(), idle=False), "a line that is never quiet has a backup too"


def test_old_ones_go(box: Box, chore: BackingUp) -> None:
    for _ in range(40):
        chore.do(STOP)
        box.clock.advance(86400)
    assert (
        len(box.backups.all()) == 7 + 4 - 2
    )  # the newest of this week and of the last are among the daily ones


def test_one_that_failed_is_due_still(box: Box, chore: BackingUp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_SPARE_BYTES", 1 << 62)
    with pytest.raises(StoreFault):
        chore.do(STOP)
    assert chore.is_due(box.clock.now(), idle=True)


def test_a_new_box_has_nothing_to_back_up(box: Box, chore: BackingUp) -> None:
    box.path.unlink()
    assert not chore.is_due(box.clock.now(), idle=True)
