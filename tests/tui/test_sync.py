"""Sync on the screen: what waits and why, and each order in the outbox after it was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.store.backlog import Backlog
from appliance.store.database import Database
from appliance.store.outbox import Delivery, DeliveryState
from appliance.tui import sync as screen
from appliance.tui.neighbours import Neighbours
from tests.tui.fixed import FixedFeed, text_of
from tests.tui.office import feed_of, looking, played, press, same_as_kept, until

KEPT = Path(__file__).with_name("pictures")
BESIDE = Neighbours(ring=lambda: True, sender=lambda: 4711, remedy_of=lambda _: "It has trouble of its own.")


def row(feed: FixedFeed, number: int) -> Delivery:
    with Database(feed.path, read_only=True) as database:
        return Backlog(database).get(number)


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
@played
async def test_as_it_was_looked_at(tmp_path: Path, size) -> None:
    async with looking("sync", feed_of(tmp_path, neighbours=BESIDE), size) as pilot:
        same_as_kept(KEPT, f"sync-{size[0]}", text_of(pilot))


@played
async def test_a_row_is_tried_again_and_given_up(tmp_path: Path) -> None:
    feed = feed_of(tmp_path, neighbours=BESIDE)
    async with looking("sync", feed) as pilot:
        await until(pilot, "Try row 1 again now?", "r")
        await press(pilot, "n")
        assert row(feed, 1).state is DeliveryState.BURIED  # not after all
        await until(pilot, "The sync process tries it", "r", "y")
        assert row(feed, 1).state is DeliveryState.WAITING
        await until(pilot, "Give row 1 up: why?", "b")
        await until(pilot, "Row 1 is given up", *"on paper".replace(" ", "_"), "enter")
        assert (row(feed, 1).state, row(feed, 1).reason) == (DeliveryState.BURIED, "on_paper")


@played
async def test_all_of_one_destination(tmp_path: Path) -> None:
    feed = feed_of(tmp_path, neighbours=BESIDE)
    async with looking("sync", feed) as pilot:
        await until(pilot, "everything that was given up for crm again?", "u")
        await until(pilot, "1 to be sent now", "y")
        pilot.app.screen.query_one("#destinations").focus()
        await until(pilot, "everything that waits for email now?", "w")
        await until(pilot, "3 to be sent now", "y")


@played
async def test_where_nobody_sends_it_says_who_would(tmp_path: Path) -> None:
    async with looking("sync", feed_of(tmp_path)) as pilot:
        assert "No process sends at present: `appliance run`." in text_of(pilot)
        await until(pilot, "Have everything that is due sent now?", "s")
        await until(pilot, "`appliance sync now`", "y")


@played
async def test_page_by_page_and_a_row_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "PAGE_ROWS", 7)
    async with looking("sync", feed_of(tmp_path)) as pilot:
        assert "message m2" in await until(pilot, "page 2", "n")
        assert "page 2" in await press(pilot, "n")  # there is no page after the last
        assert "message m2" not in await until(pilot, "page 1", "p")
        assert "HTTP 404" in await until(pilot, "9 attempts", "enter")


@played
async def test_before_there_is_anything(tmp_path: Path) -> None:
    async with looking("sync", feed_of(tmp_path, empty=True)) as pilot:
        assert "`appliance run` starts it" in await until(pilot, "has no database")
