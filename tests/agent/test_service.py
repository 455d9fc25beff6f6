"""The agent as it degrades and comes back: real sockets, fake engines that break, a line and a mind played."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from appliance import business, link
from appliance.agent import service
from appliance.agent.equipment import Equipment
from appliance.agent.records import Records
from appliance.agent.service import Agent
from appliance.agent.vitals import Vitals
from appliance.agent.voicing import VoiceQueue
from appliance.clock import SystemClock
from appliance.conversation import degradation
from appliance.conversation.phrases import Phrases
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.call import Disposition, LineQuality
from appliance.domain.sound import SILENCE, FrameHeard
from appliance.engines.cached_voice import CachedVoice
from appliance.errors import NotFound
from appliance.observe.asking import ask as observed
from appliance.ops.prepared import MenuSounds
from appliance.settings import Settings
from appliance.store.appointments import Diary
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.store.messages import Messages
from appliance.store.writer import StoreWriter
from tests.fakes.broken import Broken
from tests.fakes.detector import FakeDetector
from tests.fakes.menu_sounds import MENU, names_in

OFFICE = business.load("auto_repair")


class Box:
    """An agent with a breakable ear and voice; the test is its line and its mind."""

    def __init__(self, folder: Path, agent: Agent, ear: Broken, voice: Broken, calls: Calls) -> None:
        self.folder, self.agent, self.ear, self.voice, self.calls = folder, agent, ear, voice, calls
        self.commands: list[link.Packet] = []
        self.asked: list[link.Packet] = []
        self.said: list[str] = []
        self._links: list[link.AsyncLink] = []
        self._minds = link.listen(folder / "mind.sock")
        self._minds.setblocking(False)

    async def until(self, true: Callable[[], bool], what: str = "it") -> None:
        try:
            async with asyncio.timeout(20):
                while not true():
                    await asyncio.sleep(0.01)
        except TimeoutError:
            pytest.fail(f"never came: {what}; said: {self.said}")

    def line(self) -> link.AsyncLink:
        sock = link.dial(self.folder / "agent.sock")
        return self._kept(link.AsyncLink(sock, self.commands.append, lambda: None))

    def _kept(self, one: link.AsyncLink) -> link.AsyncLink:
        self._links.append(one)
        return one

    async def mind(self) -> link.AsyncLink:
        async with asyncio.timeout(20):
            sock, _ = await asyncio.get_running_loop().sock_accept(self._minds)
        mind = self._kept(link.AsyncLink(sock, self.asked.append, lambda: None))
        mind.send(ev.MindReady("fake", "1"))
        return mind

    def heard_of(self, call_id: str) -> list[str]:
        """What this caller is played of the menu."""
        mine = [one for one in self.commands if isinstance(one, do.SoundToSpeak) and one.call_id == call_id]
        return names_in(b"".join(one.pcm for one in mine))

    async def level(self, word: str) -> None:
        await self.until(lambda: bool(self.said) and self.said[-1].startswith(f"level {word}"), word)

    async def leave(self) -> None:
        """Line and mind go, and the agent notices."""
        self._minds.close()
        for one in self._links:
            one.close()
        await asyncio.sleep(0.1)


def play(folder: Path, scene: Callable[[Box], Awaitable[None]], *, model: str = "none") -> None:
    async def whole() -> None:
        ear, voice, clock = Broken(), Broken(), SystemClock()
        ear.is_broken = voice.is_broken = False
        vitals, phrases = Vitals(clock), Phrases()
        cached = CachedVoice(vitals.voice(voice), folder / "cache")
        cached.prepare(phrases.fixed())
        writer, database = StoreWriter(), Database(folder / FILE_NAME)
        calls = Calls(database)
        with ThreadPoolExecutor(2) as workers:
            equipment = Equipment(
                settings=Settings.model_validate(
                    {"store": {"directory": str(folder)}, "models": {"language_model": model}}
                ),
                business=OFFICE,
                phrases=phrases,
                clock=clock,
                recogniser=vitals.recogniser(ear),
                new_detector=FakeDetector,
                finder=None,
                voice_queue=VoiceQueue(cached, workers),
                versions={},
                vitals=vitals,
                menu=MenuSounds(MENU[1], MENU[0]),
            )
            diary = Diary(database, OFFICE, clock)
            records = Records(writer, calls, diary, Messages(database), None, spoken_messages=folder)
            box = Box(folder, Agent(equipment, records, folder), ear, voice, calls)
            stop, ready = asyncio.Event(), asyncio.Event()
            async with asyncio.timeout(90), asyncio.TaskGroup() as tasks:
                tasks.create_task(box.agent.run(stop, ready.set, lambda: None, box.said.append))
                await ready.wait()
                try:
                    await scene(box)
                finally:
                    await box.leave()
                    stop.set()
            await writer.drain()
        database.close()

    asyncio.run(whole())


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same decisions in a hundredth of the time; each is a play of its own in tests/conversation."""
    for name in ("AWAY_S", "STEADY_S", "TRY_FIRST_S"):
        monkeypatch.setattr(degradation, name, 0.05)
    monkeypatch.setattr(service, "_ALIVE_EVERY_S", 0.05)


