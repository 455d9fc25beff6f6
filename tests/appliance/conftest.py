"""A running box for the tests of this folder: real SIP, real recogniser, real voice, a small model."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from appliance import settings
from appliance.bench.demo import CallerVoice
from tests.appliance.office import Office, open_office


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder with a path short enough for Unix sockets."""
    with tempfile.TemporaryDirectory(prefix="att-") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """One running box for a file of tests."""
    with tempfile.TemporaryDirectory(prefix="att-") as folder:
        running = open_office(Path(folder))
        with running.box:
            running.box.wait_ready()
            yield running


@pytest.fixture(scope="session")
def say() -> Callable[[str], Path]:
    """Text to a sound file in the caller's voice."""
    voice = CallerVoice(settings.home() / "cache" / "caller")

    def sound(text: str) -> Path:
        return voice.sounds([text])[0]

    return sound
