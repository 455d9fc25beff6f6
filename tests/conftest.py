"""What every test may ask for: the development recordings, free ports, a running-process guard."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

REPOSITORY = Path(__file__).parent.parent

settings.register_profile("shared machine", deadline=None)  # a law is about values, not about how fast
settings.load_profile("shared machine")


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The development recordings: APPLIANCE_DATA, else ../shared/data beside the checkout; else skip."""
    for place in (os.environ.get("APPLIANCE_DATA"), str(REPOSITORY.parent / "shared" / "data")):
        if place and Path(place).is_dir():
            return Path(place)
    pytest.skip("no development recordings: set APPLIANCE_DATA to a folder that holds them")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that goes with the test, with a name short enough for a socket's path."""
    with tempfile.TemporaryDirectory(prefix="test-") as name:
        yield Path(name)


@pytest.fixture
def free_port() -> int:
    """A UDP port on loopback that was free a moment ago."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
