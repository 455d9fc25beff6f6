"""What the diary answers to each order of the session, and what is said when the disk is away."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from appliance.agent.records import Records, fetch, refusal
from appliance.clock import SetClock
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.appointment import Appointment, Message, Standing
from appliance.store.appointments import Diary
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.store.messages import Messages
from appliance.store.writer import StoreWriter
from tests.store.salon import SALON

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=SALON.zone)  # a Monday
TEN = NOW.replace(hour=10)
HOUR = timedelta(hours=1)
BO = Appointment("c1-1", "c1", "cut", TEN, TEN + HOUR, "Bo Berg", "+13035550123", "ann")


@pytest.fixture
def ask(tmp_path: Path) -> Iterator:
    with Database(tmp_path / FILE_NAME) as database:
        diary, messages = Diary(database, SALON, SetClock(NOW)), Messages(database)
        yield lambda command: fetch(command, diary, messages)


def test_openings_as_they_are_wished_for(ask) -> None:
    found = ask(do.FindOpenings("c1", 1, "cut", NOW, NOW + 9 * HOUR, 2, staff="bea", near=TEN + 3 * HOUR))
    assert (found.call_id, found.query) == ("c1", 1)
    assert [(one.starts_at - NOW, one.staff) for one in found.openings] == [
        (5 * HOUR, "bea"),
        (5.25 * HOUR, "bea"),
    ]


def test_openings_with_anybody_but_one(ask) -> None:
    found = ask(do.FindOpenings("c1", 1, "cut", NOW, NOW + 9 * HOUR, 9, not_with="bea"))
    assert found.openings
    assert {one.staff for one in found.openings} == {"ann"}


def test_an_appointment_from_agreement_to_cancellation(ask) -> None:
    assert ask(do.Book("c1", 2, BO)) == ev.Booked("c1", 2, BO)
    assert ask(do.FindAppointments("c2", 1, BO.phone)) == ev.AppointmentsFound("c2", 1, (BO,))
    assert ask(do.FindAppointments("c2", 2, "+1999")) == ev.AppointmentsFound("c2", 2, ())
    moved = replace(BO, starts_at=TEN + 2 * HOUR, ends_at=TEN + 3 * HOUR, sequence=1)
    order = do.MoveAppointment("c2", 3, "c1-1", TEN + 2 * HOUR)
    assert ask(order) == ask(order) == ev.AppointmentMoved("c2", 3, moved)
    gone = replace(moved, standing=Standing.CANCELLED, sequence=2)
    assert ask(do.CancelAppointment("c2", 4, "c1-1")) == ev.AppointmentCancelled("c2", 4, gone)
    assert ask(do.FindAppointments("c2", 5, BO.phone)).appointments == ()
    assert ask(do.MoveAppointment("c2", 6, "c1-1", TEN)) == ev.BookingRefused("c2", 6, "gone")
    assert ask(do.CancelAppointment("c2", 7, "never")) == ev.BookingRefused("c2", 7, "gone")
    assert ask(do.Book("c1", 8, BO)) == ev.BookingRefused("c1", 8, "gone")


def test_a_time_that_is_taken_comes_with_others(ask) -> None:
    ask(do.Book("c1", 1, BO))
    refused = ask(do.Book("c2", 1, replace(BO, appointment_id="c2-1", name="Al")))
    assert refused.reason == "taken"
    assert refused.openings[0].starts_at == TEN + 1.25 * HOUR
    assert {one.staff for one in refused.openings} == {"ann"}
    ask(
        do.Book(
            "c3",
            1,
            replace(BO, appointment_id="c3-1", name="Cy", starts_at=TEN + 2 * HOUR, ends_at=TEN + 3 * HOUR),
        )
    )
    refused = ask(do.MoveAppointment("c3", 2, "c3-1", TEN + HOUR / 2))
    assert refused.reason == "taken"
    assert refused.openings[0].starts_at == TEN + 1.25 * HOUR  # its own time counts as free


def test_a_time_that_is_closed_comes_with_others(ask) -> None:
    night = NOW.replace(hour=22)
    refused = ask(do.Book("c1", 1, replace(BO, starts_at=night, ends_at=night + HOUR)))
    assert refused.reason == "taken"
    assert refused.openings[0].starts_at == NOW + 25 * HOUR


def test_a_message_is_taken(ask) -> None:
    message = Message("m1", "c1", "Bo", "+1", "call me", whom="Ann", urgent=True)
    assert ask(do.TakeMessage("c1", 1, message)) == ev.MessageTaken("c1", 1, kept=True)


@pytest.mark.parametrize(
    "command",
    [
        do.FindOpenings("c1", 7, "cut", NOW, NOW + HOUR),
        do.Book("c1", 7, BO),
        do.FindAppointments("c1", 7, "+1"),
        do.MoveAppointment("c1", 7, "a1", TEN),
        do.CancelAppointment("c1", 7, "a1"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_disk_that_is_away_is_an_answer_too(command, tmp_path: Path) -> None:
    assert refusal(command) == ev.BookingRefused("c1", 7, "fault")

    async def fetched() -> object:
        database = Database(tmp_path / "a-file" / FILE_NAME)
        (tmp_path / "a-file").write_text("in the way")
        writer = StoreWriter(retry_s=0.01)
        diary = Diary(database, SALON, SetClock(NOW))
        records = Records(writer, Calls(database), diary, Messages(database), None)
        try:
            return await records.open("c1").fetch(command)
        finally:
            await writer.drain()

    assert asyncio.run(fetched()) == ev.BookingRefused("c1", 7, "fault")
