"""Calls on the screen: found, paged through, opened, written to files; and what is said when there are none."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from appliance.store.database import Database
from appliance.tui import calls as screen
from tests.tui.fixed import text_of
from tests.tui.office import feed_of, looking, played, press, same_as_kept, until

KEPT = Path(__file__).with_name("pictures")
SIZES = [(80, 24), (160, 50)]


@pytest.mark.parametrize("size", SIZES)
@played
async def test_as_it_was_looked_at(tmp_path: Path, size) -> None:
    feed = feed_of(tmp_path)
    shutil.rmtree(tmp_path / "recordings")  # their path would be another each time
    async with looking("calls", feed, size) as pilot:
        if size[0] > 80:
            await until(pilot, "What was said")  # beside the list
        same_as_kept(KEPT, f"calls-{size[0]}", text_of(pilot))
        if size[0] == 80:
            assert "gap 437 ms" in await until(pilot, "What was said", "enter")
            same_as_kept(KEPT, "call-80", text_of(pilot))
            assert "Oil light is on." in await press(pilot, "escape")


@played
async def test_what_was_said_is_found_and_everything_shown_again(tmp_path: Path) -> None:
    async with looking("calls", feed_of(tmp_path)) as pilot:
        told = await until(pilot, "1-2 of 2", "slash", *"brakes", "enter")
        assert "the brakes squeal" in told
        assert "a1b2c3" not in told
        assert "1-4 of 4" in await until(pilot, "1-4 of 4", "c")
        assert "No call fits" in await until(pilot, "No call fits", "slash", *"zebra", "enter")


@played
async def test_narrowed_down_by_when_who_and_how(tmp_path: Path) -> None:
    async with looking("calls", feed_of(tmp_path)) as pilot:
        await until(pilot, "1-2 of 2", "slash", "tab", *"14h", "enter")
        await until(pilot, "1-1 of 1", "slash", "tab", "tab", *"3035550123", "enter")
        await until(pilot, '"soon" is no time', "c", "slash", "tab", *"soon", "enter")
        await until(pilot, "1-4 of 4", "c")
        pilot.app.screen.query_one("#how").value = "abandoned"
        assert "+13035550192" in await until(pilot, "1-1 of 1")


@played
async def test_page_by_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "PAGE_CALLS", 3)
    async with looking("calls", feed_of(tmp_path)) as pilot:
        assert "1-3 of 4" in text_of(pilot)
        assert "+13035550193" in await until(pilot, "4-4 of 4", "n")
        assert "4-4 of 4" in await press(pilot, "n")  # there is no page after the last
        await until(pilot, "1-3 of 4", "p")


@played
async def test_a_call_as_files(tmp_path: Path) -> None:
    feed = feed_of(tmp_path)
    async with looking("calls", feed) as pilot:
        await until(pilot, "to which folder", "e")
        pilot.app.screen.query_one("Input").value = str(tmp_path / "out")
        await until(pilot, "3 files are in", "enter")
        assert json.loads((tmp_path / "out" / "record.json").read_text())["call_id"] == "a1b2c3"
        await until(pilot, "to which folder", "e")
        pilot.app.screen.query_one("Input").value = str(tmp_path / "out")
        await until(pilot, "is there already", "enter")


@played
async def test_before_the_first_call_it_says_what_to_do(tmp_path: Path) -> None:
    async with looking("calls", feed_of(tmp_path, empty=True)) as pilot:
        assert "`appliance run` starts it" in await until(pilot, "has no database")


@played
async def test_a_database_that_is_none_is_told_with_the_remedy(tmp_path: Path) -> None:
    feed = feed_of(tmp_path)
    feed.path.write_bytes(b"no database at all" * 100)
    async with looking("calls", feed) as pilot:
        assert "appliance restore latest" in await until(pilot, "is damaged")


@played
async def test_a_call_that_rings_meanwhile_is_there_when_one_looks_again(tmp_path: Path) -> None:
    feed = feed_of(tmp_path)
    async with looking("calls", feed) as pilot:
        with Database(feed.path) as database, database.writing() as tables:
            tables.execute("DELETE FROM transcripts WHERE call_id = 'd3e3'")
            tables.execute("DELETE FROM calls WHERE call_id = 'd3e3'")
        pilot.app.screen.look()
        await until(pilot, "1-3 of 3")
