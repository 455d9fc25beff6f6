"""One call in the agent with fakes around it: it always ends, whatever was under way, and its record closes."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from appliance import business
from appliance.agent.equipment import Equipment
from appliance.agent.runtime import CallRuntime
from appliance.agent.voicing import VoiceQueue
from appliance.clock import SetClock
from appliance.conversation.key_menu import Offers
from appliance.conversation.phrases import Phrases
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.appointment import Opening
from appliance.domain.call import Disposition
from appliance.ops.prepared import MenuSounds
from appliance.settings import Crm, Settings
from tests.fakes.detector import FakeDetector
from tests.fakes.recogniser import FakeRecogniserModel
from tests.fakes.voice import FakeVoice

OFFICE = business.load("auto_repair")
NOW = datetime(2026, 11, 19, 10, 0, tzinfo=OFFICE.zone)
OPENING = Opening("oil_change", NOW.replace(day=20), NOW.replace(day=20, minute=30))


class Book:
    """The pages of a call; `writing` holds a booking back until it is set."""

    may_record = True
    known_as = ""

    def __init__(self):
        self.turns, self.closed_as = [], None
        self.writing = asyncio.Event()

    async def begin(self, offered, now, versions):
        return 1

    async def caller_name(self, caller):
        return self.known_as

    def record(self, frame):
        pass

    def save(self, turn):
        self.turns.append(turn)

    def note(self, event):
        pass

    def keep_as_told(self, command):
        pass

    async def fetch(self, command):
        if isinstance(command, do.FindOpenings):
            return ev.OpeningsFound(command.call_id, command.query, (OPENING,))
        await self.writing.wait()
        return ev.Booked(command.call_id, command.query, command.appointment)

    def summed_up(self, closing):
        self.summary = closing.summary

    async def close(self, disposition, ended_at, quality):
        self.closed_as = disposition


class Mind:
    is_up = False

    def send(self, command):
        return False


class Watchers:
    def tell(self, kind, **fields):
        pass


class SlowVoice(FakeVoice):
    """Takes until it is let go: the sentence is still being made when the call ends."""

    def __init__(self):
        super().__init__()
        self.let_go = threading.Event()

    def speak(self, text, pace_percent=100):
        self.let_go.wait(10)
        yield from super().speak(text)


async def start(tasks, workers, voice, menu, settings):
    equipment = Equipment(
        settings=settings,
        business=OFFICE,
        phrases=Phrases(),
        clock=SetClock(NOW),
        recogniser=FakeRecogniserModel(),
        new_detector=FakeDetector,
        finder=None,
        voice_queue=VoiceQueue(voice, workers),
        versions={},
        menu=menu,
    )
    book, sent = Book(), []
    call = CallRuntime(
        ev.CallOffered("call", "", ""),
        equipment,
        book=book,
        mind=Mind(),
        watchers=Watchers(),
        send=sent.append,
    )
    return call, book, sent, tasks.create_task(call.run())


def utterance(text):
    return ev.UtteranceHeard("call", text, 0, 10, 20, 20)


def play(scene, voice, menu=None, settings=None):
    async def whole():
        with ThreadPoolExecutor(2) as workers:
            async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
                return await scene(*await start(tasks, workers, voice, menu, settings or Settings()))

    return asyncio.run(whole())


def test_hanging_up_while_the_good_bye_is_being_made_closes_the_call():
    voice = SlowVoice()

    async def scene(call, book, sent, running):
        call.tell(utterance("goodbye"))
        while not any(isinstance(one, do.AnswerCall) for one in sent):
            await asyncio.sleep(0)
        await asyncio.sleep(0.05)
        call.tell(ev.CallerHungUp("call", 30, 200))
        voice.let_go.set()
        await running
        return book

    assert play(scene, voice).closed_as is Disposition.ANSWERED


def test_an_appointment_that_is_written_while_the_caller_hangs_up_counts():
    async def scene(call, book, sent, running):
        for words in (
            "an oil change tomorrow at ten",
            "alice miller",
            "three oh three five five five oh one seven two",
            "yes please",
        ):
            call.tell(utterance(words))
            await asyncio.sleep(0.05)
        call.tell(ev.CallerHungUp("call", 30, 200))
        await asyncio.sleep(0.05)
        assert book.closed_as is None
        book.writing.set()
        await running
        return book

    assert play(scene, FakeVoice()).closed_as is Disposition.BOOKED


def test_a_fault_in_the_ear_is_said_and_ends_the_call(caplog):
    async def scene(call, book, sent, running):
        call._failed_from_thread()
        while not any(isinstance(one, do.HangUp) for one in sent):
            await asyncio.sleep(0.01)
        call.tell(ev.CallerHungUp("call", 30, 200))
        await running
        return book

    assert play(scene, FakeVoice()).closed_as is Disposition.SYSTEM_FAILURE


@pytest.mark.parametrize("words", ["do you fix bicycles", "what is the meaning of life"])
def test_without_a_mind_an_open_question_gets_an_answer_at_once(words):
    async def scene(call, book, sent, running):
        call.tell(utterance(words))
        while not any(isinstance(one, do.SoundToSpeak) and one.speech == 2 for one in sent):
            await asyncio.sleep(0.01)
        call.tell(ev.CallerHungUp("call", 30, 200))
        await running
        return book

    assert play(scene, FakeVoice()).closed_as is not None


def test_a_call_that_cannot_be_understood_any_more_is_left_open_for_its_keys():
    async def scene(call, book, sent, running):
        call.tell(utterance("where are you located"))
        await asyncio.sleep(0.05)
        call.go_by_keys()
        return await running, book

    so_far, book = play(scene, FakeVoice(), menu=MenuSounds(Offers(), {}))
    assert so_far is not None
    assert book.closed_as is None
    assert book.turns, "what was said before is kept"


def test_without_a_menu_it_is_told_so_and_closed():
    async def scene(call, book, sent, running):
        call.go_by_keys()
        async with asyncio.timeout(20):
            while not any(isinstance(one, do.HangUp) for one in sent):
                await asyncio.sleep(0.01)
        call.tell(ev.CallerHungUp("call", 30, 200))
        return await running, book

    so_far, book = play(scene, FakeVoice())
    assert so_far is None
    assert book.closed_as is Disposition.SYSTEM_FAILURE


@pytest.mark.parametrize(
    ("greets", "known_as", "name"), [(True, "Miller, Alice", "Alice Miller"), (False, "Bo", "")]
)
def test_who_is_known_is_greeted_by_name_where_the_box_allows_it(greets, known_as, name):
    voice = FakeVoice()

    async def scene(call, book, sent, running):
        book.known_as = known_as
        while not voice.spoken:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        call.tell(ev.CallerHungUp("call", 30, 200))
        await running

    play(scene, voice, settings=Settings(crm=Crm(greet_by_name=greets)))
    assert [text for text in voice.spoken if text.startswith("Hello, ")] == (
        [f"Hello, {name}."] if name else []
    )
