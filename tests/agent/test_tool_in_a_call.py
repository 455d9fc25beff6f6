"""A whole call in which a tool is used: the caller hears what it said, the record keeps that it was used."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from appliance import configfile
from appliance.agent.equipment import Equipment
from appliance.agent.runtime import CallRuntime
from appliance.agent.tooling import Tooling
from appliance.agent.voicing import VoiceQueue
from appliance.business import Business
from appliance.clock import SetClock
from appliance.conversation.phrases import Phrases
from appliance.domain import events as ev
from appliance.domain.call import CallEvent, Disposition, Speaker
from appliance.settings import Settings
from appliance.web.errand import Errand, ErrandDone
from tests.agent.test_runtime import Book, Mind, Watchers
from tests.business.test_tools import FLOW, OFFICE, TOOL
from tests.conversation.test_rehearsal_tools import INTENT
from tests.fakes.detector import FakeDetector
from tests.fakes.recogniser import FakeRecogniserModel
from tests.fakes.voice import FakeVoice

SHOP = configfile.parse(OFFICE + TOOL + FLOW + INTENT, Business, name="office.toml")
CLOCK = SetClock(datetime(2026, 11, 19, 10, 0, tzinfo=SHOP.zone))


class NotingBook(Book):
    """Keeps the events of the call too."""

    def __init__(self) -> None:
        super().__init__()
        self.noted: list[CallEvent] = []

    def note(self, event: CallEvent) -> None:
        self.noted.append(event)


def test_a_tool_is_used_while_the_call_goes_on() -> None:
    errands: list[Errand] = []

    async def ask(errand: Errand, limit_s: float) -> ErrandDone:
        errands.append(errand)
        return ErrandDone(200, b'{"state": "ready"}')

    async def scene(workers: ThreadPoolExecutor) -> NotingBook:
        equipment = Equipment(
            settings=Settings(),
            business=SHOP,
            phrases=Phrases(),
            clock=CLOCK,
            recogniser=FakeRecogniserModel(),
            new_detector=FakeDetector,
            finder=None,
            voice_queue=VoiceQueue(FakeVoice(), workers),
            versions={},
            tooling=Tooling(SHOP, ask, CLOCK),
        )
        book = NotingBook()
        offered = ev.CallOffered("call", "", "")
        call = CallRuntime(
            offered, equipment, book=book, mind=Mind(), watchers=Watchers(), send=lambda one: None
        )
        async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
            running = tasks.create_task(call.run())
            likely = (ev.IntentScore("own:order_status", 0.97),)
            call.tell(ev.UtteranceHeard("call", "is my order ready", 0, 10, 20, 20, likely=likely))
            call.tell(ev.UtteranceHeard("call", "four seven one one", 100, 110, 120, 120))
            while not any(event.kind == "tool" for event in book.noted):
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.05)
            call.tell(ev.CallerHungUp("call", 200, 200))
            await running
        return book

    with ThreadPoolExecutor(2) as workers:
        book = asyncio.run(scene(workers))
    assert [(one.tool, one.arguments) for one in errands] == [("order_status", {"order": "4711"})]
    used = [event.detail for event in book.noted if event.kind == "tool"]
    assert used == ["order_status done (HTTP 200 0 ms)"]
    assert book.closed_as is Disposition.ANSWERED
    assert "four seven one one" in [turn.text for turn in book.turns if turn.speaker is Speaker.CALLER]
