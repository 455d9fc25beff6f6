"""A call by keys in the agent, with fakes around it: what the line is ordered, what is kept, how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import numpy as np

from appliance import business
from appliance.agent.equipment import Equipment
from appliance.agent.key_call import KeyCall
from appliance.agent.voicing import VoiceQueue
from appliance.clock import SetClock
from appliance.conversation.key_menu import FIRST_WORD_TICKS
from appliance.conversation.phrases import Phrases
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.call import Disposition
from appliance.domain.sound import FRAME_SAMPLES, SILENCE, FrameHeard
from appliance.ops.prepared import MenuSounds
from appliance.settings import Settings
from tests.fakes.detector import FakeDetector
from tests.fakes.menu_sounds import MENU, names_in
from tests.fakes.recogniser import FakeRecogniserModel
from tests.fakes.voice import FakeVoice

VOICE = (3000 * np.sin(np.arange(FRAME_SAMPLES) / 5)).astype(np.int16).tobytes()
SOUNDS = MenuSounds(MENU[1], MENU[0])
OFFICE = business.load("auto_repair")


EQUIPMENT = Equipment(
    settings=Settings(),
    business=OFFICE,
    phrases=Phrases(),
    clock=SetClock(datetime(2026, 11, 21, tzinfo=OFFICE.zone)),
    recogniser=FakeRecogniserModel(),
    new_detector=FakeDetector,
    finder=None,
    voice_queue=VoiceQueue(FakeVoice(), ThreadPoolExecutor(1)),
    versions={},
)


class Watchers:
    def tell(self, kind, **fields):
        pass


class Pages:
    """The pages of a call, with its messages."""

    def __init__(self):
        self.messages, self.notes, self.recording = [], [], []
        self.has_begun, self.closed_as = False, None

    def record(self, frame):
        pass

    async def close(self, disposition, ended_at, quality):
        self.closed_as = disposition

    async def begin(self, offered, now, versions):
        self.has_begun = True
        return 1

    def begin_message(self):
        self.recording.append("begin")

    def end_message(self):
        self.recording.append("end")

    def note(self, event):
        self.notes.append(event)

    async def fetch(self, command):
        await asyncio.sleep(0.05)
        assert self.closed_as is None
        self.messages.append(command.message)
        return ev.MessageTaken(command.call_id, command.query, kept=True)


class Scene:
    """One call by keys."""

    def __init__(self, so_far=None):
        self.book, self.sent, self.at = Pages(), [], 0
        self.call = KeyCall(
            ev.CallOffered("call", "+13035550123", ""),
            EQUIPMENT,
            SOUNDS,
            book=self.book,
            watchers=Watchers(),
            send=self.sent.append,
            so_far=so_far,
        )

    def press(self, digit):
        self.call.tell(ev.DigitPressed("call", digit, self.at))

    def hears(self, heard, count=1):
        for _ in range(count):
            self.at += 1
            self.call.frame(FrameHeard("call", self.at, heard, heard, SILENCE))

    def played(self):
        """Everything ordered so far has been heard; its names."""
        sounds = [one for one in self.sent if isinstance(one, do.SoundToSpeak)]
        last = sounds[-1].speech
        self.call.spoken_to(ev.SpokenTo("call", last, 99, self.at, over=True))
        return names_in(b"".join(one.pcm for one in sounds if one.speech == last))

    def hang_up(self):
        self.call.tell(ev.CallerHungUp("call", self.at, 200))


def play(scene: Callable[[Scene], Awaitable[None]], so_far: Disposition | None = None) -> Scene:
    async def whole() -> Scene:
        stage = Scene(so_far)
        async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
            tasks.create_task(stage.call.run())
            await asyncio.sleep(0.01)
            await scene(stage)
        return stage

    return asyncio.run(whole())


def test_a_new_call_is_answered_and_welcomed():
    async def scene(stage):
        assert isinstance(stage.sent[0], do.AnswerCall)
        assert stage.played()[:2] == ["menu_welcome", "menu_offer_hours"]
        stage.hang_up()

    stage = play(scene)
    assert stage.book.has_begun
    assert stage.book.closed_as is Disposition.ABANDONED


def test_a_call_that_was_under_way_goes_on_and_keeps_what_it_achieved():
    async def scene(stage):
        assert not any(isinstance(one, do.AnswerCall) for one in stage.sent)
        assert isinstance(stage.sent[0], do.StopSpeaking)
        assert stage.played()[0] == "menu_instead"
        stage.hang_up()

    stage = play(scene, Disposition.BOOKED)
    assert not stage.book.has_begun
    assert stage.book.closed_as is Disposition.BOOKED


def test_a_message_is_in_the_inbox_before_the_record_closes():
    async def scene(stage):
        stage.press("2")
        assert stage.played() == ["menu_record", "tone"]
        stage.hears(SILENCE)
        stage.hears(VOICE, 100)
        stage.press("#")
        assert stage.played() == ["menu_recorded"]
        assert stage.sent[-1] == do.HangUp("call")
        stage.hang_up()

    stage = play(scene)
    [message] = stage.book.messages
    assert (message.message_id, message.phone) == ("call-spoken", "+13035550123")
    assert "2 seconds" in message.matter
    assert stage.book.recording == ["begin", "end"]
    assert stage.book.closed_as is Disposition.MESSAGE
    assert [note.kind for note in stage.book.notes] == ["key", "key"]


def test_nothing_said_is_no_message():
    async def scene(stage):
        stage.press("2")
        stage.played()
        stage.hears(SILENCE, FIRST_WORD_TICKS + 2)
        assert stage.played()[0] == "menu_not_recorded"
        stage.hang_up()

    assert play(scene).book.messages == []


def test_a_person_by_transfer_and_back_when_nobody_is_there():
    async def scene(stage):
        stage.press("3")
        stage.hears(SILENCE)
        assert do.Refer("call", "101") not in stage.sent, "the caller has not heard so yet"
        stage.played()
        stage.hears(SILENCE)
        assert stage.sent[-1] == do.Refer("call", "101")
        stage.call.of_colleague(ev.ReferAnswered("call", 486, True))
        assert stage.played()[0] == "menu_nobody"
        stage.press("3")
        stage.played()
        stage.hears(SILENCE)
        stage.call.of_colleague(ev.ReferAnswered("call", 200, True))
        assert stage.sent[-1] == do.HangUp("call")
        stage.hang_up()

    assert play(scene).book.closed_as is Disposition.TRANSFERRED


def test_a_key_cuts_off_what_is_played():
    async def scene(stage):
        stage.press("1")
        flushed = [index for index, one in enumerate(stage.sent) if isinstance(one, do.StopSpeaking)]
        assert len(flushed) == 2
        old = stage.sent[-1].speech - 1
        stage.call.spoken_to(ev.SpokenTo("call", old, 3, 3, over=True, flushed=True))
        stage.hears(SILENCE, 300)
        assert stage.played()[0] == "menu_hours", "the old sound's end is not the new one's"
        stage.hang_up()

    play(scene)
