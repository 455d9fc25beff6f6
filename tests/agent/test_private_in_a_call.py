"""A whole call with a private question: its answer is neither in the recording, nor on record, nor shown to anybody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import numpy as np
import soundfile

from appliance.agent.equipment import Equipment
from appliance.agent.records import Records
from appliance.agent.runtime import CallRuntime
from appliance.agent.voicing import VoiceQueue
from appliance.clock import SetClock
from appliance.conversation.phrases import Phrases
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain import recording as rec
from appliance.domain.call import CallRecord
from appliance.domain.sound import FRAME_SAMPLES, FrameHeard
from appliance.settings import Settings
from appliance.store.appointments import Diary
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.store.messages import Messages
from appliance.store.taken_back import TakenBack
from appliance.store.writer import StoreWriter
from tests.agent.test_runtime import Mind
from tests.conversation.test_recording_rules import RULES, office
from tests.fakes.detector import FakeDetector
from tests.fakes.recogniser import FakeRecogniserModel
from tests.fakes.voice import FakeVoice

SHOP = office(RULES["none"])
CLOCK = SetClock(datetime(2026, 11, 19, 10, 0, tzinfo=SHOP.zone))
DIGITS = "four one one one one one one one one one one one one one one one"


class Scene:
    """A call whose line plays everything at once; time passes as `listen` says."""

    def __init__(self, folder: Path, workers: ThreadPoolExecutor) -> None:
        self.database = Database(folder / FILE_NAME)
        self.calls, self.writer = Calls(self.database), StoreWriter()
        back = TakenBack(self.database)
        records = Records(
            self.writer,
            self.calls,
            Diary(self.database, SHOP),
            Messages(self.database),
            folder,
            taken_back=back,
        )
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
        )
        self.shown: list[str] = []
        self.tick = 0
        self.played = 0
        offered = ev.CallOffered("call", "", "")
        book = records.open("call")
        self.call = CallRuntime(offered, equipment, book=book, mind=Mind(), watchers=self, send=self.line)

    def tell(self, kind: str, **fields: object) -> None:
        """What onlookers are shown."""
        self.shown.append(f"{kind} {fields.get('text', '')}")

    def line(self, command: object) -> None:
        if isinstance(command, do.SoundToSpeak) and command.last:
            self.call.tell(ev.SpeechBegan("call", command.speech, self.tick))
            over = ev.SpokenTo("call", command.speech, 1000, self.tick, over=True)
            asyncio.get_running_loop().call_soon(self.call.spoken_to, over)
            self.played += 1

    def listen(self, ticks: int) -> int:
        """So much of the call passes, with sound on both sides; from which tick on."""
        began = self.tick
        for _ in range(ticks):
            sound = np.full(FRAME_SAMPLES, 1000, np.int16).tobytes()
            self.call.frame(FrameHeard("call", self.tick, sound, sound, sound))
            self.tick += 1
        return began

    def says(self, text: str, *likely: ev.IntentScore) -> None:
        now = self.tick
        self.call.tell(ev.UtteranceHeard("call", text, now - 20, now - 2, now, now, likely=likely))

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        async with asyncio.timeout(20):
            while not holds():
                await asyncio.sleep(0.01)
        assert holds(), what

    def noted(self, kind: str) -> bool:
        return any(one.kind == kind for one in self.calls.get("call").events)


def test_a_private_answer_is_nowhere(tmp_path: Path) -> None:
    spans: dict[str, int] = {}

    async def whole(workers: ThreadPoolExecutor) -> tuple[CallRecord, list[str]]:
        scene = Scene(tmp_path, workers)
        async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
            running = tasks.create_task(scene.call.run())
            await scene.until(lambda: scene.played >= 1, "the greeting")
            scene.listen(50)
            scene.says("i want to pay my bill", ev.IntentScore("own:pay", 0.97))
            await scene.until(lambda: scene.noted(rec.PAUSED), "a pause at the question's end")
            spans["private"] = scene.listen(100)
            scene.call.tell(ev.PartialHeard("call", scene.tick, "four one one one"))
            scene.says(DIGITS)
            await scene.until(lambda: scene.noted(rec.TAKEN_UP), "the recording goes on")
            spans["after"] = scene.listen(50)
            scene.call.tell(ev.CallerHungUp("call", scene.tick, 200))
            await running
        await scene.writer.drain()
        return scene.calls.get("call"), scene.shown

    with ThreadPoolExecutor(2) as workers:
        record, shown = asyncio.run(whole(workers))
    assert [one.text for one in record.turns if one.speaker == "caller"] == [
        "i want to pay my bill",
        rec.PRIVATE,
    ]
    assert record.recording is not None
    sound, _ = soundfile.read(record.recording, dtype="int16", always_2d=True)
    heard = sound[::FRAME_SAMPLES].min(axis=1) > 0
    assert len(heard) == 200
    assert heard[: spans["private"]].all()
    assert not heard[spans["private"] : spans["after"]].any()
    assert heard[spans["after"] :].all()
    assert f"heard {rec.PRIVATE}" in shown
    assert f"partial {rec.PRIVATE}" in shown
    everything = [*shown, str(record), *map(str, record.events)]
    assert not [one for one in everything if "one one one" in one or "4111" in one]
