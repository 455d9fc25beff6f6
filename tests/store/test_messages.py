"""Messages: taken once, newest first, read by somebody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appliance.clock import SetClock
from appliance.domain.appointment import Message
from appliance.errors import NotFound
from appliance.store.database import Database
from appliance.store.messages import Messages
from tests.store.conftest import NOON

FIRST = Message("m1", "c1", "Bo Berg", "+13035550123", "call me back")
SECOND = replace(FIRST, message_id="m2", matter="and bring the keys")


def test_the_same_message_twice_is_one(database: Database) -> None:
    messages = Messages(database)
    messages.take(FIRST)
    messages.take(FIRST)
    assert messages.recent() == [FIRST]


def test_newest_first_and_unread_only(database: Database) -> None:
    clock = SetClock(NOON)
    messages = Messages(database, clock)
    messages.take(FIRST)
    clock.advance(60)
    messages.take(SECOND)
    assert messages.recent() == [SECOND, FIRST]
    assert messages.recent(limit=1) == [SECOND]
    assert messages.of_call("c1") == SECOND
    assert messages.of_call("c2") is None
    messages.mark_read("m2")
    assert messages.recent(unread_only=True) == [FIRST]


def test_the_first_reading_counts(database: Database) -> None:
    clock = SetClock(NOON)
    messages = Messages(database, clock)
    messages.take(FIRST)
    messages.mark_read("m1")
    clock.advance(60)
    messages.mark_read("m1")
    assert database.rows("SELECT read_at FROM messages")[0]["read_at"].startswith("2026-11-21T12:00:00")


def test_a_message_nobody_left(database: Database) -> None:
    with pytest.raises(NotFound):
        Messages(database).mark_read("m9")


def test_whom_a_message_is_for_and_how_urgent_it_is(database) -> None:
    left = Message("m9", "c9", "Bo Berg", "+13035550123", "call me back", whom="Maria", urgent=True)
    Messages(database).take(left)
    assert Messages(database).recent() == [left]


def test_the_inbox_shows_what_is_urgent_and_open_first(database: Database) -> None:
    clock = SetClock(NOON)
    messages = Messages(database, clock)
    messages.take(replace(FIRST, urgent=True))
    clock.advance(60)
    messages.take(SECOND)
    assert [one.message.message_id for one in messages.inbox()] == ["m1", "m2"]
    assert [one.message.message_id for one in messages.inbox(since=clock.now())] == ["m2"]
    messages.mark_read("m1")
    assert [(one.message.message_id, one.done_at) for one in messages.inbox()] == [
        ("m2", None),
        ("m1", clock.now()),
    ]
    messages.reopen("m1")
    assert [one.message.message_id for one in messages.inbox(open_only=True)] == ["m1", "m2"]
    with pytest.raises(NotFound):
        messages.reopen("m9")


def test_a_message_is_found_by_the_beginning_of_its_name(database: Database) -> None:
    messages = Messages(database)
    with pytest.raises(NotFound, match="No messages yet"):
        messages.find("last")
    for one in (FIRST, replace(FIRST, message_id="m12")):
        messages.take(one)
    assert messages.find("m1").message == FIRST
    assert messages.find("m12").message.message_id == messages.find("last").message.message_id == "m12"
    for unclear in ("m", "x", ""):
        with pytest.raises(NotFound):
            messages.find(unclear)
