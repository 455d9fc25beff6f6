"""Kill -9 at every step of forwarding: the real sync process dies, another goes on, nobody can tell afterwards.

The process dies in the claim, after it, with half of its request or none of the answer on the wire, in the middle
of the commit that acknowledges (the kernel ends it inside a write to the log), and after that. Each time the
destination holds every item exactly once, nothing is missing, and each contact's items stand in order.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.bench.box import write_config
from appliance.bench.strict_crm import SECRET, Step, StrictCrm, open_crm
from appliance.clock import SetClock
from appliance.store.database import FILE_NAME, Database
from tests.sync.days import Days

pytestmark = pytest.mark.real

REPOSITORY = Path(__file__).parents[2]
NOON = datetime(2026, 11, 21, 19, tzinfo=UTC)
THINGS, PEOPLE, DEATH_AT_ROW = 14, 3, 5
KINDS = ["call", "message", "appointment", "disposition"]
Start = Callable[..., "subprocess.Popen[str]"]


class Scene:
    """An office's day in the database, nobody told of it yet; a destination; a way to start sync."""

    def __init__(self, folder: Path, crm: StrictCrm, start: Start, database: Database) -> None:
        self.folder, self.crm, self.start, self.database = folder, crm, start, database
        deliver = {"webhook_url": crm.url, "webhook_tells": KINDS, "retry_first_s": 0.1}
        self.config = write_config(folder, tables={"deliver": deliver})
        self.days = Days(database, SetClock(NOON), random.Random(7), ("webhook",), PEOPLE)
        while self.days.count < THINGS:
            self.days.happen()

    def sync(self, *doom: object) -> subprocess.Popen[str]:
        module = ["-m", "tests.sync.doomed", *map(str, doom)] if doom else ["-m", "appliance.wiring", "sync"]
        return self.start(*module, "--config", str(self.config))

    def finish(self) -> None:
        """One that lives takes the rest; then all is as if nobody had died."""
        process = self.sync()
        assert self.crm.wait_for(self.days.count, 60)
        assert settled(self.database)
        process.terminate()
        assert process.wait(30) == 0
        self.judge()

    def judge(self) -> None:
        held = self.crm.identities
        told = self.days.told
        assert sorted(held) == sorted(one for many in told.values() for one in many)
        for contact, identities in told.items():
            if contact:
                assert [one for one in held if one in identities] == identities
        assert self.crm.refusals == []
        self.database.check()


def settled(database: Database) -> bool:
    """Wait until every row is acknowledged."""
    pause = threading.Event()
    for _ in range(600):
        if {row["state"] for row in database.rows("SELECT DISTINCT state FROM outbox")} == {"sent"}:
            return True
        pause.wait(0.1)
    return False


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env={**os.environ, "ATTENDANT_WEBHOOK_SECRET": SECRET},
            cwd=REPOSITORY,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def scene(tmp_path: Path, start: Start) -> Iterator[Scene]:
    with open_crm() as crm, Database(tmp_path / FILE_NAME) as database:
        yield Scene(tmp_path, crm, start, database)


@pytest.mark.parametrize("step", ["claiming", "claimed", "acknowledging", "acknowledged"])
def test_killed_at_its_own_step(scene, step):
    process = scene.sync(step, DEATH_AT_ROW, 0)
    assert process.wait(60) == -signal.SIGKILL
    assert len(scene.crm.identities) == (DEATH_AT_ROW if step.startswith("ack") else DEATH_AT_ROW - 1)
    scene.finish()
    assert scene.crm.repeats == (1 if step == "acknowledging" else 0)


@pytest.mark.parametrize("offset_bytes", [0, 10, 24 + 4096, 3 * (24 + 4096) - 1])
def test_killed_by_the_kernel_in_the_middle_of_the_commit(scene, offset_bytes):
    process = scene.sync("in the commit", DEATH_AT_ROW, offset_bytes)
    assert process.wait(60) == -signal.SIGXFSZ
    assert len(scene.crm.identities) == DEATH_AT_ROW
    scene.finish()
    assert scene.crm.repeats == 1


@pytest.mark.parametrize("step", list(Step))
def test_killed_by_the_destination_at_a_byte_of_the_conversation(scene, step):
    process, rows, dead = scene.sync(), [], threading.Event()

    def strike(reached: Step, identity: str) -> None:
        if reached is step and not dead.is_set():
            rows.append(identity)
            if len(rows) == DEATH_AT_ROW:
                process.kill()
                process.wait()
                dead.set()

    scene.crm.watch = strike
    assert process.wait(60) == -signal.SIGKILL
    scene.finish()


def test_killed_again_and_again(scene):
    """Whatever the last one had in its hands, the next one begins with it."""
    rng = random.Random(3)
    for step in rng.sample(["claiming", "claimed", "acknowledging", "acknowledged"], 4):
        assert scene.sync(step, 2, 0).wait(60) == -signal.SIGKILL
    scene.finish()


def test_two_by_mistake_send_nothing_twice(scene):
    first, second = scene.sync(), scene.sync()
    assert scene.crm.wait_for(scene.days.count, 60)
    assert settled(scene.database)
    assert scene.crm.repeats == 0
    scene.judge()
    for process in (first, second):
        process.terminate()
    assert first.wait(30) == second.wait(30) == 0


def test_the_second_says_that_it_waits_and_takes_over_from_the_dead(scene):
    held, let_go = threading.Event(), threading.Event()

    def hold(identity: str) -> None:
        held.set()
        let_go.wait(60)

    scene.crm.plan = hold
    first = scene.sync()
    assert held.wait(60)
    second = scene.sync()
    assert "another process sends already" in said_by(second, "another process")
    first.kill()
    first.wait()
    scene.crm.plan = lambda identity: None
    let_go.set()
    assert scene.crm.wait_for(scene.days.count, 60)
    assert settled(scene.database)
    scene.judge()
    assert scene.crm.repeats == 1  # what the first one had in its hands
    second.terminate()
    assert second.wait(30) == 0


def said_by(process: subprocess.Popen[str], word: str) -> str:
    """The first line of its log with this word; the rest is read on."""
    assert process.stderr is not None
    line = next((line for line in process.stderr if word in line), "")
    threading.Thread(target=process.stderr.read, daemon=True).start()
    return line
