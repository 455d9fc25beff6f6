"""The desk put together with fakes: sound in, sound and orders out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from appliance import link
from appliance.business import load
from appliance.clock import SetClock
from appliance.desk import service
from appliance.desk.looking_up import LookingUp
from appliance.desk.sayings import sayings_of
from appliance.desk.session import Session
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.sound import FRAME_BYTES, SILENCE
from appliance.errors import EngineFault
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from tests.desk.test_ear import new_ear
from tests.fakes.voice import FakeVoice
from tests.fakes.waiting import LIMIT_S, wait_for

NOW = datetime(2026, 11, 18, 14, 0, tzinfo=ZoneInfo("America/Denver"))
OFFICE = load("auto_repair")
ENGLISH = sayings_of("en")
_BURST_BYTES = 40 * FRAME_BYTES


class FakeCard:
    """A sound card whose room is silent but for what `say` puts in."""

    latency_s = 0.0

    def __init__(self) -> None:
        self.on_frame: Callable[[bytes], None] | None = None
        self.opened = 0
        self.faults: list[EngineFault] = []
        self.taken = 0

    @contextmanager
    def open(self, on_frame: Callable[[bytes], None]) -> Iterator[FakeCard]:
        self.opened += 1
        if self.faults:
            raise self.faults.pop()
        self.on_frame = on_frame
        yield self

    def play(self, pcm: bytes) -> None:
        """Nobody is there to hear it."""

    def say(self, text: str, then_ticks: int = 60) -> None:
        pcm = b"".join(FakeVoice().speak(text)) if text else b""
        pcm += SILENCE * then_ticks
        assert self.on_frame is not None
        for start in range(
            0, len(pcm), _BURST_BYTES
        ):  # no faster than it is heard: older frames would be dropped
            burst, before = pcm[start : start + _BURST_BYTES], self.taken
            frames = len(burst) // FRAME_BYTES
            for at in range(frames):
                self.on_frame(burst[at * FRAME_BYTES :][:FRAME_BYTES])
            wait_for(lambda: self.taken - before >= frames, "the frames to be heard")  # noqa: B023  waited for here

    def hear(self) -> None:
        """The desk took a frame, or looked for one."""
        self.taken += 1


class RunningDesk:
    """The service in a thread of the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.card, self.voice = FakeCard(), FakeVoice()
        self.said: list[str] = []
        self.ready = threading.Event()
        self._stop = threading.Event()
        furniture = service.Furniture(
            new_ear(),
            self.voice,
            Session(ENGLISH, telephone="100", region="US"),
            LookingUp(folder, OFFICE, ENGLISH, SetClock(NOW)),
            "US",
        )
        self._thread = threading.Thread(
            target=service.run,
            args=(furniture, self.card.open, folder / "desk.sock", self._stop, self.ready.set),
            kwargs={"alive": self.card.hear, "say": self.said.append},
        )

    def __enter__(self) -> RunningDesk:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(LIMIT_S)
        assert not self._thread.is_alive()

    def ask(self, text: str) -> str:
        """Say the word and `text`; what is answered. Time goes on as long as the answer takes."""
        wait_for(lambda: self.card.on_frame, "the microphone")
        before = len(self.voice.spoken)
        self.card.say("")
        self.card.say(f"hey jarvis {text}")

        def answered() -> bool:
            self.card.say("", then_ticks=5)
            return len(self.voice.spoken) > before

        wait_for(answered, "an answer")
        return self.voice.spoken[-1]


@pytest.fixture
def desk(folder: Path) -> Iterator[RunningDesk]:
    with Database(folder / FILE_NAME) as database:
        calls = Calls(database)
        calls.begin("c1", "+13035550123", "100", NOW, {})
    with RunningDesk(folder) as running:
        yield running


def test_a_question_is_answered_and_the_next_one_too(desk: RunningDesk) -> None:
    assert desk.ask("any messages") == "There are no new messages."
    desk.card.say("", then_ticks=100)
    assert desk.ask("who called").startswith("One call today")


def test_a_call_back_goes_through_the_agent(desk: RunningDesk, folder: Path) -> None:
    listener = link.listen(folder / "desk.sock")
    desk.ask("call the last caller back")
    listener.settimeout(0.05)
    sock = None

    def came() -> bool:
        nonlocal sock
        desk.card.say("", then_ticks=5)
        try:
            sock = listener.accept()[0]
        except TimeoutError:
            return False
        return True

    wait_for(came, "the desk at the agent's door")
    assert sock is not None
    agent = link.BlockingLink(sock)
    dialled = agent.receive(LIMIT_S)
    assert isinstance(dialled, do.DialColleague)
    assert dialled.to == "100"
    agent.send(ev.ColleagueAnswered(dialled.call_id, dialled.leg_id))
    assert agent.receive(LIMIT_S) == do.PlayWaiting(dialled.leg_id, "US")
    second = agent.receive(LIMIT_S)
    assert isinstance(second, do.DialColleague)
    assert second.to == "+13035550123"
    agent.send(ev.ColleagueGone(second.call_id, second.leg_id, 486))
    assert agent.receive(LIMIT_S) == do.PlayWaiting(dialled.leg_id, "")
    sound = agent.receive(LIMIT_S)
    assert isinstance(sound, do.SoundToSpeak)
    while isinstance(sound, do.SoundToSpeak):
        sound = agent.receive(LIMIT_S)
    assert sound == do.HangUp(dialled.leg_id)
    agent.close()
    listener.close()


def test_without_an_agent_it_says_so(desk: RunningDesk) -> None:
    desk.ask("call the last caller back")

    def said() -> bool:
        desk.card.say("", then_ticks=5)
        return ENGLISH.phrases["no_line"] in desk.voice.spoken

    wait_for(said, "that there is no line")


def test_a_sound_card_that_comes_later_is_taken(folder: Path) -> None:
    running = RunningDesk(folder)
    running.card.faults.append(EngineFault("desk: no sound device.", remedy="Attach one."))
    with running:
        assert running.ready.wait(LIMIT_S)
        wait_for(lambda: running.card.opened == 2, "the second look")
    assert running.said[0] == "desk: no sound device. Attach one."
