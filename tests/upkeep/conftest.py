"""What the tests of chores share: a box that has lived a while, its backups and its journal."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.clock import SetClock
from appliance.settings import Keep
from appliance.store.backups import Backups
from appliance.store.database import FILE_NAME, Database
from appliance.upkeep.journal import Journal
from tests.fakes.office_days import MONDAY, live_through


class Box:
    """A data directory with everything chores are built from; the clock stands at ten in the evening of Monday."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / FILE_NAME
        self.clock = SetClock(MONDAY.replace(hour=22))
        self.database = Database(self.path)
        self.backups = Backups(self.path, folder / "backups", self.clock)
        self.journal = Journal(folder)
        self.keep = Keep()


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lived")
    with Database(folder / FILE_NAME) as database:
        live_through(database, 4)
    return folder


@pytest.fixture
def box(tmp_path: Path, lived: Path) -> Iterator[Box]:
    shutil.copytree(lived, tmp_path, dirs_exist_ok=True)
    made = Box(tmp_path)
    yield made
    made.database.close()
