"""The desk on the screen: what is done there is done in the same diary and inbox as everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.store.database import Database
from tests.tui.fixed import text_of
from tests.tui.office import feed_of, looking, played, press, same_as_kept, until

KEPT = Path(__file__).with_name("pictures")


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
@played
async def test_as_it_was_looked_at(tmp_path: Path, size) -> None:
    async with looking("desk", feed_of(tmp_path), size) as pilot:
        same_as_kept(KEPT, f"desk-{size[0]}", text_of(pilot))


@played
async def test_a_message_is_done_and_opened_again(tmp_path: Path) -> None:
    async with looking("desk", feed_of(tmp_path)) as pilot:
        await until(pilot, "Is it done: the car is stuck on [I-70] with smoke?", "d")
        assert "2 open messages" in await until(pilot, "2 open messages", "n")  # not done after all
        await until(pilot, "The message of Ed Fu is done", "d", "y")
        assert "URGENT" not in await until(pilot, "1 open messages")
        await until(pilot, "3 messages", "a")
        await until(pilot, "Open it again: the car is stuck", "up", "up", "o")
        assert "URGENT" in await until(pilot, "is open again", "y")


@played
async def test_an_appointment_is_moved_and_cancelled(tmp_path: Path) -> None:
    feed = feed_of(tmp_path)
    async with looking("desk", feed) as pilot:
        pilot.app.screen.query_one("#appointments").focus()
        await until(pilot, "to when?", "m")
        pilot.app.screen.query_one("Input").value = "sunday at three"
        await until(pilot, "Free near it:", "enter")
        await until(pilot, "to when?", "m")
        pilot.app.screen.query_one("Input").value = "soon"
        await until(pilot, "is no day with an hour", "enter")
        await until(pilot, "to when?", "m")
        pilot.app.screen.query_one("Input").value = "2026-11-20 13:00"
        await until(pilot, "Moved: ", "enter")
        await until(pilot, "Cancel ", "x")
        await until(pilot, "is cancelled", "y")
    with Database(feed.path, read_only=True) as database:
        rows = database.rows("SELECT kind FROM appointment_changes WHERE kind <> 'agreed' ORDER BY change_id")
    assert [row["kind"] for row in rows] == ["moved", "cancelled"]


@played
async def test_other_days_and_what_a_line_is_whole(tmp_path: Path) -> None:
    async with looking("desk", feed_of(tmp_path)) as pilot:
        await until(pilot, "Tomorrow, Saturday 21 November: no appointments", "right_square_bracket")
        await until(pilot, "Yesterday", "left_square_bracket", "left_square_bracket")
        await until(pilot, "Today, Friday 20 November: 3 appointments", "t")
        assert "Matter the car is stuck on [I-70] with smoke" in await until(pilot, "Sent ", "enter")
        await press(pilot, "escape")
        pilot.app.screen.query_one("#appointments").focus()
        await until(pilot, "at the desk", "enter")


@played
async def test_before_there_is_anything(tmp_path: Path) -> None:
    async with looking("desk", feed_of(tmp_path, empty=True)) as pilot:
        assert "`appliance run` starts it" in await until(pilot, "has no database")


@played
async def test_a_database_that_somebody_keeps_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appliance.tui.record_screen._BUSY_MS", 50)
    feed = feed_of(tmp_path)
    async with looking("desk", feed) as pilot:
        with Database(feed.path) as other, other.writing():
            await until(pilot, "Is it done", "d")
            told = await until(pilot, "keeps the database locked", "y")
        assert "Close database shells" in told
