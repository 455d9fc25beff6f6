"""The test call's screen: before, and with a score."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.busy import busy
from tests.tui.fixed import FixedFeed, shown, text_of
from tests.tui.office import played, same_as_kept, until

KEPT = Path(__file__).with_name("pictures")


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
@played
async def test_the_screen_as_it_was_looked_at(size: tuple[int, int]) -> None:
    feed = busy()
    async with shown("call", feed, size) as pilot:
        await until(pilot, "callers are not disturbed"[:12])
        await until(pilot, "say what?", "c")
        await until(pilot, "83 of 100: ~ fair", "enter")
        same_as_kept(KEPT, f"test_call-{size[0]}", text_of(pilot))
    asked = [one for one in feed.asked if one["do"] == "call"]
    assert asked == [{"do": "call", "uri": "sip:101@192.0.2.7:5060", "say": "What are your opening hours?"}]


@played
async def test_nothing_is_called_when_it_is_left_or_there_is_no_line() -> None:
    feed = busy()
    async with shown("call", feed) as pilot:
        await until(pilot, "say what?", "c")
        await pilot.press("escape")
        await pilot.pause()
    async with shown("call", FixedFeed()) as pilot:
        await until(pilot, "say what?", "c")
        await until(pilot, "Start it: `appliance run`.", "enter")
    assert not [one for one in feed.asked if one["do"] == "call"]
