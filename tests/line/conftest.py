"""A folder whose socket path the kernel takes, however deep pytest's own folders are."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("shared machine", deadline=None)  # a law is about values, not about how fast
settings.load_profile("shared machine")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short-named folder that goes with the test."""
    with tempfile.TemporaryDirectory(prefix="line-") as name:
        yield Path(name)
