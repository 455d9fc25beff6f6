"""An empty database of an office, to have calls in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.store.database import FILE_NAME, Database
from tests.reports.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office nobody has called yet."""
    with Database(tmp_path / FILE_NAME) as database:
        yield Office(database)
