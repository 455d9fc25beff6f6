"""The cache of contacts: whom to ask about, when, and for how long a name is good."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appliance.clock import SetClock
from appliance.settings import Keep
from appliance.store.contacts import Contacts, e164
from appliance.store.database import Database
from appliance.store.retention import Retention
from tests.store.conftest import NOON

BO, AL = "+13035550123", "+13035550199"
DAY = timedelta(days=1)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON)


@pytest.fixture
def contacts(database: Database, clock: SetClock) -> Contacts:
    return Contacts(database, clock, contact_days=30)


@pytest.mark.parametrize(
    ("number", "world"),
    [
        ("303-555-0123", BO),
        ("(303) 555 0123", BO),
        (BO, BO),
        ("+49 30 123456", "+4930123456"),
        ("102", ""),
        ("", ""),
        ("anonymous", ""),
    ],
)
def test_a_number_as_the_world_dials_it(number: str, world: str) -> None:
    assert e164(number, "US") == world


def test_who_called_is_asked_for_and_not_again_the_same_day(contacts, clock) -> None:
    contacts.called(BO)
    clock.advance(5)
    contacts.called(AL)
    assert contacts.to_ask() == [AL, BO]
    for phone in (BO, AL):
        contacts.learnt(phone, "1", "Bo", 1)
    contacts.called(BO)
    assert contacts.to_ask() == []


def test_who_called_lately_is_asked_for_each_day(contacts, clock) -> None:
    contacts.called(BO)
    contacts.learnt(BO, "1", "Bo", 1)
    clock.at += 1.1 * DAY
    assert contacts.to_ask() == [BO]
    contacts.learnt(BO, "1", "Bo", 1)
    clock.at += 8 * DAY
    assert contacts.to_ask() == []


def test_who_calls_again_after_long_is_asked_for(contacts, clock) -> None:
    contacts.called(BO)
    contacts.learnt(BO, "1", "Bo", 1)
    clock.at += 40 * DAY
    assert contacts.to_ask() == []
    contacts.called(BO)
    assert contacts.to_ask() == [BO]


def test_a_clock_that_was_ahead_keeps_nobody_from_being_asked_for(contacts, clock) -> None:
    contacts.called(BO)
    clock.at += 300 * DAY
    contacts.learnt(BO, "1", "Bo", 1)
    clock.at -= 300 * DAY
    assert contacts.to_ask() == [BO]


def test_who_was_forgotten_stays_forgotten(database, contacts, clock) -> None:
    contacts.called(BO)
    kept = Retention(database, database.path.parent, Keep(contacts_days=1))
    assert kept.thin(clock.now() + 2 * DAY, lambda: True)["contacts"] == 1
    contacts.learnt(BO, "1", "Bo", 1)
    assert contacts.get(BO) is None
