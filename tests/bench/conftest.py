"""A folder whose socket path the kernel takes, however deep pytest's own folders are."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short-named folder that goes with the test."""
    with tempfile.TemporaryDirectory(prefix="line-") as name:
        yield Path(name)
