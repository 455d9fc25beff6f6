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


def take_over(
    folder: Path, *calls: LeftCall, times: int = 1, destinations: tuple[str, ...] = ()
) -> list[int]:
    async def whole() -> list[int]:
        with database_in(folder) as database:
            records = Records(
                StoreWriter(),
                Calls(database, destinations=destinations),
                Diary(database, business.load("auto_repair"), CLOCK),
                Messages(database, CLOCK),
                None,
            )
            left = LeftBehind(folder)
            for call in calls:
                left.keep(call)
            left.close()
            over = TakingOver(
                LeftBehind(folder), records, Phrases(), {"attendant": "test"}, CLOCK, region="US"
            )
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


def turned_away(number: int, caller: str, disposition: Disposition = Disposition.TURNED_AWAY) -> LeftCall:
    return LeftCall(f"20261121-09000{number}", caller, "100", NOW, 0, disposition, NOW, refused_with=486)


def test_who_was_turned_away_is_on_record_as_never_answered_once(folder: Path) -> None:
    missed = replace(turned_away(2, "12", Disposition.MISSED), refused_with=487)
    assert take_over(folder, turned_away(1, "(303) 555-0123"), missed) == [2]
    assert take_over(folder, turned_away(1, "(303) 555-0123")) == [1], "a crash before the file was removed"
    with database_in(folder) as database:
        records = [Calls(database).get(one.call_id) for one in Calls(database).recent()]
    assert [(one.caller, one.disposition, one.answered_at, one.ended_at) for one in records] == [
        ("12", Disposition.MISSED, None, NOW),
        ("(303) 555-0123", Disposition.TURNED_AWAY, None, NOW),
    ]
    assert [[(event.kind, event.detail) for event in one.events] for one in records] == [
        [("refused", "487")],
        [("refused", "486")],
    ]
    assert all(one.summary is not None and "call them back" in one.summary.text for one in records)


def test_only_whoever_can_be_called_back_is_told_of(folder: Path) -> None:
    callers = ("(303) 555-0123", "100", "sipvicious", "")
    calls = [turned_away(number, caller) for number, caller in enumerate(callers)]
    take_over(folder, *calls, destinations=("crm",))
    with database_in(folder) as database:
        rows = database.rows("SELECT kind, call_id, contact FROM outbox")
        assert len(Calls(database).recent()) == 4
    assert [(row["kind"], row["call_id"], row["contact"]) for row in rows] == [
        ("call", calls[0].call_id, "(303) 555-0123")
    ]


def test_a_flood_is_one_record_that_says_how_many(folder: Path) -> None:
    take_over(folder, replace(turned_away(1, ""), called="", times=317))
    with database_in(folder) as database:
        [event, more] = Calls(database).get("last").events
    assert (event.detail, more.kind, more.detail) == ("486", "unserved_more", "317")


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
