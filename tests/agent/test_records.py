"""What the diary answers to each order of the session, what is said when the disk is away, and the end of a call."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from appliance.agent.records import Records, fetch, refusal
from appliance.clock import SetClock
from appliance.conversation.summing_up import Known, summed_up
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain import recording as rec
from appliance.domain.appointment import Appointment, Message, Standing
from appliance.domain.call import CallEvent, CallRecord, Disposition, LineQuality, Speaker, Summary, Turn
from appliance.domain.sound import FrameHeard
from appliance.store.appointments import Diary
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.store.messages import Messages
from appliance.store.taken_back import TakenBack
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


# --- the end --------------------------------------------------------------------------------------

SAID = summed_up(Known("Bo", "my brakes squeal"), Disposition.ABANDONED, "en")
NOTHING = summed_up(Known(), Disposition.ANSWERED, "en")


def ended(
    folder: Path, disposition: Disposition, *told: do.CloseCall, before: Summary | None = None
) -> CallRecord:
    """The record of a call that the session closed as `told`; `before`: it was up when an earlier agent died."""

    async def whole() -> None:
        with Database(folder / FILE_NAME) as database:
            calls, writer = Calls(database), StoreWriter()
            if before is not None:
                calls.begin("c1", "+1303", "100", NOW, {})
                calls.repair(lambda _: before)
            book = Records(writer, calls, Diary(database, SALON), Messages(database), None).open("c1")
            await book.begin(ev.CallOffered("c1", "+1303", "100", resumed=before is not None), NOW, {})
            for closing in told:
                book.summed_up(closing)
            await book.close(disposition, NOW, LineQuality("PCMU", 500, 0, 1.0))
            await writer.drain()

    asyncio.run(whole())
    with Database(folder / FILE_NAME) as database:
        return Calls(database).get("c1")


def test_the_end_holds_what_the_session_told_and_how_it_was_heard(tmp_path: Path) -> None:
    closing = do.CloseCall("c1", Disposition.ABANDONED, SAID, (("message.name", "Bo"),))
    record = ended(tmp_path, Disposition.ABANDONED, closing)
    assert (record.summary, record.slots) == (SAID, {"message.name": "Bo"})
    assert record.quality is not None and record.quality.mos is not None
    assert record.quality.mos > 4


def test_an_end_that_turned_out_otherwise_is_told_as_it_was(tmp_path: Path) -> None:
    record = ended(tmp_path, Disposition.MESSAGE, do.CloseCall("c1", Disposition.ABANDONED, SAID))
    assert record.summary is not None
    assert record.summary.text == f"{SAID.wish} Read the message and call back."


def test_a_call_of_which_no_session_told_anything_has_a_summary_too(tmp_path: Path) -> None:
    record = ended(tmp_path, Disposition.SYSTEM_FAILURE)
    assert record.summary is not None
    assert "fault of the box" in record.summary.next_step


def test_what_was_said_before_a_crash_is_still_the_wish_when_nothing_was_said_after(tmp_path: Path) -> None:
    closing = do.CloseCall("c1", Disposition.ANSWERED, NOTHING)
    record = ended(tmp_path, Disposition.ANSWERED, closing, before=SAID)
    assert record.summary is not None
    assert record.summary.wish == SAID.wish


def test_a_caller_whose_words_are_not_kept_is_told_of_without_them(tmp_path: Path) -> None:
    record = ended(tmp_path, Disposition.ANSWERED, do.CloseCall("c1", Disposition.ANSWERED))
    assert record.summary is not None
    assert record.summary.text == "Somebody called. Nothing is left to do."


# --- what may be kept of the sound and the words ---------------------------------------------------


class Box:
    """An agent's store in a folder."""

    def __init__(self, folder: Path, *, asks_consent: bool = False, recordings: Path | None = None) -> None:
        self.database = Database(folder / FILE_NAME)
        self.calls, self.writer = Calls(self.database), StoreWriter()
        self.records = Records(
            self.writer,
            self.calls,
            Diary(self.database, SALON),
            Messages(self.database),
            recordings or folder,
            taken_back=TakenBack(self.database),
            asks_consent=asks_consent,
        )


