"""What came of a spoken play is read from the record: what was done, for whom, and what nobody wanted."""

from __future__ import annotations

from datetime import datetime

import pytest

from appliance import business
from appliance.bench.spoken_outcome import outcome_of
from appliance.clock import SetClock
from appliance.conversation.phrases import Phrases
from appliance.conversation.playing_along import Script
from appliance.domain.appointment import Appointment, Message
from appliance.domain.call import CallEvent, Disposition
from appliance.store.appointments import Diary
from appliance.store.calls import Calls
from appliance.store.database import Database
from appliance.store.messages import Messages

OFFICE = business.load("auto_repair")
NOW = datetime(2026, 11, 19, 10, 0, tzinfo=OFFICE.zone)
CALL = "c1"
MATTER = "the tail light he ordered for me came in no rush"
HEARD = "the tail light he ordered from he came in no rush"


@pytest.fixture
def store(tmp_path):
    with Database(tmp_path / "box.db") as database:
        Calls(database).begin(CALL, "", "", NOW, {})
        yield database


def outcome(store, *expected: str):
    play = "\n".join(["agent: Hello ...", *(f"expect {line}" for line in expected)])
    script = Script(play, Phrases(), OFFICE.zone)
    return outcome_of(script, CALL, store, diary(store))[0]


def diary(store) -> Diary:
    return Diary(store, OFFICE, SetClock(NOW))


def book(store, name: str, call_id: str, clock: str) -> None:
    starts = datetime.fromisoformat(f"2026-11-24T{clock}").replace(tzinfo=OFFICE.zone)
    ends = starts.replace(minute=starts.minute + 29)
    diary(store).book(Appointment(name, call_id, "oil_change", starts, ends, "Alice Miller", "3035550172"))


def take(store, matter: str, name: str = "Ed Harper", whom: str = "Luis") -> None:
    Messages(store).take(Message("m1", CALL, name, "3035550199", matter, whom))


def test_what_was_booked_in_this_call_counts_and_what_stood_there_before_does_not(store):
    book(store, "earlier", "", "08:00")
    assert outcome(store, "booked: none").reached
    book(store, "c1-1", CALL, "09:30")
    assert outcome(store, "booked: oil_change 2026-11-24 09:30 Alice Miller 3035550172").reached


def test_another_time_than_the_play_wants_is_wrong(store):
    book(store, "c1-1", CALL, "09:30")
    found = outcome(store, "booked: oil_change 2026-11-24 10:30")
    assert not found.reached and found.wrong
    assert "found 'oil_change 2026-11-24 09:30" in found.complaint


def test_what_the_play_does_not_speak_of_was_not_to_be_done(store):
    book(store, "c1-1", CALL, "09:30")
    take(store, MATTER)
    found = outcome(store, "booked: oil_change 2026-11-24 09:30")
    assert found.wrong
    assert "message: wanted 'none'" in found.complaint


def test_what_was_booked_before_and_cancelled_now(store):
    book(store, "earlier-3", "", "09:30")
    diary(store).cancel("earlier-3", call_id=CALL)
    assert outcome(store, "cancelled: earlier").reached


def test_what_is_booked_and_given_up_in_one_call_is_not_left_over(store):
    book(store, "c1-1", CALL, "09:30")
    diary(store).cancel("c1-1", call_id=CALL)
    assert outcome(store, "cancelled: play-1").reached
    book(store, "c1-2", CALL, "11:00")
    assert outcome(store, "cancelled: play-1").wrong


def test_nothing_done_is_not_reached_and_not_wrong(store):
    found = outcome(store, "booked: oil_change")
    assert not found.reached and not found.wrong


@pytest.mark.parametrize(
    ("matter", "name", "whom", "reached"),
    [
        (MATTER, "Ed Harper", "Luis", True),
        (HEARD, "Ed Harper", "Luis", True),
        ("hello", "Ed Harper", "Luis", False),
        (MATTER, "Ted Harbour", "Luis", False),
        (MATTER, "Ed Harper", "Maria", False),
    ],
)
def test_of_a_message_the_names_count_and_most_of_the_words(store, matter, name, whom, reached):
    take(store, matter, name, whom)
    assert outcome(store, f"message: Ed Harper 3035550199 {MATTER} for Luis").reached is reached


def test_how_the_call_ended_and_what_happened_in_it(store):
    Calls(store).add_event(CALL, CallEvent(10, "emergency"))
    Calls(store).close(CALL, Disposition.ANSWERED, NOW)
    assert outcome(store, "disposition: answered", "event: emergency").reached
    assert not outcome(store, "event: abuse").reached
    assert not outcome(store, "disposition: booked").reached


def test_a_call_that_never_came_reaches_nothing(store):
    script = Script("agent: Hello ...\nexpect booked: none", Phrases(), OFFICE.zone)
    found, turns = outcome_of(script, "", store, diary(store))
    assert not found.reached
    assert turns == ()
