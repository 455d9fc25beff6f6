"""A picture of each screen for the docs, made by this run (ATTENDANT_KEEP=1) and compared with what is shown now."""

from __future__ import annotations

import html
import os
import re
from pathlib import Path

import pytest

from appliance.tui.app import SCREENS
from tests.conftest import REPOSITORY
from tests.tui.busy import SAID, busy, traced
from tests.tui.fixed import FixedFeed, shown
from tests.tui.office import feed_of, played, until

PICTURES = REPOSITORY / "docs" / "pictures"
_SHOWS = {
    "live": "and on saturday",
    "line": "200 OK (SDP)",
    "engines": "medians of the last",
    "call": "score the",
}
_SIZE = (100, 30)


def _feed(tmp_path: Path) -> FixedFeed:
    """The office on record, with the busy box in front of it."""
    feed, box = feed_of(tmp_path), busy()
    feed.lines, feed.agent = SAID, box.agent
    feed.line = {**box.line, "trace": traced}
    return feed


def _words(picture: str) -> list[str]:
    found = re.findall(r">([^<>]+)</text>", picture)
    return " ".join(html.unescape(one).replace("\xa0", " ") for one in found).split()


@pytest.mark.parametrize("name", _SHOWS)
@played
async def test_the_picture_in_the_docs_is_the_screen(tmp_path: Path, name: str) -> None:
    file = PICTURES / f"tui-{name}.svg"
    async with shown(name, _feed(tmp_path), _SIZE) as pilot:
        await until(pilot, _SHOWS[name])
        now = pilot.app.export_screenshot(title="appliance tui")
    if os.environ.get("ATTENDANT_KEEP") == "1":
        PICTURES.mkdir(parents=True, exist_ok=True)
        file.write_text(now, encoding="utf-8")
    assert _words(file.read_text(encoding="utf-8")) == _words(now)


def test_every_screen_has_a_key_of_its_own() -> None:
    keys = [screen.KEY for screen in SCREENS.values()]
    assert keys == sorted(set(keys))
    assert set(_SHOWS) <= set(SCREENS)
