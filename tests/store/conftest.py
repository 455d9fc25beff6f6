"""What the tests of the store share: a database in a folder of its own, calls to put in it, a way to kill."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database

REPOSITORY = Path(__file__).parents[2]
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty database."""
    with Database(tmp_path / FILE_NAME) as made:
        yield made


@pytest.fixture
def calls(database: Database) -> Calls:
    """Its calls, one of which, `c1`, has begun and been answered at NOON."""
    made = Calls(database)
    made.begin("c1", "+13035550123", "100", NOON, {"attendant": "0.1"})
    made.answered("c1", NOON)
    return made


@pytest.fixture
def start() -> Iterator[Start]:
    """Runs Python source in a process of its own; whatever is left of it at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def begin(source: str, *arguments: str, wrapper: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*wrapper, sys.executable, "-c", source, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=REPOSITORY,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def private_mounts() -> tuple[str, ...]:
    """The command in front that gives a process mounts of its own."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("only root may mount a small disk")
    return ("unshare", "-m", "--propagation", "private")
