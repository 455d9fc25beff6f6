"""Forgetting by the clock: in the quiet, never by a clock that has leapt, gone on with after a call."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from appliance.clock import SetClock
from appliance.settings import Keep
from appliance.store.calls import Calls
from appliance.store.outbox import Outbox
from appliance.store.retention import Retention
from appliance.upkeep.thinning import Thinning
from tests.fakes.office_days import MONDAY
from tests.upkeep.conftest import Box

STOP = threading.Event()


@pytest.fixture
def chore(box: Box) -> Thinning:
    outbox = Outbox(box.database, SetClock(MONDAY + timedelta(days=1)))
    while (row := outbox.claim("webhook")) is not None:
        outbox.sent(row)
    retention = Retention(box.database, box.folder, Keep(sent_days=30))
    return Thinning(box.database, retention, box.journal, box.clock, at="03:30")


def kept(box: Box) -> int:
    return int(box.database.rows("SELECT count(*) AS n FROM outbox")[0]["n"])


def test_only_in_the_quiet(box: Box, chore: Thinning) -> None:
    assert chore.is_due(box.clock.now(), idle=True)
    assert not chore.is_due(box.clock.now(), idle=False)


def test_a_clock_that_has_leapt_is_believed_the_second_night(box: Box, chore: Thinning) -> None:
    chore.do(STOP)
    before = kept(box)
    box.clock.advance(86400 * 365 * 50)
    chore.do(STOP)
    assert kept(box) == before
    box.clock.advance(86400)
    chore.do(STOP)
    assert kept(box) == 0


def test_night_after_night_what_is_old_goes(box: Box, chore: Thinning) -> None:
    assert kept(box) > 0
    for _ in range(40):
        chore.do(STOP)
        box.clock.advance(86400)
    assert kept(box) == 0


def test_a_call_that_comes_breaks_it_off_and_it_is_due_again(box: Box, chore: Thinning) -> None:
    chore.do(STOP)
    box.clock.advance(86400)
    Calls(box.database).begin("now", "+13035550000", "100", box.clock.now(), {})
    chore.do(STOP)
    assert chore.is_due(box.clock.now(), idle=True)
