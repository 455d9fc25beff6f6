"""Live, as it was looked at; each of its keys; a call that was there before; and no box at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from appliance.tui.live import LiveScreen, pause_s
from tests.tui.busy import CALL, LOOKED, busy
from tests.tui.fixed import FixedFeed, shown, text_of
from tests.tui.office import feed_of, played, same_as_kept, until

KEPT = Path(__file__).with_name("pictures")


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
@played
async def test_the_screen_as_it_was_looked_at(size: tuple[int, int]) -> None:
    async with shown("live", busy(), size) as pilot:
        await until(pilot, "and on saturday")
        same_as_kept(KEPT, f"live-{size[0]}", text_of(pilot))


@played
async def test_nobody_is_on_the_line() -> None:
    quiet = FixedFeed(agent={"look": {**LOOKED, "calls": []}}, line={"look": {"calls": {}}})
    async with shown("live", quiet) as pilot:
        await until(pilot, "level full   calls 0")
        await until(pilot, "Nobody is on the line")


@played
async def test_without_a_box_the_screen_says_how_to_start_one() -> None:
    async with shown("live", FixedFeed()) as pilot:
        await until(pilot, "no box answers here. Start it: `appliance run`.")


@played
async def test_a_call_that_was_there_before_is_read_from_the_record(tmp_path: Path) -> None:
    feed = feed_of(tmp_path)
    with feed.database() as database:
        from appliance.store.calls import Calls

        record = next(one for one in Calls(database).recent() if Calls(database).get(one.call_id).turns)
        first = Calls(database).get(record.call_id).turns[0].text
    call = {**LOOKED["calls"][0], "call_id": record.call_id}
    feed.agent, feed.line = {"look": {**LOOKED, "calls": [call]}}, {"look": {"calls": {}}}
    async with shown("live", feed, (160, 50)) as pilot:
        await until(pilot, first[:40])


def _ordered(feed: FixedFeed) -> list[dict[str, Any]]:
    return [one for one in feed.asked if one["do"] not in {"look", "trace"}]


async def _pressed_on_a_call(feed: FixedFeed, *keys: str) -> None:
    async with shown("live", feed) as pilot:
        await until(pilot, "and on saturday")
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        await pilot.pause()


@played
async def test_hanging_up_is_asked_about_first() -> None:
    feed = busy()
    await _pressed_on_a_call(feed, "h", "n")
    await _pressed_on_a_call(feed, "h", "enter")
    await _pressed_on_a_call(feed, "h", "escape")
    assert _ordered(feed) == []
    async with shown("live", feed) as pilot:
        await until(pilot, "and on saturday")
        await until(pilot, "Hang up on 3035550142?", "h")
        await until(pilot, "ordered", "y")
    assert _ordered(feed) == [{"do": "hang_up", "call_id": CALL}]


@pytest.mark.parametrize(("key", "order"), [("t", "transfer"), ("o", "take_over")])
@played
async def test_a_caller_is_handed_over(key: str, order: str) -> None:
    feed = busy()
    await _pressed_on_a_call(feed, key, "escape")
    assert _ordered(feed) == []
    async with shown("live", feed) as pilot:
        await until(pilot, "and on saturday")
        await until(pilot, "3035550142", key)
        await until(pilot, "ordered", *["backspace"] * 12, "4", "2", "enter")
    assert _ordered(feed) == [{"do": order, "call_id": CALL, "to": "42"}]


@played
async def test_the_cursor_chooses_the_call() -> None:
    async with shown("live", busy()) as pilot:
        await until(pilot, "and on saturday")
        await pilot.press("down")
        await until(pilot, "no answer yet")
        screen = pilot.app.screen
        assert isinstance(screen, LiveScreen)
        assert "opening hours" not in text_of(pilot)


def test_many_calls_are_looked_at_more_seldom_than_one() -> None:
    assert pause_s(1) < pause_s(2) < pause_s(4)
