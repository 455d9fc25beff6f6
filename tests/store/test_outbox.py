"""The outbox: written with the message, sent once, in order, and after the call; nothing is lost by a crash."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from appliance.clock import SetClock
from appliance.domain.appointment import Message
from appliance.domain.call import Disposition
from appliance.errors import NotFound
from appliance.store.calls import Calls
from appliance.store.database import Database
from appliance.store.messages import Messages
from appliance.store.outbox import CALL_WAIT_S, CLAIM_S, DeliveryState, Note, Outbox, put
from tests.store.conftest import NOON

FIRST = Message("m1", "c0", "Bo Berg", "+13035550123", "call me back", urgent=True)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON)


@pytest.fixture
def outbox(database: Database, clock: SetClock) -> Outbox:
    return Outbox(database, clock)


def take(database: Database, clock: SetClock, *messages: Message) -> None:
    for message in messages:
        Messages(database, clock, destinations=("email", "webhook")).take(message)


def test_a_message_is_in_the_outbox_for_every_destination_once(database, clock, outbox) -> None:
    take(database, clock, FIRST, FIRST)
    found = outbox.of_subject("m1")
    assert [(one.destination, one.state) for one in found] == [("email", "waiting"), ("webhook", "waiting")]
    assert found[0].payload == {
        "message_id": "m1",
        "call_id": "c0",
        "name": "Bo Berg",
        "phone": "+13035550123",
        "matter": "call me back",
        "whom": "",
        "urgent": True,
        "taken_at": "2026-11-21T12:00:00+00:00",
    }
    assert len({one.idempotency_key for one in found}) == 2


def test_both_are_kept_or_neither(database) -> None:
    with pytest.raises(RuntimeError), database.writing() as tables:
        put(tables, Note("message", "m1", "", "", {}), ("email",), NOON)
        raise RuntimeError
    assert Outbox(database).of_subject("m1") == []


def test_a_claim_is_for_one_sender_until_it_lapses(database, clock, outbox) -> None:
    take(database, clock, FIRST)
    claimed = outbox.claim("email")
    assert claimed is not None
    assert (claimed.state, claimed.attempts) == (DeliveryState.CLAIMED, 1)
    assert outbox.claim("email") is None
    assert outbox.claim("webhook") is not None
    clock.advance(CLAIM_S + 1)
    again = outbox.claim("email")
    assert again is not None
    assert (again.idempotency_key, again.attempts) == (claimed.idempotency_key, 2)
    outbox.sent(again)
    outbox.later(claimed, 5, "the slow sender knows nothing of it")
    outbox.bury(claimed, "nor does it take back what was sent")
    assert [one.state for one in outbox.of_subject("m1")] == ["sent", "claimed"]
    assert (outbox.of_subject("m1")[0].payload, outbox.of_subject("m1")[0].contact) == ({}, "")


def test_what_is_about_one_contact_keeps_its_order_and_holds_nobody_else_up(database, clock, outbox) -> None:
    other = replace(FIRST, message_id="m3", phone="+13035550199")
    take(database, clock, FIRST, replace(FIRST, message_id="m2"), other)
    first = outbox.claim("email")
    assert first is not None
    outbox.later(first, 60, "no connection")
    following = outbox.claim("email")
    assert following is not None
    assert following.subject == "m3"
    assert outbox.claim("email") is None
    clock.advance(61)
    for subject in ("m1", "m2"):
        one = outbox.claim("email")
        assert one is not None
        assert one.subject == subject
        outbox.sent(one)


def test_what_is_buried_holds_nothing_up_and_can_be_dug_out(database, clock, outbox) -> None:
    take(database, clock, FIRST, replace(FIRST, message_id="m2"))
    first = outbox.claim("email")
    assert first is not None
    outbox.bury(first, "550 no such user")
    assert outbox.of_subject("m1")[0].reason == "550 no such user"
    following = outbox.claim("email")
    assert following is not None
    assert following.subject == "m2"
    assert outbox.retry("m1") == 2
    with pytest.raises(NotFound):
        outbox.retry("m9")


def test_it_waits_for_the_end_of_the_call_but_not_for_ever(database, clock, outbox) -> None:
    calls = Calls(database)
    for call_id in ("c1", "c2"):
        calls.begin(call_id, "+1", "100", NOON, {})
    take(
        database, clock, *(replace(FIRST, message_id=f"m{n}", call_id=f"c{n}", phone=str(n)) for n in (1, 2))
    )
    assert outbox.claim("email") is None
    calls.close("c1", Disposition.MESSAGE, NOON + timedelta(minutes=1))
    ended = outbox.claim("email")
    assert ended is not None
    assert ended.subject == "m1"
    assert outbox.claim("email") is None
    clock.advance(CALL_WAIT_S + 1)
    outbox.sent(ended)
    never_closed = outbox.claim("email")
    assert never_closed is not None
    assert never_closed.subject == "m2"


def test_many_senders_never_have_the_same_row(database, clock, outbox) -> None:
    take(database, clock, *(replace(FIRST, message_id=f"m{n}", phone=str(n)) for n in range(20)))
    claimed: list[str] = []

    def send() -> None:
        with Database(database.path) as own:
            mine = Outbox(own, clock)
            while (one := mine.claim("email")) is not None:
                claimed.append(one.subject)
                mine.sent(one)

    senders = [threading.Thread(target=send) for _ in range(3)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(claimed) == sorted(f"m{n}" for n in range(20))
