"""Live: the calls that are under way."""

from __future__ import annotations

from typing import ClassVar

from appliance.tui.frame import BoxScreen


class LiveScreen(BoxScreen):
    """Each call as it happens."""

    TITLE: ClassVar[str] = "Live"
    KEY: ClassVar[str] = "1"