def test_an_ear_that_dies_leaves_its_caller_to_the_keys_and_the_next_call_is_by_keys(folder: Path) -> None:
    async def scene(box: Box) -> None:
        line = box.line()
        line.send(ev.CallOffered("c", "100", ""))
        await box.until(lambda: any(isinstance(one, do.SoundToSpeak) for one in box.commands), "a greeting")
        assert box.heard_of("c")[0] != "menu_instead"
        box.ear.is_broken = True
        line.send(ev.CallOffered("d", "100", ""))
        await box.until(lambda: "menu_welcome" in box.heard_of("d"), "the menu for a new caller")
        await box.level("keys")
        await box.until(lambda: "menu_instead" in box.heard_of("c"), "the menu in the middle of a call")
        box.ear.is_broken = False
        await box.level("full")
        line.send(ev.CallOffered("e", "100", ""))
        await box.until(lambda: "Thank" in "".join(box.heard_of("e")).title(), "a greeting again")
        for call_id in ("c", "d", "e"):
            line.send(ev.CallerHungUp(call_id, 9, 200))
        await box.until(lambda: all(box.calls.get(one).ended_at for one in "cde"), "three records")
        levels = [event.detail for event in box.calls.get("c").events if event.kind == "level"]
        assert "keys" in levels

    play(folder, scene)


def test_a_voice_that_dies_is_found_out_and_what_is_said_comes_from_prepared_sound(folder: Path) -> None:
    async def scene(box: Box) -> None:
        line = box.line()
        box.voice.is_broken = True
        line.send(ev.CallOffered("c", "100", ""))  # the greeting is not in the cache
        await box.level("prepared")
        await box.until(lambda: "menu_instead" in box.heard_of("c"), "the menu")
        assert "voice: " in box.said[-1]
        box.voice.is_broken = False
        await box.level("full")

    play(folder, scene)


def test_a_mind_that_is_late_twice_is_rested_and_asked_again_by_itself(folder: Path) -> None:
    async def scene(box: Box) -> None:
        mind = await box.mind()
        await box.until(lambda: any(isinstance(one, do.PreparePrefix) for one in box.asked), "the prefix")
        mind.send(ev.ReplyEnded("a caller", 1, "late"))
        await box.until(lambda: any(isinstance(one, do.AskModel) for one in box.asked), "a question of ours")
        mind.send(ev.ReplyEnded("health", 0, "late"))
        await box.level("rules")
        for count in (2, 3):
            await box.until(lambda count=count: questions(box) >= count, "asked again")
            mind.send(ev.ReplyEnded("health", 0, "done"))
        await box.level("full")
        mind.close()

    def questions(box: Box) -> int:
        return sum(isinstance(one, do.AskModel) for one in box.asked)

    play(folder, scene, model="")


def test_a_mind_that_goes_and_stays_away_and_comes_back(folder: Path) -> None:
    async def scene(box: Box) -> None:
        mind = await box.mind()
        mind.close()
        await box.level("rules")
        assert "mind: away" in box.said[-1]
        back = await box.mind()
        await box.level("full")
        back.close()

    play(folder, scene, model="")


