"""The desk's door at the agent: its orders go to the line, what becomes of them comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from appliance import link
from appliance.agent.desk_door import NO_LINE, SOCKET, DeskDoor
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.sound import SILENCE, FrameHeard
from tests.fakes.waiting import LIMIT_S

DIAL = do.DialColleague("desk-1", "desk-1+desk", "100", 30_000)


class Hall:
    """The door, a line behind it and a desk before it."""

    def __init__(self, folder: Path) -> None:
        self.ordered: list[do.LineCommand] = []
        self.has_line = True
        self.door = DeskDoor(folder / SOCKET, self._order)
        self.desk = link.BlockingLink(link.dial(folder / SOCKET))

    def _order(self, command: do.LineCommand) -> bool:
        self.ordered.append(command)
        return self.has_line

    async def until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(LIMIT_S):
            while not holds():
                await asyncio.sleep(0.01)

    async def told(self) -> link.Packet | None:
        return await asyncio.to_thread(self.desk.receive, LIMIT_S)


def play(folder: Path, scene: Callable[[Hall], object]) -> None:
    async def run() -> None:
        hall = Hall(folder)
        await scene(hall)  # type: ignore[misc]
        hall.desk.close()
        hall.door.close()

    asyncio.run(run())


def test_orders_go_to_the_line_and_news_to_the_desk(folder: Path) -> None:
    async def scene(hall: Hall) -> None:
        hall.desk.send(DIAL)
        await hall.until(lambda: hall.ordered == [DIAL])
        hall.door.tell(FrameHeard("desk-1+desk", 1, SILENCE, SILENCE, SILENCE))
        hall.door.tell(ev.ColleagueRings("desk-1", "desk-1+desk"))
        hall.door.tell(ev.ColleagueAnswered("desk-1", "desk-1+desk"))
        assert await hall.told() == ev.ColleagueRings("desk-1", "desk-1+desk")
        assert await hall.told() == ev.ColleagueAnswered("desk-1", "desk-1+desk")

    play(folder, scene)


def test_the_desk_touches_no_call_of_a_caller(folder: Path) -> None:
    async def scene(hall: Hall) -> None:
        hall.desk.send(do.HangUp("20261122-120000-0f3a"))
        hall.desk.send(do.AnswerCall("desk-1"))
        hall.desk.send(DIAL)
        await hall.until(lambda: hall.ordered)
        assert hall.ordered == [DIAL]

    play(folder, scene)


def test_news_of_callers_is_not_for_the_desk(folder: Path) -> None:
    async def scene(hall: Hall) -> None:
        hall.desk.send(DIAL)
        await hall.until(lambda: hall.ordered)
        hall.door.tell(ev.ColleagueRings("20261122-120000-0f3a", "20261122-120000-0f3a+1"))
        hall.door.tell(ev.ColleagueRings("desk-1", "desk-1+desk"))
        assert await hall.told() == ev.ColleagueRings("desk-1", "desk-1+desk")

    play(folder, scene)


def test_without_a_line_nobody_is_called(folder: Path) -> None:
    async def scene(hall: Hall) -> None:
        hall.has_line = False
        hall.desk.send(DIAL)
        assert await hall.told() == ev.ColleagueGone("desk-1", "desk-1+desk", NO_LINE)

    play(folder, scene)


def test_a_line_that_dies_ends_its_legs(folder: Path) -> None:
    async def scene(hall: Hall) -> None:
        hall.desk.send(DIAL)
        await hall.until(lambda: hall.ordered)
        hall.door.line_lost()
        assert await hall.told() == ev.ColleagueGone("desk-1", "desk-1+desk", NO_LINE)

    play(folder, scene)


@pytest.mark.parametrize("joined", [False, True])
def test_a_desk_that_goes_leaves_only_those_who_speak(folder: Path, joined: bool) -> None:
    async def scene(hall: Hall) -> None:
        hall.desk.send(DIAL)
        await hall.until(lambda: hall.ordered)
        if joined:
            hall.door.tell(ev.CallsJoined("desk-1+desk", "desk-1+back"))
        hall.desk.close()
        second = link.BlockingLink(link.dial(folder / SOCKET))
        again = do.DialColleague("desk-2", "desk-2+desk", "100", 30_000)
        second.send(again)
        await hall.until(lambda: again in hall.ordered)
        assert (do.HangUp("desk-1+desk") in hall.ordered) is not joined
        second.close()

    play(folder, scene)
