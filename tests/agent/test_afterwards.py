"""After calls: the model's words for what was wished, never while somebody is on the line, never beyond the record."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.agent.afterwards import SUMMARY, Afterwards
from appliance.agent.records import Records
from appliance.business import load
from appliance.conversation.summing_up import Known, summed_up
from appliance.domain.call import Disposition, Speaker, Turn
from appliance.domain.commands import AskModel, CancelAsk, MindCommand
from appliance.domain.events import CallerHungUp, CallOffered, ReplyEnded, ReplySentence
from appliance.store.appointments import Diary
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.store.messages import Messages
from appliance.store.writer import StoreWriter
from tests.agent.test_service import Box
from tests.agent.test_service import play as in_an_agent

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
BEFORE = summed_up(Known("", "my oil light is on again"), Disposition.ANSWERED, "en")


class Office:
    """The store with a finished call `c1`, and a mind that only keeps what it is told."""

    def __init__(self, database: Database) -> None:
        self.calls, self.writer = Calls(database), StoreWriter()
        self.calls.begin("c1", "+13035550123", "100", NOON, {})
        for number, text in enumerate(("Hello.", "hi my oil light is on again what should i do"), start=1):
            speaker = Speaker.AGENT if number == 1 else Speaker.CALLER
            self.calls.add_turn("c1", Turn(number, speaker, text, number * 1000, number * 1000 + 900))
        self.calls.close("c1", Disposition.ANSWERED, NOON, summary=BEFORE)
        diary, messages = Diary(database, load("auto_repair")), Messages(database)
        records = Records(self.writer, self.calls, diary, messages, None)
        self.told: list[MindCommand] = []
        self.quiet = True
        self.afterwards = Afterwards(records, lambda: self.quiet, self._take)

    def _take(self, order: MindCommand) -> bool:
        self.told.append(order)
        return True

    async def asked(self, count: int = 1) -> AskModel:
        """The question that the mind has, once it has `count` orders."""
        async with asyncio.timeout(10):
            while len(self.told) < count:
                await asyncio.sleep(0)
        found = self.told[count - 1]
        assert isinstance(found, AskModel)
        return found

    def answer(self, asked: AskModel, *sentences: str, outcome: str = "done") -> None:
        for text in sentences:
            self.afterwards.came(ReplySentence(SUMMARY, asked.ask, text))
        self.afterwards.came(ReplyEnded(SUMMARY, asked.ask, outcome))


def play(folder: Path, scene: Callable[[Office, asyncio.TaskGroup], Awaitable[None]]) -> None:
    async def whole() -> None:
        with Database(folder / FILE_NAME) as database:
            office = Office(database)
            async with asyncio.TaskGroup() as tasks:
                await scene(office, tasks)
            await office.writer.drain()

    asyncio.run(whole())


def test_better_words_take_the_place_of_the_rule_s(tmp_path: Path) -> None:
    async def scene(office: Office, tasks: asyncio.TaskGroup) -> None:
        summing = tasks.create_task(office.afterwards.sum_up("c1"))
        asked = await office.asked()
        assert "oil light is on again" in asked.prompt
        office.answer(asked, "The caller's oil light", "is on again.")
        await summing
        summary = office.calls.get("c1").summary
        assert summary is not None
        assert (summary.wish, summary.by) == ("The caller's oil light is on again.", "model")
        assert summary.next_step == BEFORE.next_step

    play(tmp_path, scene)


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("The caller wanted 4 new tires.", "done"),
        ("Maria's oil light is on.", "done"),
        ("", "done"),
        ("The caller's oil light", "late"),
        ("The caller's oil light", "failed"),
    ],
)
def test_what_is_not_on_record_or_not_whole_changes_nothing(tmp_path: Path, said: str, outcome: str) -> None:
    async def scene(office: Office, tasks: asyncio.TaskGroup) -> None:
        summing = tasks.create_task(office.afterwards.sum_up("c1"))
        office.answer(await office.asked(), said, outcome=outcome)
        await summing
        assert office.calls.get("c1").summary == BEFORE

    play(tmp_path, scene)


def test_who_rings_comes_first_and_the_question_is_put_again_when_it_is_quiet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.agent.afterwards.LOOK_EVERY_S", 0.0)

    async def scene(office: Office, tasks: asyncio.TaskGroup) -> None:
        running = tasks.create_task(office.afterwards.run())
        office.afterwards.closed("c1")
        first = await office.asked()
        office.quiet = False
        office.afterwards.somebody_rings()
        assert office.told[1:] == [CancelAsk(SUMMARY, first.ask)]
        office.answer(first, "The caller's oil light is on.")  # too late: nobody waits for it
        for _ in range(50):
            await asyncio.sleep(0)
        assert len(office.told) == 2
        assert office.calls.get("c1").summary == BEFORE
        office.quiet = True
        office.answer(await office.asked(3), "The caller's oil light is on.")
        async with asyncio.timeout(10):
            while office.calls.get("c1").summary == BEFORE:
                await asyncio.sleep(0)
        running.cancel()

    play(tmp_path, scene)


def test_a_mind_that_dies_and_a_call_that_is_gone_hold_nobody_up(tmp_path: Path) -> None:
    async def scene(office: Office, tasks: asyncio.TaskGroup) -> None:
        await office.afterwards.sum_up("nobody")
        summing = tasks.create_task(office.afterwards.sum_up("c1"))
        await office.asked()
        office.afterwards.mind_lost()
        await summing
        assert office.calls.get("c1").summary == BEFORE

    play(tmp_path, scene)


def test_a_call_that_said_nothing_is_not_asked_about(tmp_path: Path) -> None:
    async def scene(office: Office, tasks: asyncio.TaskGroup) -> None:
        office.calls.begin("c2", "x", "y", NOON, {})
        office.calls.close("c2", Disposition.SILENT, NOON, summary=BEFORE)
        await office.afterwards.sum_up("c2")
        assert office.told == []

    play(tmp_path, scene)


def test_in_a_running_agent_callers_come_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over real sockets: a call ends, the mind is asked; somebody rings, it is not; they hang up, it is again."""
    monkeypatch.setattr("appliance.agent.afterwards.LOOK_EVERY_S", 0.02)

    async def scene(box: Box) -> None:
        def asked() -> list[AskModel]:
            return [one for one in box.asked if isinstance(one, AskModel) and one.call_id == SUMMARY]

        mind, line = await box.mind(), box.line()
        line.send(CallOffered("c", "100", ""))
        await box.until(lambda: bool(box.calls.recent()), "a record")
        box.calls.add_turn("c", Turn(50, Speaker.CALLER, "hi my oil light is on again you know", 900, 1900))
        line.send(CallerHungUp("c", 9, 200))
        await box.until(lambda: len(asked()) == 1, "a question about the call")
        line.send(CallOffered("d", "100", ""))
        await box.until(lambda: CancelAsk(SUMMARY, 1) in box.asked, "the question taken back")
        line.send(CallerHungUp("d", 9, 200))
        await box.until(lambda: len(asked()) == 2, "the question again")
        mind.send(ReplySentence(SUMMARY, 2, "The caller's oil light is on again."))
        mind.send(ReplyEnded(SUMMARY, 2, "done"))
        await box.until(lambda: (box.calls.get("c").summary or BEFORE).by == "model", "better words")

    in_an_agent(folder, scene, model="")