def ask(folder: Path, request: dict[str, Any]) -> dict[str, Any]:
    with link.dial(folder / "control.sock") as sock:
        sock.settimeout(10)
        sock.send(json.dumps(request).encode())
        answer: dict[str, Any] = json.loads(sock.recv(4096))
        return answer


def test_by_hand_and_seen_by_whoever_watches(folder: Path) -> None:
    async def scene(box: Box) -> None:
        watch = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        watch.connect(str(folder / "watch.sock"))
        watch.setblocking(False)
        await asyncio.sleep(0.05)
        line = box.line()
        line.send(ev.CallOffered("c", "100", ""))
        await box.until(lambda: bool(box.commands), "the call")
        forced = await asyncio.to_thread(ask, folder, {"do": "force", "level": "alone"})
        assert (forced["level"], forced["forced"]) == ("alone", True)
        await box.until(lambda: not line.is_open, "the line sent home")
        with pytest.raises(OSError):
            link.dial(folder / "agent.sock")
        auto = await asyncio.to_thread(ask, folder, {"do": "force", "level": None})
        assert not auto["forced"]
        box.line().close()
        told: dict[str, Any] = {"kind": ""}
        async with asyncio.timeout(10):
            while told["kind"] != "level":
                told = json.loads(await asyncio.get_running_loop().sock_recv(watch, 65_536))
        watch.close()
        assert told["level"] == "alone"

    play(folder, scene)


def test_frames_for_a_call_by_keys_are_counted_as_its_time(folder: Path) -> None:
    async def scene(box: Box) -> None:
        await asyncio.to_thread(ask, folder, {"do": "force", "level": "keys"})
        line = box.line()
        line.send(ev.CallOffered("c", "100", ""))
        await box.until(lambda: "menu_welcome" in box.heard_of("c"), "the menu")
        speech = max(one.speech for one in box.commands if isinstance(one, do.SoundToSpeak))
        line.send(ev.SpokenTo("c", speech, 9, 9, over=True))
        for tick in range(10, 270):
            line.send(FrameHeard("c", tick, SILENCE, SILENCE, SILENCE))
        await box.until(lambda: box.heard_of("c").count("menu_offer_hours") == 2, "the menu again")
        line.send(ev.CallerHungUp("c", 270, 200))
        await box.until(lambda: box.calls.get("c").ended_at is not None, "the record")
        assert box.calls.get("c").versions["level"] == "keys"

    play(folder, scene)


async def _in_a_call(box: Box) -> link.AsyncLink:
    """A caller who is being greeted."""
    line = box.line()
    line.send(ev.CallOffered("c", "100", "101"))
    await box.until(lambda: any(isinstance(one, do.SoundToSpeak) for one in box.commands), "a greeting")
    line.send(FrameHeard("c", 50, SILENCE, SILENCE, SILENCE, 21.0))
    return line


async def _order(box: Box, **order: str) -> dict[str, Any]:
    return await asyncio.to_thread(ask, box.folder, {**order, "call_id": "c"})


def test_a_call_can_be_seen_at_any_moment(folder: Path) -> None:
    async def scene(box: Box) -> None:
        await _in_a_call(box)
        seen: dict[str, Any] = {"calls": []}
        while not (seen["calls"] and seen["calls"][0]["lasts_ms"]):
            seen = await asyncio.to_thread(ask, box.folder, {"do": "look"})
        (call,) = seen["calls"]
        assert (call["caller"], call["called"], call["by"]) == ("100", "101", "conversation")
        assert (call["lasts_ms"], call["erle_db"]) == (1000, 21.0)
        assert call["heard_dbfs"] < -80
        assert (seen["level"], seen["mind"]["up"]) == ("full", False)

    play(folder, scene)


def test_a_call_is_hung_up_by_hand_and_its_record_has_what_the_line_says_of_it(folder: Path) -> None:
    async def scene(box: Box) -> None:
        line = await _in_a_call(box)
        assert await _order(box, do="hang_up") == {"done": True}
        await box.until(lambda: do.HangUp("c") in box.commands, "the order to hang up")
        line.send(ev.CallerHungUp("c", 60, 200, LineQuality("PCMU", 60, 2)))
        await box.until(lambda: box.calls.get("c").ended_at is not None, "the record")
        record = box.calls.get("c")
        assert record.quality is not None
        assert record.quality.packets_lost == 2
        assert [one.kind for one in record.events].count("by_hand") == 1
        assert "error" in await _order(box, do="hang_up")

    play(folder, scene)


