"""Logs on the screen: followed as they are written, by level and by call, and without anybody's words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from appliance.tui.neighbours import Neighbours
from tests.tui.fixed import FixedFeed, text_of
from tests.tui.office import feed_of, looking, played, same_as_kept, until

KEPT = Path(__file__).with_name("pictures")


def line(second: int, level: str, message: str, **fields: object) -> str:
    at = f"2026-11-20T10:00:{second:02}.000+00:00"
    head = {"at": at, "level": level, "process": "agent", "logger": "appliance.agent", "message": message}
    return json.dumps(head | fields) + "\n"


@pytest.fixture
def feed(tmp_path: Path) -> FixedFeed:
    file = tmp_path / "box.log"
    file.write_text(
        line(1, "info", "call begun", call_id="a1b2c3", pii_caller="+13035550123")
        + line(2, "debug", "a small thing", call_id="a1b2c3")
        + line(3, "warning", "the disk is slow", took_ms=412)
        + "Segmentation fault in my oil light is on\n"
        + line(4, "error", "part failed", call_id="d1e1", traceback="Traceback\nValueError: my oil light")
    )
    return feed_of(tmp_path, neighbours=Neighbours(log_file=file), empty=True)


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
@played
async def test_as_it_was_looked_at(feed: FixedFeed, size) -> None:
    async with looking("logs", feed, size) as pilot:
        await until(pilot, "4 of 5 lines")
        same_as_kept(KEPT, f"logs-{size[0]}", text_of(pilot).rpartition("4 of 5")[0])


@played
async def test_nobodys_words_are_shown(feed: FixedFeed) -> None:
    async with looking("logs", feed) as pilot:
        told = await until(pilot, "raised=ValueError")
        assert "oil light" not in told
        assert "3035550123" not in told
        assert "(not of our log, 40 characters)" in told


@played
async def test_by_call_and_by_level(feed: FixedFeed) -> None:
    async with looking("logs", feed) as pilot:
        assert "the disk is slow" not in await until(pilot, "1 of 5 lines", "slash", *"a1b", "enter")
        await until(pilot, "4 of 5 lines", "c")
        assert "call begun" not in await until(pilot, "2 of 5 lines", "l")  # warning and above
        await until(pilot, "1 of 5 lines", "l")
        await until(pilot, "4 of 5 lines", "c")


@played
async def test_what_is_written_is_followed_over_a_rotation(feed: FixedFeed) -> None:
    file = feed.neighbours.log_file
    assert file is not None
    async with looking("logs", feed) as pilot:
        await until(pilot, "4 of 5 lines")
        with file.open("a") as opened:
            opened.write(line(5, "info", "and then this"))
        await until(pilot, "and then this")
        file.rename(file.with_suffix(".1"))
        file.write_text(line(6, "info", "in a new file"))
        await until(pilot, "in a new file")
        await until(pilot, "held (f follows again)", "f")
        await until(pilot, "following: 6 of 7", "f")


@played
async def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    missing = feed_of(tmp_path, neighbours=Neighbours(log_file=tmp_path / "none.log"), empty=True)
    async with looking("logs", missing) as pilot:
        assert "appliance run 2>FILE" in await until(pilot, "cannot be read")
        assert "Nothing yet" in text_of(pilot)
