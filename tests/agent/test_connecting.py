"""The edge between the rules of connecting and the line: what colleagues are told, and when they are silent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from appliance.agent.connecting import Colleagues, owner_of, refused
from appliance.agent.voicing import VoiceQueue
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.sound import FRAME_BYTES, FrameHeard, ticks
from tests.fakes.voice import FakeVoice, spell

CALL, LEG = "20261121-1", "20261121-1+1"
SOUND = bytes(FRAME_BYTES)


class Scene:
    """One call's colleagues with everything written down."""

    def __init__(self, workers: ThreadPoolExecutor, group: asyncio.TaskGroup) -> None:
        self.sent: list[do.LineCommand] = []
        self.told: list[ev.ConnectEvent] = []
        self.tasks: list[asyncio.Task[None]] = []
        self._group = group
        self.colleagues = Colleagues(
            CALL,
            VoiceQueue(FakeVoice(), workers),
            send=self.sent.append,
            tell=self.told.append,
            spawn=self._spawn,
        )
        self.colleagues.carry_out(do.DialColleague(CALL, LEG, "101", 20_000))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._group.create_task(work)
        self.tasks.append(task)
        return task

    def brief(self, text: str) -> None:
        self.colleagues.carry_out(do.BriefColleague(CALL, LEG, text))

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not true():
                await asyncio.sleep(0.005)

    def spoken(self) -> list[str]:
        pcm = b"".join(one.pcm for one in self.sent if isinstance(one, do.SoundToSpeak))
        frames = [pcm[at : at + FRAME_BYTES] for at in range(0, len(pcm), FRAME_BYTES)]
        return [word for frame in frames if (word := spell(frame))]

    def listen(self, ms: int) -> list[int]:
        """So much sound of the leg; what silences were told."""
        for tick in range(ticks(ms)):
            self.colleagues.take(FrameHeard(LEG, tick, SOUND, SOUND, SOUND))
        return [one.silent_ms for one in self.told if isinstance(one, ev.ColleagueSilent)]

    def over(self, speech: int) -> None:
        self.colleagues.take(ev.SpokenTo(LEG, speech, 10, 10, over=True))


def play(act: Callable[[Scene], Coroutine[Any, Any, None]]) -> Scene:
    async def run() -> Scene:
        with ThreadPoolExecutor(2) as workers:
            async with asyncio.TaskGroup() as group:
                scene = Scene(workers, group)
                await act(scene)
                scene.colleagues.close()
            return scene

    return asyncio.run(run())


def test_a_briefing_is_spoken_into_the_leg_and_nowhere_else():
    async def act(scene: Scene) -> None:
        scene.brief("press one to take the call")
        await scene.until(lambda: any(isinstance(one, do.SoundToSpeak) and one.last for one in scene.sent))

    scene = play(act)
    assert scene.spoken() == "press one to take the call".split()
    assert {one.call_id for one in scene.sent if isinstance(one, do.SoundToSpeak)} == {LEG}


def test_the_leg_is_hung_up_after_the_last_word_was_sent():
    async def act(scene: Scene) -> None:
        scene.brief("goodbye then")
        scene.colleagues.carry_out(do.HangUp(LEG))
        await scene.until(lambda: do.HangUp(LEG) in scene.sent)

    scene = play(act)
    assert scene.spoken() == ["goodbye", "then"]
    assert scene.sent[-1] == do.HangUp(LEG)


def test_a_new_briefing_cuts_off_the_one_under_way():
    async def act(scene: Scene) -> None:
        scene.brief("this is a long story")
        await scene.until(lambda: bool(scene.spoken()))
        scene.brief("somebody took it")
        await scene.until(lambda: scene.spoken()[-1:] == ["it"])

    scene = play(act)
    stopped = scene.sent.index(do.StopSpeaking(LEG))
    after = [one.speech for one in scene.sent[stopped:] if isinstance(one, do.SoundToSpeak)]
    assert set(after) == {2}


def test_silence_is_counted_from_the_answer_in_ticks_of_their_sound():
    async def act(scene: Scene) -> None:
        assert scene.listen(3000) == [], "it still rings"
        scene.colleagues.take(ev.ColleagueAnswered(CALL, LEG))
        assert scene.listen(2500) == [1000, 2000]

    play(act)


def test_nobody_is_silent_while_being_told_or_after_a_key():
    async def act(scene: Scene) -> None:
        scene.colleagues.take(ev.ColleagueAnswered(CALL, LEG))
        scene.brief("a call for you")
        assert scene.listen(3000) == []
        scene.over(1)
        assert scene.listen(1500) == [1000]
        scene.colleagues.take(ev.ColleaguePressed(CALL, LEG, "7"))
        assert scene.listen(900) == [1000]

    play(act)


@pytest.mark.parametrize(
    "event",
    [
        ev.ColleagueRings(CALL, LEG),
        ev.ColleagueAnswered(CALL, LEG),
        ev.ColleaguePressed(CALL, LEG, "1"),
        ev.ColleagueGone(CALL, LEG, 486),
        ev.ReferAnswered(CALL, 200, True),
        ev.CallsJoined(CALL, LEG),
    ],
)
def test_what_the_line_tells_is_passed_on(event):
    async def act(scene: Scene) -> None:
        scene.colleagues.take(event)

    assert play(act).told == [event]


def test_the_lines_own_orders_go_to_the_line():
    orders = [do.Refer(CALL, "1"), do.ReferReplacing(CALL, LEG), do.JoinCalls(CALL, LEG), do.HangUp("other")]

    async def act(scene: Scene) -> None:
        for order in orders:
            scene.colleagues.carry_out(order)

    assert play(act).sent[1:] == orders


def test_a_leg_that_is_gone_is_forgotten_with_its_tasks():
    async def act(scene: Scene) -> None:
        scene.brief("hello")
        scene.colleagues.take(ev.ColleagueGone(CALL, LEG, 200))
        scene.brief("too late")
        await scene.until(lambda: all(task.done() for task in scene.tasks))
        assert scene.listen(2000) == []

    play(act)


def test_a_leg_belongs_to_its_call():
    assert owner_of(LEG) == CALL
    assert owner_of(CALL) == CALL


@pytest.mark.parametrize(
    ("packet", "kept"),
    [
        (ev.ReferAnswered(CALL, 603, final=True), ("transfer_refused", "603")),
        (ev.ReferAnswered(CALL, 202, final=True), None),
        (ev.ReferAnswered(CALL, 503, final=False), None),
        (ev.ColleagueGone(CALL, LEG, 486), ("colleague_gone", "486")),
        (ev.ColleagueGone(CALL, LEG, 200), None),
        (ev.ColleagueRings(CALL, LEG), None),
    ],
)
def test_the_record_keeps_who_could_not_be_had_and_what_was_not_taken(packet, kept) -> None:
    assert refused(packet) == kept
