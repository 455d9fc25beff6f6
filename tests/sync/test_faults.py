"""Everything a destination, a network, a clock and a disk do to a box: each item arrives once, in order, whatever.

Over real HTTP against the strict customer system, with the product's own store, reading and forwarder, and a clock
in our hand: a week offline takes seconds.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from appliance.bench.strict_crm import SECRET, Failing, How, StrictCrm, open_crm
from appliance.clock import SetClock
from appliance.errors import Misused
from appliance.settings import Deliver, Tells
from appliance.store.database import FILE_NAME, Database
from appliance.store.outbox import Delivery, Outbox
from appliance.sync.forwarder import Forwarder, serve
from appliance.sync.webhook import Webhook
from appliance.web.posting import Poster
from tests.sync.days import Days
from tests.sync.storm import box_forwarder

NOON = datetime(2026, 11, 21, 19, tzinfo=UTC)
THINGS, PEOPLE = 30, 4
WEEK_S = 7 * 24 * 3600
LOOK_EVERY_S = 120


class Scene:
    """A box, its clock, and where it is to deliver; `url` stays the same when the destination is gone."""

    def __init__(
        self, database: Database, clock: SetClock, poster: Poster, url: str, things: int = THINGS
    ) -> None:
        self.database, self.clock, self.poster = database, clock, poster
        self.deliver = Deliver(webhook_url=url, webhook_tells=tuple(Tells), limit_s=1)
        self.days = Days(database, self.clock, random.Random(11), ("webhook",), PEOPLE)
        self.sending = self.forwarder()
        self.happen(things)

    def happen(self, things: int) -> None:
        until = self.days.count + things
        while self.days.count < until:
            self.days.happen()

    def forwarder(self) -> Forwarder:
        destination = Webhook(self.deliver, self.poster, SECRET)
        return box_forwarder(self.database, self.clock, {"webhook": destination}, self.days, self.deliver)

    def pass_time(
        self,
        seconds: float,
        until: Callable[[], bool] = lambda: False,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        """Let time pass; the forwarder looks again and again, only with longer strides than it has."""
        for _ in range(int(seconds // look_every_s)):
            self.sending.send_due()
            if until():
                return
            self.clock.advance(look_every_s)

    def is_settled(self) -> bool:
        states = self.database.rows("SELECT DISTINCT state FROM outbox")
        return {row["state"] for row in states} <= {"sent"}

    def arrives(self, crm: StrictCrm, within_s: float = WEEK_S) -> None:
        """All of it, once, each contact's in order."""
        self.pass_time(within_s, until=self.is_settled)
        assert self.is_settled()
        held, told = crm.identities, self.days.told
        assert sorted(held) == sorted(one for many in told.values() for one in many)
        for contact, identities in told.items():
            if contact:
                assert [one for one in held if one in identities] == identities
        assert crm.refusals == []


@pytest.fixture
def crm() -> Iterator[StrictCrm]:
    with open_crm() as opened:
        yield opened


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(tmp_path / FILE_NAME) as opened:
        yield opened


@pytest.fixture(scope="module")
def clock() -> SetClock:
    return SetClock(NOON)


@pytest.fixture(scope="module")
def poster(clock: SetClock) -> Iterator[Poster]:
    """One for all: it reads the machine's certificates when it is made, which takes a second."""
    made = Poster(clock=clock)
    yield made
    made.close()


@pytest.fixture
def office(database: Database, clock: SetClock, poster: Poster) -> Callable[..., Scene]:
    clock.at, clock.elapsed_s = NOON, 0.0
    return lambda url, things=THINGS: Scene(database, clock, poster, url, things)


@pytest.fixture
def scene(office: Callable[..., Scene], crm: StrictCrm) -> Scene:
    return office(crm.url)


def first(failing: Failing, times: int) -> Callable[[str], Failing | None]:
    """A plan: so many requests fail like that, then all is well."""
    left = [failing] * times
    return lambda identity: left.pop() if left else None


# --- what a destination does ----------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 401, 403, 404, 408, 425, 429, 500, 502, 503, 504])
def test_a_refusal_that_passes_loses_nothing(scene, crm, status):
    crm.plan = first(Failing(How.STATUS, status), 5)
    scene.arrives(crm)
    assert crm.repeats == 0
    assert crm.asked == scene.days.count + 5


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize(("how", "times"), [(How.TRUNCATED, 6), (How.DROPPED, 6), (How.HANGS, 2)])
def test_an_answer_that_never_comes_whole_costs_a_repetition_at_most(scene, crm, how, times, kept):
    crm.plan = first(Failing(how, kept=kept), times)
    scene.arrives(crm)
    assert crm.repeats <= (times if kept else 0)
    assert (crm.repeats > 0) is kept


