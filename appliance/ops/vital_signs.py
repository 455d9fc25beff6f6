"""What a box's own hardware says of how it is: temperatures, and the room on its disk. Read from the kernel's files."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HOT_C: Final = 85.0
"""From here on processors of this class slow themselves down."""
_MILLIDEGREES: Final = 1000.0


@dataclass(frozen=True, slots=True)
class Temperature:
    """One sensor: what the kernel calls it, and degrees Celsius."""

    name: str
    celsius: float


@dataclass(frozen=True, slots=True)
class Room:
    """The disk a folder lies on."""

    free_bytes: int
    total_bytes: int


def temperatures(sysfs: Path) -> list[Temperature]:
    """Every thermal zone (Documentation/ABI/testing/sysfs-class-thermal); none on a machine without sensors."""
    return [
        found
        for zone in sorted((sysfs / "class" / "thermal").glob("thermal_zone*"))
        if (found := _temperature(zone)) is not None
    ]


def _temperature(zone: Path) -> Temperature | None:
    """A sensor that cannot be read at the moment (it sleeps, it is gone) says nothing."""
    try:
        name = (zone / "type").read_text(encoding="ascii").strip()
        return Temperature(name, int((zone / "temp").read_text(encoding="ascii")) / _MILLIDEGREES)
    except (OSError, ValueError):
        return None


def room(folder: Path) -> Room | None:
    """Free and whole size of the disk; None where there is no such folder."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    return Room(usage.free, usage.total)
