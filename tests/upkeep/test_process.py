"""The upkeep process as it is really started: it backs up, heals what is damaged under a running writer, and stops."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from appliance.errors import StoreFault
from appliance.store.calls import Calls
from appliance.store.database import Database
from appliance.store.messages import Messages
from tests.fakes.office_days import MONDAY
from tests.upkeep.conftest import Box

pytestmark = pytest.mark.real
_PATIENCE_S = 60.0


@pytest.fixture
def start(box: Box) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    config = box.folder / "appliance.toml"
    config.write_text(f'[store]\ndirectory = "{box.folder}"\n')
    command = [sys.executable, "-m", "appliance.wiring", "upkeep", "--config", str(config)]
    started: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen(command, stderr=subprocess.DEVNULL, env={**os.environ}))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.wait(10)


def wait_until(is_so: Callable[[], bool]) -> None:
    """Look again and again until it is so; fail after a minute."""
    looking = threading.Event()
    for _ in range(int(_PATIENCE_S * 10)):
        if is_so():
            return
        looking.wait(0.1)
    pytest.fail("it never was so")


def test_it_backs_up_and_stops_when_told(box: Box, start: Callable[[], subprocess.Popen[bytes]]) -> None:
    process = start()
    wait_until(lambda: bool(box.backups.all()))
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert box.backups.all()[0].rows["calls"] == 4
    assert box.journal.last("integrity") is not None


def test_damage_under_a_running_writer_is_healed_while_it_goes_on(
    box: Box, start: Callable[[], subprocess.Popen[bytes]]
) -> None:
    with Database(box.path) as agent:
        calls = Calls(agent)
        start()
        wait_until(lambda: bool(box.backups.all()))
        agent.fold_log()
        agent.close()
        with box.path.open("r+b") as file:
            file.write(os.urandom(4096))
        with pytest.raises(StoreFault, match="damaged"):
            calls.begin("after", "+13035550009", "100", MONDAY, {})

        def is_kept() -> bool:
            try:
                calls.begin("after", "+13035550009", "100", MONDAY, {})
            except StoreFault:
                return False
            return True

        wait_until(is_kept)
        wait_until(lambda: any(one.message.call_id == "" for one in Messages(agent).inbox()))
        assert {call.call_id for call in calls.recent()} == {"after", *(f"call-{n}" for n in range(4))}


def test_killed_in_the_middle_it_heals_the_next_time(
    box: Box, start: Callable[[], subprocess.Popen[bytes]]
) -> None:
    """However far it came when it was killed, nothing of the backup is missing afterwards."""
    box.backups.make()
    box.database.fold_log()
    box.database.close()
    pages = box.path.stat().st_size // 4096
    with box.path.open("r+b") as file:
        file.seek(4096 * (pages // 3))
        file.write(os.urandom(4096 * 3))
    for wait_s in (0.3, 0.6, 0.9, 1.2):
        process = start()
        threading.Event().wait(wait_s)
        process.kill()
        process.wait(10)
    start()
    wait_until(lambda: box.journal.last("integrity") is not None)
    with Database(box.path) as database:
        database.check()
        assert len(Calls(database).recent()) == 4
