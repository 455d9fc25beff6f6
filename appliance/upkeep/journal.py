"""When each chore was done last, in a small file beside the database: it outlives a database that is replaced."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from appliance.errors import StoreFault

FILE_NAME: Final = "upkeep.json"


class Journal:
    """The journal in `directory` (settings.data_directory). A file that does not read is an empty journal."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / FILE_NAME

    def last(self, name: str) -> datetime | None:
        """When the chore `name` was done last, in UTC; None: never."""
        return self._read().get(name)

    def done(self, name: str, at: datetime) -> None:
        """It was done at `at` (timezone-aware). StoreFault when the disk does not take it."""
        known = self._read() | {name: at.astimezone(UTC)}
        part = self._path.with_suffix(".part")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            part.write_bytes(msgspec.json.encode(known))
            os.replace(part, self._path)  # noqa: PTH105  the name of what it does
        except OSError as error:
            raise StoreFault(
                f"{self._path}: cannot be written ({error.strerror}).",
                remedy="Free space, and give the folder to the user the appliance runs as.",
            ) from error

    def _read(self) -> dict[str, datetime]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, datetime])
        except (OSError, msgspec.MsgspecError):
            return {}
