"""A whole call in which the model uses a tool: asked, looked up over the errands, and asked on with what came."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from appliance.agent.equipment import Equipment
from appliance.agent.runtime import CallRuntime
from appliance.agent.tooling import Tooling
from appliance.agent.voicing import VoiceQueue
from appliance.conversation.phrases import Phrases
from appliance.domain import events as ev
from appliance.domain.commands import AskModel
from appliance.settings import Settings
from appliance.web.errand import Errand, ErrandDone
from tests.agent.test_runtime import Watchers
from tests.agent.test_tool_in_a_call import CLOCK, NotingBook
from tests.conversation.test_model_tools import SHOP
from tests.fakes.detector import FakeDetector
from tests.fakes.recogniser import FakeRecogniserModel
from tests.fakes.voice import FakeVoice


class Mind:
    """Keeps what it is asked."""

    is_up = True

    def __init__(self) -> None:
        self.asked: list[AskModel] = []

    def send(self, command: object) -> bool:
        if isinstance(command, AskModel):
            self.asked.append(command)
        return True


def test_the_model_looks_something_up_and_is_asked_on() -> None:
    errands: list[Errand] = []
    mind, book = Mind(), NotingBook()

    async def ask(errand: Errand, limit_s: float) -> ErrandDone:
        errands.append(errand)
        return ErrandDone(200, b'{"state": "ready"}')

    async def until(count: int) -> AskModel:
        while len(mind.asked) < count:
            await asyncio.sleep(0.01)
        return mind.asked[count - 1]

    async def scene(workers: ThreadPoolExecutor) -> None:
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
        offered = ev.CallOffered("call", "", "")
        call = CallRuntime(
            offered, equipment, book=book, mind=mind, watchers=Watchers(), send=lambda one: None
        )
        async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
            running = tasks.create_task(call.run())
            call.tell(ev.UtteranceHeard("call", "has my order four seven one one shipped", 0, 10, 20, 20))
            first = await until(1)
            use = 'order_status {"order": "4711"}'
            call.composed(ev.ReplySentence("call", first.ask, use, calls_tool=True))
            call.composed(ev.ReplyEnded("call", first.ask, "done"))
            second = await until(2)
            call.composed(ev.ReplySentence("call", second.ask, "Your order 4711 is ready."))
            call.composed(ev.ReplyEnded("call", second.ask, "done"))
            await asyncio.sleep(0.05)
            call.tell(ev.CallerHungUp("call", 200, 200))
            await running

    with ThreadPoolExecutor(2) as workers:
        asyncio.run(scene(workers))
    assert [(one.tool, one.arguments) for one in errands] == [("order_status", {"order": "4711"})]
    first, second = mind.asked
    assert first.tools
    assert not second.tools
    assert "the state is ready" in second.prompt
    assert [event.detail for event in book.noted if event.kind == "tool"] == [
        "order_status done (HTTP 200 0 ms)"
    ]
