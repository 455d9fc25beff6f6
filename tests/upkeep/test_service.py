"""The upkeep process: what is due is done once, in order; what fails is said and tried again later."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from appliance.clock import SetClock
from appliance.domain.call import Disposition
from appliance.errors import StoreFault
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.upkeep.service import AGAIN_AFTER_S, Upkeep, is_quiet, serve

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Sweeping:
    """A chore that counts; `wrong` is raised by it, `only_idle` waits until nobody is on the line."""

    def __init__(self, name: str, wrong: Exception | None = None, *, only_idle: bool = False) -> None:
        self.name = name
        self.wrong = wrong
        self.only_idle = only_idle
        self.times = 0

    def is_due(self, now: datetime, *, idle: bool) -> bool:
        return idle or not self.only_idle

    def do(self, stop: threading.Event) -> None:
        self.times += 1
        if self.wrong:
            raise self.wrong


def test_what_is_due_is_done_and_what_waits_for_quiet_waits():
    always, quiet = Sweeping("always"), Sweeping("quiet", only_idle=True)
    upkeep = Upkeep([always, quiet], SetClock(NOON), lambda now: False)
    assert upkeep.look(threading.Event()) == 1
    assert (always.times, quiet.times) == (1, 0)


@pytest.mark.parametrize("wrong", [StoreFault("The disk is full.", remedy="Free some."), KeyError("ours")])
def test_a_fault_is_said_and_tried_again_later_and_keeps_nobody_from_their_work(wrong):
    broken, other, clock, said = Sweeping("broken", wrong), Sweeping("other"), SetClock(NOON), []
    upkeep = Upkeep([broken, other], clock, lambda now: True, said.append)
    upkeep.look(threading.Event())
    upkeep.look(threading.Event())
    assert (broken.times, other.times) == (1, 2)
    assert said[0] and said[-1]
    broken.wrong = None
    clock.advance(AGAIN_AFTER_S)
    upkeep.look(threading.Event())
    assert broken.times == 2
    assert said[-1] == ""


def test_it_is_quiet_when_no_call_is_open(tmp_path):
    with Database(tmp_path / FILE_NAME) as database:
        calls = Calls(database)
        assert is_quiet(database, NOON)
        calls.begin("c1", "+13035550123", "100", NOON, {})
        assert not is_quiet(database, NOON)
        calls.close("c1", Disposition.ANSWERED, NOON)
        assert is_quiet(database, NOON)


def test_a_database_that_does_not_answer_says_nothing_about_callers(tmp_path):
    (tmp_path / FILE_NAME).write_bytes(b"no database at all, but long enough to be looked at" * 20)
    with Database(tmp_path / FILE_NAME) as database:
        assert not is_quiet(database, NOON)


def test_it_serves_until_it_is_told_to_stop():
    stop, alive, chore = threading.Event(), threading.Event(), Sweeping("one")
    upkeep = Upkeep([chore], SetClock(NOON), lambda now: True)
    serving = threading.Thread(target=serve, args=(upkeep, stop, lambda: None, alive.set))
    serving.start()
    assert alive.wait(10)
    stop.set()
    serving.join(10)
    assert not serving.is_alive()
    assert chore.times >= 1
