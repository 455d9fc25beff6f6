"""Where the recordings lie that benches are run on when none are named."""

from __future__ import annotations

import os
from pathlib import Path


def recordings_folder() -> Path | None:
    """The development recordings: APPLIANCE_DATA, else ../shared/data beside the checkout; None without either."""
    beside = Path(__file__).parents[2].parent / "shared" / "data"
    places = [Path(named)] if (named := os.environ.get("APPLIANCE_DATA")) else [beside]
    return next((place for place in places if place.is_dir()), None)