def test_a_caller_who_is_transferred_by_hand(folder: Path) -> None:
    async def scene(box: Box) -> None:
        line = await _in_a_call(box)
        assert await _order(box, do="transfer", to="12") == {"done": True}
        await box.until(lambda: do.Refer("c", "12") in box.commands, "the transfer")
        line.send(ev.ReferAnswered("c", 200, True))
        await box.until(lambda: do.HangUp("c") in box.commands, "good-bye")
        line.send(ev.CallerHungUp("c", 60, 200))
        await box.until(lambda: box.calls.get("c").ended_at is not None, "the record")
        assert box.calls.get("c").disposition is Disposition.TRANSFERRED

    play(folder, scene)


def test_a_caller_whom_nobody_takes_over_is_the_receptionists_again(folder: Path) -> None:
    async def scene(box: Box) -> None:
        line = await _in_a_call(box)
        assert await _order(box, do="take_over", to="12") == {"done": True}
        await box.until(lambda: any(isinstance(one, do.DialColleague) for one in box.commands), "ringing")
        before = len(box.commands)
        line.send(ev.ColleagueGone("c", "c+hand", 486))
        await box.until(
            lambda: any(isinstance(one, do.SoundToSpeak) for one in box.commands[before:]), "our voice"
        )
        assert do.PlayWaiting("c", "") in box.commands[before:]
        assert (await asyncio.to_thread(ask, box.folder, {"do": "look"}))["calls"][0]["by"] == "conversation"
        line.send(ev.CallerHungUp("c", 60, 200))
        await box.until(lambda: box.calls.get("c").ended_at is not None, "the record")

    play(folder, scene)


def test_a_caller_who_is_taken_over(folder: Path) -> None:
    async def scene(box: Box) -> None:
        line = await _in_a_call(box)
        await _order(box, do="take_over", to="12")
        await box.until(lambda: any(isinstance(one, do.DialColleague) for one in box.commands), "ringing")
        line.send(ev.ColleagueAnswered("c", "c+hand"))
        await box.until(lambda: do.JoinCalls("c", "c+hand") in box.commands, "joined")
        line.send(ev.CallsJoined("c", "c+hand"))
        again = await _order(box, do="transfer", to="13")
        assert "error" in again
        line.send(ev.CallerHungUp("c", 60, 200))
        await box.until(lambda: box.calls.get("c").ended_at is not None, "the record")
        assert box.calls.get("c").disposition is Disposition.TRANSFERRED

    play(folder, scene)


def test_what_went_wrong_beside_the_conversation_is_on_record_too(folder: Path) -> None:
    """For `appliance rca`: a refused transfer, an agent that came anew, a line that died in the middle."""

    async def scene(box: Box) -> None:
        line = await _in_a_call(box)
        line.send(ev.LineBeat(1, (50, 0, 0, 0, 0, 0, 0, 0, 0), 25.0))
        line.send(ev.ReferAnswered("c", 603, final=True))
        line.send(ev.CallOffered("r", "100", "101", resumed=True, tick=500))
        await box.until(lambda: ("resumed", "") in kept(box, "r"), "the new agent on record")
        told = await asyncio.to_thread(observed, box.folder, 20.0)
        assert told is not None
        assert told.state.calls == 2
        assert told.state.beat_s is not None
        assert "attendant_tick_late_seconds_count 50.0" in told.metrics
        line.close()
        await box.until(lambda: all(box.calls.get(one).ended_at for one in "cr"), "two records")
        assert {("transfer_refused", "603"), ("line_lost", "")} <= kept(box, "c")
        assert ("line_lost", "") in kept(box, "r")
        told = await asyncio.to_thread(observed, box.folder, 20.0)
        assert told is not None
        assert told.state.beat_s is None

    play(folder, scene)


def kept(box: Box, call_id: str) -> set[tuple[str, str]]:
    """The events on this call's record: kind and detail; none before it has begun."""
    try:
        return {(event.kind, event.detail) for event in box.calls.get(call_id).events}
    except NotFound:
        return set()
