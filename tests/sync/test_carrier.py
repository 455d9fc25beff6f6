"""How one destination is treated: left alone, given the time it asks for, tried at once when there is reason to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from appliance.clock import SetClock
from appliance.errors import Misused, NotFound
from appliance.settings import Deliver, Keep
from appliance.store.backlog import Backlog
from appliance.store.database import FILE_NAME, Database
from appliance.store.outbox import Delivery, Note, Outbox, put
from appliance.store.retention import Retention
from appliance.sync.attempts import Later, Outcome, Refused, Sent
from appliance.sync.forwarder import Forwarder, serve
from appliance.sync.happenings import CallFinished, Contact, Happening

NOON = datetime(2026, 11, 21, 19, tzinfo=UTC)


def happening(delivery: Delivery) -> Happening:
    contact = Contact(delivery.contact)
    told = (delivery.idempotency_key, "Office", delivery.subject, contact, NOON, None, 0, "answered")
    return CallFinished(*told)


class Place:
    """A destination that answers as it is told to; `got` is what it was asked to take."""

    def __init__(self) -> None:
        self.answer: Outcome = Sent()
        self.got: list[str] = []

    def send(self, told: Happening) -> Outcome:
        self.got.append(told.call_id)
        return self.answer


class Scene:
    """An outbox, a clock in the hand, two destinations."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = SetClock(NOON)
        self.near, self.far = Place(), Place()
        self.secret: str | None = "old"  # noqa: S105  none of anybody's
        self.written: Callable[[Delivery], Happening] = happening
        self.forwarder = Forwarder(
            Outbox(database, self.clock),
            {"near": self.near, "far": self.far},
            lambda delivery: self.written(delivery),  # noqa: PLW0108  exchanged by tests
            Deliver(),
            self.clock,
            secrets={"near": lambda: self.secret},
        )

    def happen(self, count: int, *destinations: str) -> None:
        with self.database.writing() as tables:
            for number in range(count):
                note = Note("call", f"c{number}", f"+1303555{number:04d}", "", {})
                put(tables, note, destinations or ("near", "far"), self.clock.now())

    def standing(self, name: str = "near"):
        return Backlog(self.database, self.clock).standing([name])[0]


@pytest.fixture
def scene(tmp_path):
    with Database(tmp_path / FILE_NAME) as database:
        yield Scene(database)


def test_what_is_sent_is_counted_by_day(scene) -> None:
    scene.happen(5)
    assert scene.forwarder.send_due() == 10
    assert (scene.standing().sent_today, scene.standing().sent_ever) == (5, 5)
    scene.clock.advance(86_400)
    assert (scene.standing().sent_today, scene.standing().sent_ever) == (0, 5)
    kept = Retention(scene.database, scene.database.path.parent, Keep(sent_days=1))
    assert kept.thin(scene.clock.now() + timedelta(days=1), lambda: True)["sent"] == 10
    assert scene.standing().sent_ever == 5


def test_destinations_take_turns(scene) -> None:
    order: list[str] = []
    scene.near.send = lambda told: order.append("near") or Sent()
    scene.far.send = lambda told: order.append("far") or Sent()
    scene.happen(3)
    scene.forwarder.send_due()
    assert order == ["near", "far"] * 3


def test_time_that_is_asked_for_is_given_to_the_destination_whole(scene) -> None:
    scene.happen(4)
    scene.near.answer = Later("HTTP 429", 3600)
    scene.forwarder.send_due()
    assert len(scene.near.got) == 1
    assert len(scene.far.got) == 4
    assert scene.standing().rests_until == NOON + timedelta(hours=1)
    scene.near.answer = Sent()
    scene.clock.advance(3599)
    scene.forwarder.send_due()
    assert len(scene.near.got) == 1
    scene.clock.advance(2)
    scene.forwarder.send_due()
    assert sorted(scene.near.got[1:]) == ["c0", "c1", "c2", "c3"]


def test_the_first_that_gets_through_has_everything_tried(scene) -> None:
    scene.happen(6)
    scene.near.answer = Later("cannot be reached")
    for _ in range(40):  # the waits of the first rows grow to half an hour
        scene.forwarder.send_due()
        scene.clock.advance(300)
    assert scene.standing().failing_since == NOON
    scene.near.answer = Sent()
    scene.clock.advance(301)
    scene.forwarder.send_due()
    assert scene.standing().waiting == 0
    assert scene.standing().failing_since is None
    assert scene.standing().rests_until is None


def test_a_new_secret_is_tried_at_once(scene) -> None:
    scene.happen(5, "near")
    scene.near.answer = Later("HTTP 401")
    for _ in range(10):
        scene.forwarder.send_due()
        scene.clock.advance(60)
    assert scene.standing().waiting == 5
    scene.forwarder.send_due()
    scene.near.answer, scene.secret = Sent(), "new"
    assert scene.forwarder.send_due() == 5
    assert scene.standing().buried == 0


def test_who_is_in_a_hurry_is_heard(scene) -> None:
    scene.happen(5, "near")
    scene.near.answer = Later("HTTP 503", 7200)
    scene.forwarder.send_due()
    scene.near.answer = Sent()
    assert scene.forwarder.send_due() == 0
    scene.forwarder.hurry()
    assert scene.forwarder.send_due() == 5


def test_a_clock_that_was_far_ahead_starves_nothing(scene) -> None:
    scene.clock.at += timedelta(days=3650)
    scene.happen(2, "near")
    scene.near.answer = Later("cannot be reached")
    scene.forwarder.send_due()
    scene.happen(4, "near")
    scene.clock.at -= timedelta(days=3650)
    scene.near.answer = Sent()
    assert scene.forwarder.send_due() == 4
    assert scene.standing().oldest_at is None


def test_what_is_no_longer_kept_is_buried_and_said(scene) -> None:
    def gone(delivery: Delivery) -> Happening:
        raise NotFound("no such call")

    scene.happen(1, "near")
    scene.written = gone
    scene.forwarder.send_due()
    (row,) = Outbox(scene.database).of_subject("c0")
    assert (str(row.state), row.reason) == ("buried", "what it tells of is no longer kept")


def test_a_row_nobody_can_word_holds_up_nobody(scene) -> None:
    def broken(delivery: Delivery) -> Happening:
        if delivery.subject == "c0":
            raise KeyError("name")
        return happening(delivery)

    scene.happen(3, "near")
    scene.written = broken
    scene.forwarder.send_due()
    assert scene.near.got == ["c1", "c2"]
    assert scene.standing().error == "fault of ours: KeyError"


def test_a_carrier_that_dies_ends_the_process(scene, monkeypatch) -> None:
    def broken(*_: object) -> None:
        raise Misused("a bug")

    scene.happen(1, "near")
    monkeypatch.setattr(Outbox, "sent", broken)
    stop = threading.Event()
    with pytest.raises(Misused):
        serve(scene.forwarder, stop, lambda: None, lambda: None)


def test_refused_is_no_sign_of_being_away(scene) -> None:
    scene.happen(5, "near")
    scene.near.answer = Refused("HTTP 422")
    assert scene.forwarder.send_due() == 5
    assert (scene.standing().buried, scene.standing().rests_until) == (5, None)
