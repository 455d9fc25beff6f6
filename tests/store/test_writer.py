"""The writer: order kept, the loop never waits, a disk that refuses loses nothing that was posted."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from appliance.domain.call import Speaker, Turn
from appliance.errors import Misused, StoreFault
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.store.writer import StoreWriter
from tests.store.conftest import NOON

FULL_THEN_FREE = """
import asyncio, subprocess, sys
from datetime import UTC, datetime
from pathlib import Path
from appliance.domain.call import Speaker, Turn
from appliance.errors import StoreFault
from appliance.store.calls import Calls
from appliance.store.database import Database
from appliance.store.writer import StoreWriter

folder = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], check=True)
ballast = folder / "ballast"
calls = Calls(Database(folder / "attendant.db"))

def fill():
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass

async def main():
    full, over = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    def on_fault(fault):
        print("fault" if fault else "over", flush=True)
        loop.call_soon_threadsafe((full if fault else over).set)
    writer = StoreWriter(on_fault, retry_s=0.05)
    await writer.do(calls.begin, "c1", "a", "b", datetime(2026, 11, 21, tzinfo=UTC), {})
    fill()
    for number in range(1, 301):
        writer.post(calls.add_turn, "c1", Turn(number, Speaker.CALLER, "words " * 100, 0, 1))
    await full.wait()
    try:
        await writer.do(calls.next_turn_number, "c1")
    except StoreFault as fault:
        print(fault)
    ballast.unlink()
    subprocess.run(["mount", "-o", "remount,size=16m", str(folder)], check=True)
    await over.wait()
    print(await writer.do(calls.next_turn_number, "c1"), await writer.drain(), writer.lost)

