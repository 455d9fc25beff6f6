"""What the line left behind comes into the record and the inbox, once, whatever breaks in between."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from appliance import business
from appliance.agent.records import Records
from appliance.agent.taking_over import TakingOver
from appliance.clock import SetClock
from appliance.conversation.phrases import Phrases
from appliance.domain.call import Disposition, Summary
from appliance.store.appointments import Diary
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.store.left_behind import LeftBehind, LeftCall
from appliance.store.messages import Messages
from appliance.store.writer import StoreWriter

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
CLOCK = SetClock(NOW + timedelta(hours=1))
MESSAGE = LeftCall(
    "20261121-090000-0001",
    "+13035550123",
    "100",
    NOW,
    0,
    Disposition.MESSAGE,
    NOW + timedelta(seconds=40),
    message_from_ms=12_000,
    message_to_ms=35_000,
)


@contextmanager
def database_in(folder: Path) -> Iterator[Database]:
    database = Database(folder / FILE_NAME)
    try:
        yield database
    finally:
        database.close()


def take_over(folder: Path, *calls: LeftCall, times: int = 1) -> list[int]:
    async def whole() -> list[int]:
        with database_in(folder) as database:
            records = Records(
                StoreWriter(),
                Calls(database),
                Diary(database, business.load("auto_repair"), CLOCK),
                Messages(database, CLOCK),
                None,
            )
            left = LeftBehind(folder)
            for call in calls:
                left.keep(call)
            left.close()
            over = TakingOver(LeftBehind(folder), records, Phrases(), {"attendant": "test"}, CLOCK)
            counts = [await over.look() for _ in range(times)]
            await records.writer.drain()
            return counts

    return asyncio.run(whole())


def test_a_call_and_its_message_are_kept_once(folder: Path) -> None:
    assert take_over(folder, MESSAGE, times=2) == [1, 0]
    assert take_over(folder, MESSAGE) == [1], "a crash before the file was removed"
    with database_in(folder) as database:
        record = Calls(database).get(MESSAGE.call_id)
        [message] = Messages(database, CLOCK).recent()
    assert record.disposition is Disposition.MESSAGE
    assert (record.caller, record.answered_at, record.ended_at) == ("+13035550123", NOW, MESSAGE.ended_at)
    assert {(event.kind, event.detail) for event in record.events} == {("level", "alone")}
    assert record.summary is not None
    assert record.summary.next_step == "Read the message and call back."
    assert (message.call_id, message.phone) == (MESSAGE.call_id, "+13035550123")
    assert "23 seconds" in message.matter
    assert "second 12" in message.matter


def test_a_call_that_goes_on_stays_where_it_is(folder: Path) -> None:
    assert take_over(folder, replace(MESSAGE, ended_at=None)) == [0]
    assert len(list(LeftBehind(folder).calls())) == 1


def test_a_call_an_agent_had_begun_is_closed_as_it_ended(folder: Path) -> None:
    with database_in(folder) as database:
        calls = Calls(database)
        calls.begin(MESSAGE.call_id, "+13035550123", "100", NOW, {})
        calls.answered(MESSAGE.call_id, NOW)
        calls.repair(lambda _: Summary("Bo has a flat. Call.", "Bo has a flat.", "Call."))
    take_over(folder, MESSAGE)
    with database_in(folder) as database:
        record = Calls(database).get(MESSAGE.call_id)
    assert record.disposition is Disposition.MESSAGE
    assert record.summary is not None
    assert record.summary.text == "Bo has a flat. Read the message and call back."


def test_a_call_that_was_given_back_is_the_agents_to_close(folder: Path) -> None:
    with database_in(folder) as database:
        Calls(database).begin(MESSAGE.call_id, "", "100", NOW, {})
    take_over(
        folder, replace(MESSAGE, given_back=True, disposition=Disposition.ABANDONED, message_from_ms=None)
    )
    with database_in(folder) as database:
        record = Calls(database).get(MESSAGE.call_id)
    assert (record.disposition, record.ended_at) == (Disposition.OPEN, None)
    assert [event.detail for event in record.events] == ["alone"]
