"""Answers from a database: messages, calls, the diary, whom to call back. It is Wednesday, two in the afternoon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from appliance.business import load
from appliance.clock import SetClock
from appliance.desk.looking_up import LookingUp
from appliance.desk.requests import understood
from appliance.desk.sayings import sayings_of
from appliance.desk.words import Answer
from appliance.domain.appointment import Appointment, Message
from appliance.domain.call import Disposition
from appliance.store.appointments import Diary
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.store.messages import Messages

DENVER = ZoneInfo("America/Denver")
NOW = datetime(2026, 11, 18, 14, 0, tzinfo=DENVER)
ENGLISH = sayings_of("en")
OFFICE = load("auto_repair")
ANNA, BO = "+13035550123", "+13035550199"


class Desk:
    """A database that things happened in, and somebody who asks."""

    def __init__(self, directory: Path) -> None:
        self.clock = SetClock(NOW - timedelta(days=1))
        self.database = Database(directory / FILE_NAME)
        self.database.open()
        self.looking_up = LookingUp(directory, OFFICE, ENGLISH, self.clock, outside_prefix="9")

    def called(
        self, call_id: str, caller: str, ago: timedelta, how: Disposition = Disposition.ANSWERED
    ) -> None:
        calls, at = Calls(self.database), NOW - ago
        calls.begin(call_id, caller, "100", at, {})
        calls.close(call_id, how, at + timedelta(minutes=1))

    def left(self, message: Message, ago: timedelta) -> None:
        Messages(self.database, SetClock(NOW - ago)).take(message)

    def booked(self, name: str, day: int, hour: int, minute: int = 0, service: str = "oil_change") -> None:
        at = datetime(2026, 11, day, hour, minute, tzinfo=DENVER)
        wanted = Appointment(f"a-{name}", "", service, at, at + timedelta(minutes=30), name, ANNA)
        done = Diary(self.database, OFFICE, self.clock).book(wanted)
        assert isinstance(done, Appointment)

    def answer(self, said: str) -> Answer:
        self.clock.at = NOW
        request = understood(said, ENGLISH)
        assert request is not None
        return self.looking_up.answer(request)

    def says(self, said: str) -> str:
        return self.answer(said).text


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.database.close()


HOUR = timedelta(hours=1)


def test_no_messages(desk: Desk) -> None:
    assert desk.says("any messages") == "There are no new messages."
    assert desk.says("anything urgent") == "There are no urgent messages."


def test_one_message(desk: Desk) -> None:
    desk.left(Message("m1", "c1", "Anna Jones", ANNA, "Please call me back", whom="Maria"), HOUR)
    said = "From Anna Jones, at one o'clock, for Maria: Please call me back."
    assert desk.says("any messages") == f"There is one new message. {said}"


def test_urgent_ones_come_first_and_a_long_list_ends(desk: Desk) -> None:
    for number in range(5):
        desk.left(Message(f"m{number}", "c1", "", BO, f"matter {number}", urgent=number == 1), HOUR)
    said = desk.says("any messages")
    assert said.startswith("There are five new messages. Urgent, from 3 0 3, 5 5 5, 0 1 9 9")
    assert said.endswith("And two more.")
    assert desk.says("any urgent messages").startswith("There is one urgent message.")


def test_what_was_seen_to_is_not_told(desk: Desk) -> None:
    desk.left(Message("m1", "c1", "Anna Jones", ANNA, "call me"), HOUR)
    Messages(desk.database).mark_read("m1")
    assert desk.says("any messages") == "There are no new messages."


def test_who_called_today_the_latest_first(desk: Desk) -> None:
    desk.called("c0", BO, timedelta(days=1))
    desk.called("c1", ANNA, 3 * HOUR, Disposition.MESSAGE)
    desk.left(Message("m1", "c1", "Anna Jones", ANNA, "call me"), 3 * HOUR)
    desk.called("c2", "anonymous", HOUR, Disposition.MISSED)
    assert desk.says("who called") == (
        "Two calls today. A withheld number, at one o'clock, who was not answered."
        " Anna Jones, at eleven o'clock, who left a message."
    )
    assert desk.says("who called yesterday").startswith("One call yesterday. 3 0 3, 5 5 5, 0 1 9 9,")


def test_who_asks_again_hears_what_is_new(desk: Desk) -> None:
    desk.called("c1", ANNA, HOUR)
    assert desk.says("who called while i was out").startswith("One call today.")
    assert desk.says("who called while i was out") == "Nobody called since two o'clock."


def test_what_is_on_at_three(desk: Desk) -> None:
    desk.booked("Anna Jones", 18, 15)
    desk.booked("Bo Berg", 18, 16, 30)
    assert desk.says("what is on at three") == "At three o'clock: Anna Jones, an oil change."
    assert desk.says("what is on at a quarter past four").startswith(
        "At four fifteen: at four thirty, Bo Berg"
    )
    assert desk.says("what is on at five") == "Nothing is on at five o'clock."
    assert desk.says("what's on today") == (
        "Two appointments for the rest of today. At three o'clock, Anna Jones, an oil change."
        " At four thirty, Bo Berg, an oil change."
    )
    assert desk.says("what's next") == "The next is at three o'clock: Anna Jones, an oil change."


def test_an_appointment_that_has_begun_is_on(desk: Desk) -> None:
    desk.booked("Anna Jones", 18, 15)
    assert "Anna Jones" in desk.says("what is on at three fifteen")


def test_nothing_is_on_and_what_comes_then(desk: Desk) -> None:
    desk.booked("Anna Jones", 19, 9)
    said = desk.says("what is on at three")
    assert said == (
        "Nothing is on at three o'clock."
        " The next is tomorrow at nine o'clock in the morning: Anna Jones, an oil change."
    )


def test_the_last_caller_is_called_back(desk: Desk) -> None:
    desk.called("c1", BO, 2 * HOUR)
    desk.called("c2", ANNA, HOUR)
    answer = desk.answer("call the last caller back")
    assert answer.callee is not None
    assert answer.callee.number == "9" + ANNA
    assert answer.callee.call_id.startswith("desk-")
    assert answer.text.startswith("Calling 3 0 3, 5 5 5, 0 1 2 3 back.")


def test_where_they_asked_to_be_called(desk: Desk) -> None:
    desk.called("c1", ANNA, HOUR)
    desk.left(Message("m1", "c1", "Anna Jones", BO, "call me there"), HOUR)
    answer = desk.answer("call the last caller back")
    assert answer.callee is not None
    assert answer.callee.number == "9" + BO


def test_an_extension_is_dialled_as_it_is(desk: Desk) -> None:
    desk.called("c1", "111", HOUR)
    callee = desk.answer("call them back").callee
    assert callee is not None
    assert callee.number == "111"


def test_somebody_by_name(desk: Desk) -> None:
    desk.called("c1", ANNA, 2 * HOUR)
    desk.left(Message("m1", "c1", "Anna Jones", ANNA, "call me"), 2 * HOUR)
    desk.called("c2", BO, HOUR)
    callee = desk.answer("call anna jones back").callee
    assert callee is not None
    assert callee.number == "9" + ANNA
    assert desk.answer("call doctor miller back") == Answer(ENGLISH.phrases["unknown_name"])


def test_who_cannot_be_called_back(desk: Desk) -> None:
    assert desk.answer("call the last caller back") == Answer(ENGLISH.phrases["nobody_to_call"])
    desk.called("c1", "anonymous", HOUR)
    assert desk.answer("call the last caller back") == Answer(ENGLISH.phrases["cannot_call"])


def test_without_a_database_that_is_said(tmp_path: Path) -> None:
    looking_up = LookingUp(tmp_path, OFFICE, ENGLISH, SetClock(NOW))
    for said in ("any messages", "who called", "what is on at three", "call them back", "what's next"):
        request = understood(said, ENGLISH)
        assert request is not None
        assert looking_up.answer(request).text == ENGLISH.phrases["failed"]