asyncio.run(main())
"""


class Disk:
    """A store that refuses when told to, and remembers what it took."""

    def __init__(self) -> None:
        self.refuses = False
        self.took: list[int] = []
        self.tried = threading.Semaphore(0)

    def take(self, number: int) -> int:
        self.tried.release()
        if self.refuses:
            raise StoreFault("the disk is full.")
        self.took.append(number)
        return number


class Told:
    """What on_fault was told, and a way to wait for it."""

    def __init__(self) -> None:
        self.said: list[bool] = []
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()

    def __call__(self, fault: StoreFault | None) -> None:
        self.said.append(fault is not None)
        self._loop.call_soon_threadsafe(self._changed.set)

    async def until(self, *said: bool) -> None:
        async with asyncio.timeout(20):
            while self.said != list(said):
                await self._changed.wait()
                self._changed.clear()


@contextlib.asynccontextmanager
async def writing(**options) -> AsyncIterator[tuple[StoreWriter, Disk, Told]]:
    disk, told = Disk(), Told()
    writer = StoreWriter(told, retry_s=0.02, **options)
    try:
        yield writer, disk, told
    finally:
        await writer.drain()


def play(scene) -> None:
    """Run an asynchronous test."""
    asyncio.run(asyncio.wait_for(scene(), 60))


def test_order_is_kept_and_answers_come_back() -> None:
    async def scene() -> None:
        async with writing() as (writer, disk, told):
            for number in range(100):
                writer.post(disk.take, number)
            assert await writer.do(disk.take, 100) == 100
            assert disk.took == list(range(101))
            assert told.said == []

    play(scene)


def test_the_loop_does_not_wait_for_the_disk() -> None:
    async def scene() -> None:
        goes_on, hangs = threading.Event(), threading.Event()

        def hang() -> None:
            hangs.set()
            goes_on.wait(20)

        async with writing() as (writer, disk, _):
            writer.post(hang)
            answer = asyncio.ensure_future(writer.do(disk.take, 1))  # noqa: TID251
            await asyncio.to_thread(hangs.wait, 20)
            assert not answer.done()
            goes_on.set()
            assert await answer == 1

    play(scene)


def test_what_was_posted_waits_for_the_disk_in_order() -> None:
    async def scene() -> None:
        async with writing() as (writer, disk, told):
            disk.refuses = True
            for number in range(50):
                writer.post(disk.take, number)
            await told.until(True)
            assert isinstance(writer.fault, StoreFault)
            disk.refuses = False
            await told.until(True, False)
            assert await writer.do(disk.take, 50) == 50
            assert disk.took == list(range(51))
            assert writer.fault is None

    play(scene)


def test_who_asks_is_answered_at_once_and_nothing_overtakes() -> None:
    async def scene() -> None:
        async with writing() as (writer, disk, told):
            disk.refuses = True
            writer.post(disk.take, 0)
            with pytest.raises(StoreFault):
                await writer.do(disk.take, 1)
            with pytest.raises(StoreFault):
                await writer.do(disk.take, 2)
            disk.refuses = False
            await told.until(True, False)
            assert await writer.do(disk.take, 3) == 3
            assert disk.took == [0, 3]

    play(scene)


def test_a_fault_that_stays_is_said_once() -> None:
    async def scene() -> None:
        async with writing() as (writer, disk, told):
            disk.refuses = True
            writer.post(disk.take, 0)
            for _ in range(5):
                assert await asyncio.to_thread(disk.tried.acquire, timeout=20)
            assert told.said == [True]

    play(scene)


def test_a_bug_in_one_job_stops_no_other(caplog) -> None:
    async def scene() -> None:
        async with writing() as (writer, disk, told):

            def bug() -> None:
                raise Misused("never so")

            writer.post(bug)
            with pytest.raises(Misused):
                await writer.do(bug)
            assert await writer.do(disk.take, 1) == 1
            assert told.said == []

    with caplog.at_level(logging.ERROR):
        play(scene)
    assert [record.message for record in caplog.records] == ["store job failed"]


def test_who_no_longer_waits_is_not_missed() -> None:
    async def scene() -> None:
        goes_on = threading.Event()
        async with writing() as (writer, disk, _):
            writer.post(goes_on.wait, 20)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(writer.do(disk.take, 1), 0.01)
            goes_on.set()
            assert await writer.do(disk.take, 2) == 2

    play(scene)


def test_the_backlog_is_bounded_and_keeps_the_oldest(caplog) -> None:
    async def scene() -> None:
        async with writing(backlog_max=10) as (writer, disk, told):
            disk.refuses = True
            for number in range(15):
                writer.post(disk.take, number)
            assert writer.lost == 5
            await told.until(True)
            with pytest.raises(StoreFault, match="Too much waits"):
                await writer.do(disk.take, 99)
            disk.refuses = False
            await told.until(True, False)
            assert await writer.drain() == 0
            assert disk.took == list(range(10))

    with caplog.at_level(logging.CRITICAL):
        play(scene)
    assert [record.message for record in caplog.records] == ["store job lost"] * 5


def test_drain_writes_what_waits_and_takes_nothing_more() -> None:
    async def scene() -> None:
        async with writing() as (writer, disk, _):
            for number in range(30):
                writer.post(disk.take, number)
            assert await writer.drain() == 0
            assert disk.took == list(range(30))
            writer.post(disk.take, 31)
            with pytest.raises(StoreFault):
                await writer.do(disk.take, 32)
            assert disk.took == list(range(30))

    play(scene)


def test_drain_says_how_much_a_faulty_disk_left() -> None:
    async def scene() -> None:
        async with writing() as (writer, disk, told):
            disk.refuses = True
            for number in range(7):
                writer.post(disk.take, number)
            await told.until(True)
            assert await writer.drain() == 7

    play(scene)


def test_turns_of_a_real_store(tmp_path: Path) -> None:
    async def scene() -> None:
        calls = Calls(Database(tmp_path / FILE_NAME))
        async with writing() as (writer, _, told):
            writer.post(calls.begin, "c1", "a", "b", NOON, {})
            for number in range(1, 21):
                writer.post(calls.add_turn, "c1", Turn(number, Speaker.CALLER, "words", 0, 1))
            assert await writer.do(calls.next_turn_number, "c1") == 21
            assert told.said == []

    play(scene)


def test_a_full_disk_that_is_freed_has_every_turn(tmp_path: Path, start, private_mounts) -> None:
    out, err = start(FULL_THEN_FREE, str(tmp_path), wrapper=private_mounts).communicate(timeout=60)
    lines = out.splitlines()
    assert lines[0] == "fault", err
    assert "the disk is full" in lines[1]
    assert lines[2:] == ["over", "301 0 0"]
