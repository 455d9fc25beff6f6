"""The telephone's threads are real-time where that is permitted, and nothing breaks where it is not."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator

import pytest

from appliance.sip import priority


@pytest.fixture(autouse=True)
def _switch_interval_kept() -> Iterator[None]:
    kept_s = sys.getswitchinterval()
    yield
    sys.setswitchinterval(kept_s)


def _scheduling_after_hurry() -> list[int]:
    """Of a thread that hurries and of one that it starts; in threads, so that the test's own stays as it is."""
    seen: list[int] = []

    def note() -> None:
        seen.append(os.sched_getscheduler(0))

    def hurry() -> None:
        priority.hurry()
        note()
        started = threading.Thread(target=note)
        started.start()
        started.join()

    thread = threading.Thread(target=hurry)
    thread.start()
    thread.join()
    return seen


def test_what_is_started_afterwards_hurries_as_well() -> None:
    own, started = _scheduling_after_hurry()
    assert own == started
    assert own in {os.SCHED_RR, os.SCHED_OTHER}


def test_what_systemd_has_chosen_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getscheduler", lambda _: os.SCHED_FIFO)
    monkeypatch.setattr(os, "sched_setscheduler", lambda *_: pytest.fail("it is real-time already"))
    assert _scheduling_after_hurry() == [os.SCHED_FIFO, os.SCHED_FIFO]


def test_without_permission_it_stays_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setscheduler", refused)
    monkeypatch.setattr(os, "setpriority", refused)
    assert _scheduling_after_hurry() == [os.SCHED_OTHER, os.SCHED_OTHER]