@pytest.mark.parametrize("as_date", [False, True])
def test_who_asks_for_time_gets_it_in_either_form(office, crm, as_date):
    scene = office(crm.url, things=1)
    until = scene.clock.now() + timedelta(seconds=3600)
    asks = format_datetime(until.astimezone(UTC), usegmt=True) if as_date else "3600"
    crm.plan = first(Failing(How.STATUS, 429, asks), 1)
    scene.pass_time(WEEK_S, until=scene.is_settled)
    assert scene.clock.now() >= until - timedelta(seconds=1)
    scene.arrives(crm)
    assert crm.asked == scene.days.count + 1


def test_a_key_that_expired_holds_everything_back_until_it_is_mended(scene, crm):
    crm.plan = lambda identity: Failing(How.STATUS, 401)
    scene.pass_time(24 * 3600, look_every_s=600)
    waiting = database_states(scene.database)
    assert set(waiting) == {"waiting"}
    assert crm.identities == []
    crm.plan = lambda identity: None
    scene.arrives(crm)


def test_one_thing_nobody_takes_is_buried_and_holds_up_nobody(scene, crm):
    odd = scene.days.told[next(contact for contact in scene.days.told if contact)][0]
    crm.plan = lambda identity: Failing(How.STATUS, 422) if identity == odd else None
    scene.pass_time(WEEK_S, until=lambda: "waiting" not in database_states(scene.database))
    assert database_states(scene.database) == {"sent": scene.days.count - 1, "buried": 1}
    assert odd not in crm.identities
    assert len(crm.identities) == scene.days.count - 1


# --- what a network and a clock do ----------------------------------------------------------------


def test_a_week_without_a_network_and_days_of_work_in_it(database, office):
    with open_crm() as crm:
        scene = office(crm.url)
        port = crm.server_port
    began = scene.clock.at
    while (scene.clock.at - began).total_seconds() < WEEK_S:
        scene.happen(1)
        scene.pass_time(3600, look_every_s=900)
    assert set(database_states(database)) == {"waiting"}
    tried = database.rows("SELECT sum(attempts) AS times FROM outbox")[0]
    assert tried["times"] < WEEK_S / 60, "somebody who is away is asked rarely"
    with open_crm(port=port) as crm:
        scene.arrives(crm, within_s=24 * 3600)
        assert crm.repeats == 0
        assert crm.asked == scene.days.count


@pytest.mark.parametrize("jump", [timedelta(days=3650), timedelta(days=-3650), timedelta(hours=-1)])
def test_a_clock_that_was_wrong_and_is_set_right_starves_nothing(office, crm, jump):
    scene = office(crm.url, things=5)
    crm.plan = first(Failing(How.STATUS, 503), 4)
    scene.clock.at += jump
    scene.happen(10)
    scene.sending.send_due()
    scene.clock.at -= jump
    scene.happen(10)
    scene.arrives(crm, within_s=3600 * 4)


def test_a_clock_that_jumps_while_somebody_listens(office, crm):
    scene, rng = office(crm.url), random.Random(5)

    def jumps(identity: str) -> Failing | None:
        scene.clock.at += timedelta(seconds=rng.choice([-1, 1]) * 10 ** rng.uniform(0, 7))
        return Failing(How.DROPPED, kept=True) if rng.random() < 0.2 else None

    crm.plan = jumps
    scene.pass_time(24 * 3600, until=lambda: len(crm.identities) == scene.days.count)
    crm.plan = lambda identity: None
    scene.arrives(crm)


# --- two of them ----------------------------------------------------------------------------------


def test_two_forwarders_by_mistake_never_send_the_same_or_the_same_contact_at_once(scene, crm):
    other, about = scene.forwarder(), contacts_of(scene)
    within: list[str] = []
    wrong: list[str] = []

    def meddle(identity: str) -> Failing | None:
        if any(one == identity or about[one] == about[identity] != "" for one in within):
            wrong.append(identity)
        within.append(identity)
        if len(within) == 1:
            other.send_due()
        within.pop()
        return None

    crm.plan = meddle
    scene.arrives(crm)
    assert (crm.repeats, wrong) == (0, [])


def test_a_fault_nobody_thought_of_ends_the_process_and_not_one_destination_in_silence(scene):
    class Odd(Outbox):
        def claim(self, destination: str) -> Delivery | None:
            if destination == "webhook":
                raise Misused("the tables were asked for what they do not allow")
            return super().claim(destination)

    webhook = Webhook(scene.deliver, scene.poster, SECRET)
    forwarder = Forwarder(
        Odd(scene.database, scene.clock),
        {"webhook": webhook, "email": webhook},
        scene.days.happening_of,
        scene.deliver,
        scene.clock,
    )
    with pytest.raises(Misused):
        serve(forwarder, threading.Event(), lambda: None, lambda: None)


def contacts_of(scene: Scene) -> dict[str, str]:
    return {one: contact for contact, many in scene.days.told.items() for one in many}


def database_states(database: Database) -> dict[str, int]:
    rows = database.rows("SELECT state, count(*) AS n FROM outbox GROUP BY state")
    return {row["state"]: row["n"] for row in rows}
