"""Calls on the screen: found, paged through, opened, written to files; and what is said when there are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.fixed import text_of
from tests.tui.office import feed_of, looking, played, press, same_as_kept, until

KEPT = Path(__file__).with_name("pictures")
SIZES = [(80, 24), (160, 50)]


@pytest.mark.parametrize("size", SIZES)
@played
async def test_the_screen_as_it_was_looked_at(tmp_path: Path, size) -> None:
    async with looking("calls", feed_of(tmp_path), size) as pilot:
        same_as_kept(KEPT, f"calls-{size[0]}", text_of(pilot))


@pytest.mark.parametrize("size", SIZES)
@played
async def test_a_call_whole(tmp_path: Path, size) -> None:
    async with looking("calls", feed_of(tmp_path), size) as pilot:
        told = await until(pilot, "What was said", "enter")
        same_as_kept(KEPT, f"call-{size[0]}", told.replace(str(tmp_path), "DATA"))
        assert "gap 437 ms" in told
        assert "Oil light is on." in await press(pilot, "escape")
