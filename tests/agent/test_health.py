"""Health at its edge: parts are tried out in threads, the standing is told, what is forced outlives a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from appliance.agent.health import FORCED_FILE, Health
from appliance.agent.vitals import Vitals
from appliance.clock import SetClock
from appliance.conversation.degradation import (
    AWAY_S,
    TRY_FIRST_S,
    Failed,
    Level,
    Part,
    Standing,
    Went,
    Worked,
)
from tests.fakes.broken import Broken


class Box:
    """Health with a voice that can be broken."""

    def __init__(self, folder: Path) -> None:
        self.clock = SetClock(datetime(2026, 11, 21, tzinfo=UTC))
        self.vitals = Vitals(self.clock)
        self.engine = Broken()
        self.voice = self.vitals.voice(self.engine)
        self.told: list[Standing] = []
        self.minds_asked = 0
        self.health = Health(
            self.vitals, self.clock, folder, try_mind=self.try_mind, on_standing=self.told.append
        )
        self.health.start()

    def try_mind(self) -> bool:
        self.minds_asked += 1
        return self.minds_asked > 1

    async def until(self, level: Level) -> None:
        async with asyncio.timeout(10):
            while self.health.standing.level is not level:
                self.clock.advance(TRY_FIRST_S)
                self.health.beat()
                await asyncio.sleep(0.01)


def play(folder: Path, scene: Callable[[Box], Awaitable[None]]) -> None:
    async def whole() -> None:
        await scene(Box(folder))

    asyncio.run(whole())


def test_a_broken_voice_is_found_tried_out_and_found_mended(folder: Path) -> None:
    async def scene(box: Box) -> None:
        box.health.tell(Failed(Part.VOICE, "RuntimeError"))
        await box.until(Level.PREPARED)
        box.engine.is_broken = False
        await box.until(Level.FULL)
        assert [one.level for one in box.told] == [Level.PREPARED, Level.FULL]

    play(folder, scene)


def test_a_mind_that_cannot_be_asked_counts_as_failed(folder: Path) -> None:
    async def scene(box: Box) -> None:
        box.health.tell(Failed(Part.MIND, "slow"))
        assert box.minds_asked == 1
        assert box.health.standing == Standing(Level.RULES, ("mind: away",))
        box.clock.advance(TRY_FIRST_S)
        box.health.beat()
        assert box.minds_asked == 2
        box.health.tell(Worked(Part.MIND))
        assert box.health.standing.level is Level.RULES

    play(folder, scene)


def test_time_alone_brings_a_missing_mind_to_notice(folder: Path) -> None:
    async def scene(box: Box) -> None:
        box.health.tell(Went(Part.MIND))
        box.clock.advance(AWAY_S)
        box.health.beat()
        assert box.told == [Standing(Level.RULES, ("mind: away",))]

    play(folder, scene)


def test_what_is_forced_outlives_a_restart_until_it_is_taken_back(folder: Path) -> None:
    async def force(box: Box) -> None:
        assert box.health.force(Level.KEYS) == Standing(Level.KEYS, (), forced=True)

    async def again(box: Box) -> None:
        assert box.told == [Standing(Level.KEYS, (), forced=True)]
        assert box.health.force(None) == Standing(Level.FULL)

    async def afterwards(box: Box) -> None:
        assert box.told == []

    for scene in (force, again, afterwards):
        play(folder, scene)


def test_a_file_that_makes_no_sense_forces_nothing(folder: Path) -> None:
    (folder / FORCED_FILE).write_bytes(b"\xff\xfe somewhat")

    async def scene(box: Box) -> None:
        assert box.health.standing == Standing()

    play(folder, scene)
