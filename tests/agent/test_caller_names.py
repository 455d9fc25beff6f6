"""By which name a caller is known, as the agent looks it up: at once, or not at all."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance.agent.caller_names import CallerNames, KnownCaller
from appliance.clock import SetClock
from appliance.errors import StoreFault
from appliance.store.contacts import NAME_DAYS_MAX, Contacts
from appliance.store.database import FILE_NAME, Database
from appliance.store.writer import StoreWriter

NOON = datetime(2026, 11, 21, 19, tzinfo=UTC)
BO = "+13035550123"


class Shelf:
    """The cache, as the agent has it open: once to write, once to read."""

    def __init__(self, folder: Path) -> None:
        self.clock = SetClock(NOON)
        self.database = Database(folder / FILE_NAME)
        self.looking = Database(folder / FILE_NAME, read_only=True)
        self.contacts = Contacts(self.database, self.clock)
        self.reading = Contacts(self.looking, self.clock)

    def ask(self, caller: str) -> KnownCaller:
        async def asked() -> KnownCaller:
            writer = StoreWriter()
            known = await CallerNames(self.reading, self.contacts, writer, "US").look_up(caller)
            await writer.drain()
            return known

        return asyncio.run(asked())


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    made.database.open()
    yield made
    made.looking.close()
    made.database.close()


def test_before_the_first_call_there_is_nothing_to_read(tmp_path: Path) -> None:
    reading = Contacts(Database(tmp_path / FILE_NAME, read_only=True))
    names = CallerNames(reading, reading, StoreWriter(), "US")
    names.get_ready()
    assert not (tmp_path / FILE_NAME).exists()


def test_an_unknown_caller_is_put_on_the_list(shelf: Shelf) -> None:
    assert shelf.ask("303-555-0123") == KnownCaller()
    assert shelf.contacts.to_ask() == [BO]


@pytest.mark.parametrize("caller", ["", "anonymous", "102", "sip:x"])
def test_who_hides_or_sits_in_the_house_is_nobody(shelf: Shelf, caller: str) -> None:
    assert shelf.ask(caller) == KnownCaller()
    assert shelf.contacts.to_ask() == []


def test_one_is_known_by_name_and_of_several_nobody(shelf: Shelf) -> None:
    shelf.ask(BO)
    shelf.contacts.learnt(BO, "7", "Bo Berg", 1)
    assert shelf.ask(BO) == KnownCaller("Bo Berg", 1)
    shelf.contacts.learnt(BO, "", "", 3)
    assert shelf.ask(BO) == KnownCaller("", 3)


def test_a_name_from_long_ago_is_not_used(shelf: Shelf) -> None:
    shelf.ask(BO)
    shelf.contacts.learnt(BO, "7", "Bo Berg", 1)
    shelf.clock.at += timedelta(days=NAME_DAYS_MAX + 1)
    assert shelf.ask(BO).name == ""


def test_a_disk_that_refuses_or_takes_its_time_costs_the_name_only(shelf: Shelf, monkeypatch) -> None:
    shelf.ask(BO)
    shelf.contacts.learnt(BO, "7", "Bo Berg", 1)
    let_go = threading.Event()

    def slow(phone: str) -> None:
        let_go.wait(10)

    async def asked_of_a_slow_disk() -> KnownCaller:
        writer = StoreWriter()
        names = CallerNames(shelf.reading, shelf.contacts, writer, "US")
        try:
            return await names.look_up(BO)
        finally:
            let_go.set()
            await writer.drain()

    monkeypatch.setattr(shelf.reading, "get", slow)
    assert asyncio.run(asked_of_a_slow_disk()) == KnownCaller()

    def refused(phone: str) -> None:
        raise StoreFault("the disk is away")

    monkeypatch.setattr(shelf.reading, "get", refused)
    assert shelf.ask(BO) == KnownCaller()
