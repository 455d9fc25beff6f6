"""What rows tell when they are sent: as the store has it by then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from appliance.business import load
from appliance.clock import SetClock
from appliance.domain.appointment import Appointment, Message
from appliance.domain.call import Disposition, LineQuality, Speaker, Summary, Turn
from appliance.errors import NotFound
from appliance.store.appointments import Diary
from appliance.store.calls import Calls, recording_path
from appliance.store.contacts import Contacts
from appliance.store.database import FILE_NAME, Database
from appliance.store.messages import Messages
from appliance.store.outbox import Delivery, Outbox
from appliance.store.telling import tell_disposition
from appliance.sync.happenings import (
    AppointmentChanged,
    CallFinished,
    Change,
    Contact,
    DispositionChanged,
    Happening,
    Line,
    MessageTaken,
)
from appliance.sync.reading import happening_of

NOON = datetime(2026, 11, 21, 19, tzinfo=UTC)  # a Saturday, noon in Denver
MONDAY = NOON + timedelta(days=2)
OFFICE = load("auto_repair")
TO = ("crm",)
BO = "+13035550123"


class Day:
    """One call at the office, and what is read of its rows."""

    def __init__(self, database: Database, caller: str = BO) -> None:
        self.database, self.clock = database, SetClock(NOON)
        self.calls = Calls(database, destinations=TO)
        self.diary = Diary(database, OFFICE, self.clock, destinations=TO)
        self.calls.begin("c1", caller, "100", NOON, {})
        self.calls.answered("c1", NOON + timedelta(seconds=2))
        self.calls.add_turn("c1", Turn(1, Speaker.CALLER, "the brakes squeak", 500, 1500))

    def close(self) -> None:
        file = recording_path(self.database.path.parent, "c1")
        file.parent.mkdir()
        file.write_bytes(b"fLaC")
        ended = NOON + timedelta(seconds=65)
        self.calls.close("c1", Disposition.BOOKED, ended, LineQuality("PCMU"), str(file))

    def told(self) -> list[Happening]:
        rows = self.database.rows("SELECT DISTINCT subject FROM outbox ORDER BY number")
        deliveries = [one for row in rows for one in Outbox(self.database).of_subject(row["subject"])]
        return [self.read(one) for one in deliveries]

    def read(self, delivery: Delivery) -> Happening:
        return happening_of(delivery, OFFICE, self.database, self.database.path.parent)


@pytest.fixture
def database(tmp_path):
    with Database(tmp_path / FILE_NAME) as made:
        yield made


def test_a_call_with_all_that_was_said(database) -> None:
    day = Day(database)
    day.close()
    (call,) = day.told()
    assert isinstance(call, CallFinished)
    assert (call.identity, call.business, call.disposition) == ("call.c1.crm", OFFICE.name, "booked")
    assert call.happened_at == NOON
    assert call.happened_at.utcoffset() == timedelta(hours=-7)  # the office's clock
    assert call.talked_s == 63
    assert call.transcript == (Line("caller", "the brakes squeak", 500),)
    assert call.recording == recording_path(database.path.parent, "c1")
    assert call.quality is not None
    assert call.quality["codec"] == "PCMU"
    assert call.contact == Contact(BO)


def test_a_caller_has_the_name_they_gave_or_the_one_that_is_known(database) -> None:
    day = Day(database, caller="303-555-0123")
    contacts = Contacts(database, day.clock)
    contacts.called(BO)
    contacts.learnt(BO, "7", "Robert Berg", 1)
    day.close()
    assert day.told()[0].contact == Contact(BO, "Robert Berg")
    Messages(database, day.clock).take(Message("m1", "c1", "Bo Berg", BO, "brakes"))
    assert day.told()[0].contact == Contact(BO, "Bo Berg")


def test_a_name_that_was_given_to_a_flow_counts_and_the_summary_is_told(database) -> None:
    day = Day(database)
    summary = Summary("Wants brakes. Call back.", "Wants brakes.", "Call back.")
    given = {"booking.service": "oil_change", "booking.name": "Al Stone"}
    day.calls.close("c1", Disposition.ABANDONED, NOON, summary=summary, slots=given)
    (call,) = day.told()
    assert isinstance(call, CallFinished)
    assert call.contact == Contact(BO, "Al Stone")
    assert (call.summary, call.wish, call.next_step) == (summary.text, summary.wish, summary.next_step)


@pytest.mark.parametrize("caller", ["", "anonymous", "102"])
def test_who_hides_their_number_has_none(database, caller) -> None:
    day = Day(database, caller=caller)
    day.close()
    assert day.told()[0].contact == Contact("")


def test_appointments_as_they_stood_after_each_change(database) -> None:
    day = Day(database)
    wish = Appointment("a1", "c1", "oil_change", MONDAY, MONDAY + timedelta(minutes=30), "Bo Berg", BO)
    day.diary.book(wish)
    day.clock.advance(600)
    day.diary.move("a1", MONDAY + timedelta(hours=1), call_id="c2")
    day.diary.cancel("a1")
    booked, moved, cancelled = day.told()
    assert isinstance(booked, AppointmentChanged)
    assert isinstance(moved, AppointmentChanged)
    assert isinstance(cancelled, AppointmentChanged)
    assert [one.change for one in (booked, moved, cancelled)] == [*Change]
    assert (booked.starts_at, booked.was_at, booked.call_id) == (MONDAY, None, "c1")
    assert (moved.starts_at, moved.was_at) == (MONDAY + timedelta(hours=1), MONDAY)
    assert (moved.happened_at, moved.call_id) == (NOON + timedelta(seconds=600), "c2")
    assert (cancelled.was_at, cancelled.call_id) == (None, "")
    assert booked.contact == Contact(BO, "Bo Berg")
    service = OFFICE.service("oil_change")
    assert service is not None
    assert booked.service == service.spoken


def test_a_message_and_a_correction(database) -> None:
    day = Day(database)
    Messages(database, day.clock, destinations=TO).take(Message("m1", "c1", "Bo", BO, "brakes squeak"))
    day.close()
    with database.writing() as tables:
        tell_disposition(tables, "c1", TO, day.clock.now(), was=Disposition.BOOKED, by="maria")
    message, call, corrected = day.told()
    assert isinstance(message, MessageTaken)
    assert (message.matter, message.place_ms, message.message_id) == ("brakes squeak", 500, "m1")
    assert isinstance(call, CallFinished)
    assert isinstance(corrected, DispositionChanged)
    assert (corrected.was, corrected.by, corrected.happened_at) == ("booked", "maria", NOON)


def test_what_is_no_longer_kept_is_not_told(database) -> None:
    day = Day(database)
    day.close()
    (row,) = Outbox(database).of_subject("c1")
    with database.writing() as tables:
        tables.execute("DELETE FROM calls")
    with pytest.raises(NotFound):
        day.read(row)
