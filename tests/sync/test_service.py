"""One that sends and one that waits; what a dead one left; callers are asked for; a bell."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from appliance.clock import SetClock
from appliance.errors import NoAnswer
from appliance.settings import Deliver
from appliance.store.backlog import Backlog
from appliance.store.contacts import Contacts
from appliance.store.database import FILE_NAME, Database
from appliance.store.outbox import Note, Outbox, put
from appliance.sync.acquaintance import Acquaintance
from appliance.sync.attempts import Later, Outcome, Sent
from appliance.sync.bell import ring
from appliance.sync.crm.ports import KnownContact
from appliance.sync.forwarder import Forwarder
from appliance.sync.happenings import Happening
from appliance.sync.lease import Lease
from appliance.sync.service import run
from tests.sync.test_carrier import happening

NOON = datetime(2026, 11, 21, 19, tzinfo=UTC)
BO, AL = "+13035550123", "+13035550199"


class FakeCrm:
    """Knows people by their numbers; `away`: it cannot be asked."""

    def __init__(self) -> None:
        self.people: dict[str, list[str]] = {}
        self.away = False
        self.sent = threading.Event()

    def send(self, told: Happening) -> Outcome:
        self.sent.set()
        return Later("away") if self.away else Sent()

    def contacts(self, phone: str) -> tuple[KnownContact, ...]:
        if self.away:
            raise NoAnswer("cannot be reached")
        return tuple(KnownContact(name, name, phone) for name in self.people.get(phone, ()))


class Box:
    """A data directory, and sync processes of it as threads."""

    def __init__(self, folder, database: Database) -> None:
        self.folder, self.database = folder, database
        self.clock = SetClock(NOON)
        self.crm = FakeCrm()
        self.outbox = Outbox(database, self.clock)
        self.said: list[str] = []

    def happen(self) -> None:
        with self.database.writing() as tables:
            put(tables, Note("call", "c1", BO, "", {}), ("crm",), NOON)

    @contextmanager
    def sync(self) -> Iterator[threading.Event]:
        forwarder = Forwarder(self.outbox, {"crm": self.crm}, happening, Deliver(), self.clock)
        acquaintance = Acquaintance(Contacts(self.database, self.clock), self.crm, self.clock)
        stop, ready = threading.Event(), threading.Event()
        told = {"on_ready": ready.set, "alive": lambda: None, "status": self.said.append}
        thread = threading.Thread(
            target=run, args=(forwarder, acquaintance, self.outbox, self.folder, stop), kwargs=told
        )
        thread.start()
        assert ready.wait(10)
        yield stop
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def until(condition) -> bool:
    pause = threading.Event()
    return any(condition() or pause.wait(0.05) for _ in range(300))


@pytest.fixture
def box(tmp_path):
    with Database(tmp_path / FILE_NAME) as database:
        yield Box(tmp_path / "run", database)


def test_what_a_dead_sender_had_claimed_is_sent_at_once(box) -> None:
    box.happen()
    assert box.outbox.claim("crm") is not None
    assert box.outbox.claim("crm") is None
    with box.sync():
        assert until(lambda: Backlog(box.database).waiting() == 0)


def test_a_second_one_waits_and_says_so_and_takes_over(box) -> None:
    with box.sync() as first, box.sync():
        assert until(lambda: any("sends already" in said for said in box.said))
        assert Lease(box.folder).is_taken()
        first.set()
        assert until(lambda: box.said.count("sending") == 2)
        box.happen()
        assert box.crm.sent.wait(10)
    assert not Lease(box.folder).is_taken()


def test_the_bell_has_what_waits_tried(box) -> None:
    box.crm.away = True
    box.happen()
    with box.sync():
        assert box.crm.sent.wait(10)
        assert until(lambda: Backlog(box.database).standing(["crm"])[0].failing_since is not None)
        box.crm.away = False
        assert ring(box.folder)
        assert until(lambda: Backlog(box.database).waiting() == 0)
    assert not ring(box.folder)


def test_callers_are_learnt_and_of_several_no_name(box) -> None:
    contacts = Contacts(box.database, box.clock)
    asking = Acquaintance(contacts, box.crm, box.clock)
    box.crm.people = {BO: ["Bo Berg"], AL: ["Al", "Alma", "Alan"]}
    for phone in (BO, AL, "+13035550100"):
        contacts.called(phone)
    assert asking.look() == 3
    assert [(one.name, one.matches) for one in map(contacts.get, (BO, AL)) if one] == [
        ("Bo Berg", 1),
        ("", 3),
    ]
    assert asking.look() == 0


def test_a_crm_that_is_away_is_not_asked_again_and_again(box) -> None:
    contacts = Contacts(box.database, box.clock)
    asking = Acquaintance(contacts, box.crm, box.clock)
    box.crm.away = True
    contacts.called(BO)
    for _ in range(3):
        assert asking.look() == 0
    box.crm.away, box.crm.people = False, {BO: ["Bo"]}
    assert asking.look() == 0
    box.clock.advance(20)
    assert asking.look() == 1


def test_an_answer_that_makes_no_sense_ends_nothing(box, monkeypatch) -> None:
    contacts = Contacts(box.database, box.clock)
    asking = Acquaintance(contacts, box.crm, box.clock)
    contacts.called(BO)

    def broken(phone: str) -> None:
        raise KeyError("name")

    monkeypatch.setattr(box.crm, "contacts", broken)
    assert asking.look() == 0
    assert contacts.to_ask() == [BO]
