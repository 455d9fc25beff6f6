"""The frame: every screen by its number key, its name, or a click on the bar."""

from __future__ import annotations

from typing import ClassVar, Final

from textual.app import App
from textual.binding import Binding, BindingType
from textual.screen import Screen

from appliance.tui.calls import CallsScreen
from appliance.tui.desk import DeskScreen
from appliance.tui.engines import EnginesScreen
from appliance.tui.feeds import Feed
from appliance.tui.frame import BoxScreen
from appliance.tui.health import HealthScreen
from appliance.tui.line import LineScreen
from appliance.tui.live import LiveScreen
from appliance.tui.logs import LogsScreen
from appliance.tui.sync import SyncScreen
from appliance.tui.test_call import TestCallScreen

SCREENS: Final[dict[str, type[BoxScreen]]] = {
    "live": LiveScreen,
    "line": LineScreen,
    "engines": EnginesScreen,
    "calls": CallsScreen,
    "desk": DeskScreen,
    "sync": SyncScreen,
    "health": HealthScreen,
    "logs": LogsScreen,
    "call": TestCallScreen,
}
"""Every screen by its name, in the order of their keys; a new screen is one file, one import and one line."""


class Technician(App[None]):
    """`Technician(feed).run()`; `screen` names the one to begin with."""

    TITLE = "Attendant"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("q", "quit", "quit", priority=False)]

    def __init__(
        self, feed: Feed, screen: str = "live", *, screens: dict[str, type[BoxScreen]] | None = None
    ) -> None:
        super().__init__()
        self.feed = feed
        self.screens = SCREENS if screens is None else screens
        self._begin_with = screen
        self.animation_level = "none"  # a terminal over SSH, and a box that has calls to answer

    def on_mount(self) -> None:
        """Number keys, and the first screen."""
        for name, screen in self.screens.items():
            self.add_mode(name, screen)
            self.bind(screen.KEY, f"show('{name}')", description=screen.TITLE, show=False)
        self.action_show(self._begin_with)

    def action_show(self, name: str) -> None:
        """Go to a screen; it is as it was left."""
        self.switch_mode(name)

    def get_default_screen(self) -> Screen[None]:
        """What is there for the moment before the first screen."""
        return Screen()
