"""docs/tui.md tells of every screen with its picture, and of every key the screen shows."""

from __future__ import annotations

import re

import pytest
from textual.binding import Binding

from appliance.tui.app import SCREENS
from tests.conftest import REPOSITORY

_GUIDE = (REPOSITORY / "docs" / "tui.md").read_text(encoding="utf-8")
_SECTIONS = dict(re.findall(r"^## (\d) .*?\n(.*?)(?=^## |\Z)", _GUIDE, re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("name", SCREENS)
def test_each_screen_is_shown_and_its_keys_are_explained(name: str) -> None:
    screen = SCREENS[name]
    section = _SECTIONS[screen.KEY]
    assert f"](pictures/tui-{name}.svg)" in section
    firsts = re.findall(r"^\| (`[^|]*) \|", section, re.MULTILINE)
    told = set(re.findall(r"`(.)`", " ".join(firsts)))
    keys = {one.key_display or one.key for one in screen.BINDINGS if isinstance(one, Binding)} - {"escape"}
    assert keys == told


def test_no_section_tells_of_a_screen_that_is_not_there() -> None:
    assert sorted(_SECTIONS) == sorted(screen.KEY for screen in SCREENS.values())
