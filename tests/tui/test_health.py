"""Health on the screen: the signs of a box and the doctor's findings, and putting right what can be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from appliance.errors import StoreFault
from appliance.ops.checks_keeping import UnitFacts
from appliance.ops.doctor import Check, Finding, State
from appliance.ops.health import AgentState
from appliance.ops.vital_signs import Room
from appliance.tui.neighbours import Neighbours
from tests.tui.fixed import text_of
from tests.tui.office import feed_of, looking, played, press, same_as_kept, until

KEPT = Path(__file__).with_name("pictures")
WELL = Finding("directories", State.OK, "All are there.")
BAD = Finding("backups", State.FAIL, "There is no backup.", "Take one: `appliance backup`.", {"age_days": 9})
SLOW = Finding("voice", State.WARN, "It speaks slowly.")


class Ward:
    """Three checks, one of them slow; the failing one can be put right once."""

    def __init__(self) -> None:
        self.mended = False

    def checks(self) -> list[Check]:
        return [
            Check("directories", "the folders", lambda: WELL),
            Check("backups", "backups", self._backups),
            Check("voice", "the voice", lambda: SLOW, is_slow=True),
        ]

    def _backups(self) -> Finding:
        return (
            replace(BAD, state=State.OK, told="One is there.")
            if self.mended
            else replace(BAD, fix=self._mend)
        )

    def _mend(self) -> str:
        self.mended = True
        return "Taken."


@pytest.fixture
def beside(tmp_path: Path) -> Neighbours:
    """A box that answers, on a warm machine with a full disk."""
    zone = tmp_path / "sys" / "class" / "thermal" / "thermal_zone0"
    zone.mkdir(parents=True)
    (zone / "type").write_text("cpu\n")
    (zone / "temp").write_text("61500\n")
    agent = AgentState("rules", because=("mind",), calls=1, beat_s=0.4)
    units = [UnitFacts("attendant-line.service", "active", 2, 5.0)]
    return Neighbours(
        checks=Ward().checks,
        state=lambda: agent,
        units=lambda: units,
        machine=tmp_path / "sys",
        room=lambda _: Room(2_000_000_000, 64_000_000_000),
    )


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
@played
async def test_as_it_was_looked_at(tmp_path: Path, beside: Neighbours, size) -> None:
    async with looking("health", feed_of(tmp_path / "box", neighbours=beside), size) as pilot:
        await until(pilot, "1 not examined")
        same_as_kept(KEPT, f"health-{size[0]}", text_of(pilot))


@played
async def test_what_takes_long_is_asked_for_first(tmp_path: Path, beside: Neighbours) -> None:
    async with looking("health", feed_of(tmp_path / "box", neighbours=beside)) as pilot:
        await until(pilot, "1 fail, 0 warn, 1 ok, 1 not examined")
        await until(pilot, "It loads models", "e")
        assert "It speaks slowly." in await until(pilot, "1 fail, 1 warn, 1 ok;", "y")
        await until(pilot, "1 fail, 1 warn, 1 ok;", "d")


@played
async def test_a_finding_whole_is_put_right(tmp_path: Path, beside: Neighbours) -> None:
    async with looking("health", feed_of(tmp_path / "box", neighbours=beside)) as pilot:
        await until(pilot, "1 not examined")
        await until(pilot, "age_days: 9", "up", "up", "enter")
        await until(pilot, "Put right: There is no backup. Do it?", "f")
        await until(pilot, "Taken. One is there.", "y")
        assert "nothing here that can be put right" in await until(pilot, "nothing here", "f")


@played
async def test_a_box_that_is_not_there(tmp_path: Path) -> None:
    async with looking("health", feed_of(tmp_path / "box", empty=True)) as pilot:
        told = await until(pilot, "no agent answers; `appliance run`")
        assert "! Watchdog line not heard" in told
        assert "this machine has" in told or " C" in told
        assert "`appliance doctor`" in await press(pilot, "d")


@played
async def test_a_doctor_that_cannot_begin_says_why(tmp_path: Path) -> None:
    def checks() -> list[Check]:
        raise StoreFault("The disk is gone.", remedy="Put it back.")

    beside = Neighbours(checks=checks)
    async with looking("health", feed_of(tmp_path / "box", neighbours=beside)) as pilot:
        assert "Put it back." in await until(pilot, "The disk is gone.")
