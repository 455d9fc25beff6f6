"""Engines, as it was looked at, and the switch of the level."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.busy import busy
from tests.tui.fixed import FixedFeed, shown, text_of
from tests.tui.office import feed_of, played, same_as_kept, until

KEPT = Path(__file__).with_name("pictures")


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
@played
async def test_the_screen_as_it_was_looked_at(tmp_path: Path, size: tuple[int, int]) -> None:
    feed = feed_of(tmp_path)
    feed.agent = busy().agent
    async with shown("engines", feed, size) as pilot:
        await until(pilot, "medians of the last")
        await until(pilot, "mind")
        same_as_kept(KEPT, f"engines-{size[0]}", text_of(pilot))


@played
async def test_a_level_is_held_only_after_a_question() -> None:
    feed = busy()
    async with shown("engines", feed) as pilot:
        await until(pilot, "FULL (by itself")
        await until(pilot, "Hold which level?", "f")
        await until(pilot, "Hold level rules until", "enter")
        await until(pilot, "RULES (forced by hand", "y")
        await until(pilot, "decide its level again?", "a")
        await pilot.press("y")
        await until(pilot, "by itself")
    forced = [one for one in feed.asked if one["do"] == "force"]
    assert [one["level"] for one in forced] == ["rules", None]


@played
async def test_a_level_that_is_none_is_refused() -> None:
    feed = busy()
    async with shown("engines", feed) as pilot:
        await until(pilot, "FULL (by itself")
        await until(pilot, "Hold which level?", "f")
        await until(pilot, "There is no level x", "x", "enter")
    assert not [one for one in feed.asked if one["do"] == "force"]


@played
async def test_no_agent_and_no_record() -> None:
    async with shown("engines", FixedFeed()) as pilot:
        await until(pilot, "Start it: `appliance run`.")