def sound(tick: int) -> FrameHeard:
    return FrameHeard("c1", tick, b"\1\1" * 320, b"\1\1" * 320, b"\2\1" * 320)


def held(box: Box, *steps: object, resumed: bool = False) -> bool:
    """A call in which these things happen, a frame after each; whether it may be recorded when it begins."""

    async def call() -> bool:
        book = box.records.open("c1")
        await book.begin(ev.CallOffered("c1", "+1", "100", resumed=resumed), NOW, {})
        for tick, step in enumerate(steps, start=100 if resumed else 0):
            match step:
                case Turn():
                    book.save(step)
                case CallEvent():
                    book.note(step)
                case None:
                    pass
                case _:
                    book.keep_as_told(step)
            book.record(sound(tick))
        await book.close(Disposition.ANSWERED, NOW, None)
        await box.writer.drain()
        return book.may_record

    return asyncio.run(call())


def test_a_withdrawal_leaves_neither_sound_nor_words(tmp_path: Path) -> None:
    box = Box(tmp_path)
    said = Turn(1, Speaker.CALLER, "i have a secret", 0, 10)
    held(box, said, rec.DiscardRecording("c1"), rec.HideTurns("c1", rec.NOT_KEPT), None)
    record = box.calls.get("c1")
    assert [one.text for one in record.turns] == [rec.NOT_KEPT]
    assert record.recording is None
    assert list(tmp_path.rglob("*.flac")) == []


def test_without_a_yes_there_is_no_recording_and_with_one_there_is(tmp_path: Path) -> None:
    for name, steps, kept in (("no", [None, None], False), ("yes", [None, rec.GoOnRecording("c1")], True)):
        (tmp_path / name).mkdir()
        box = Box(tmp_path / name, asks_consent=True)
        held(box, *steps)
        assert (box.calls.get("c1").recording is not None) is kept


@pytest.mark.parametrize(
    ("asks", "told", "may_record"),
    [
        (True, [], False),
        (True, [rec.ALLOWED], True),
        (True, [rec.REFUSED], False),
        (True, [rec.ALLOWED, rec.DISCARDED], False),
        (False, [], True),
        (False, [rec.PAUSED], True),
        (False, [rec.DISCARDED], False),
    ],
)
def test_a_call_that_goes_on_after_a_crash_is_recorded_if_it_was(
    tmp_path: Path, asks: bool, told: list[str], may_record: bool
) -> None:
    box = Box(tmp_path, asks_consent=asks)
    box.calls.begin("c1", "+1", "100", NOW, {})
    for kind in told:
        box.calls.add_event("c1", CallEvent(10, kind))
    assert held(box, None, None, resumed=True) is may_record
    assert (box.calls.get("c1").recording is not None) is may_record


def test_a_recording_that_cannot_be_written_is_no_trouble_of_the_call(tmp_path: Path, caplog) -> None:
    """The folder of recordings is a file: turns, events and the end are kept all the same."""
    (tmp_path / "file").write_text("in the way")
    box = Box(tmp_path, recordings=tmp_path / "file")
    blank = rec.BlankRecording("c1", 0, 1)
    held(
        box,
        Turn(1, Speaker.CALLER, "hello", 0, 10),
        blank,
        CallEvent(20, "key", "rtp"),
        rec.DiscardRecording("c1"),
    )
    record = box.calls.get("c1")
    assert [one.text for one in record.turns] == ["hello"]
    assert [one.kind for one in record.events] == ["key"]
    assert record.disposition is Disposition.ANSWERED
    assert [one.message for one in caplog.records if one.name == "appliance.agent.tape"] == [
        "recording fault"
    ]
