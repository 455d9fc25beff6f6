"""`appliance run` as its user meets it: what it says, how it ends, and what it refuses with which status."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.fakes import children

COMMAND = Path(children.__file__).parent / "whole_command.py"
LIMIT_S = 60.0  # how long a test waits for what must come; never measured
Run = subprocess.Popen[str]


@pytest.fixture
def appliance(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    """Start the command in a home of its own; whatever still runs at the end is killed."""
    own = {name: text for name, text in os.environ.items() if not name.startswith("ATTENDANT_")}
    with ExitStack() as stack:

        def start(*arguments: str, **environment: str) -> Run:
            process = stack.enter_context(
                subprocess.Popen(
                    [sys.executable, str(COMMAND), *arguments],
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    env={**own, "ATTENDANT_HOME": str(tmp_path / "home"), **environment},
                )
            )
            watchdog = threading.Timer(LIMIT_S, process.kill)
            watchdog.start()
            stack.callback(process.kill)
            stack.callback(watchdog.cancel)
            return process

        yield start


def until(run: Run, wanted: str) -> list[str]:
    """What it says until a line holds `wanted`."""
    assert run.stdout is not None
    lines = []
    for line in run.stdout:
        lines.append(line.rstrip())
        if wanted in line:
            return lines
    pytest.fail(f"ended without {wanted!r}: {lines}")


def refusal(run: Run, status: int) -> str:
    """The line it ends with."""
    _, error = run.communicate(timeout=LIMIT_S)
    assert run.returncode == status, error
    return error.strip()


def test_it_starts_everything_says_so_and_stops_on_sigterm(appliance, tmp_path):
    run = appliance("run")
    lines = until(run, "all ready")
    assert f"Hilltop Auto Repair: starting; everything is kept in {tmp_path / 'home'}" in lines[0]
    assert all(re.match(r"\d\d:\d\d:\d\d \S", line) for line in lines)
    assert sum("started (pid" in line for line in lines) == 3
    run.send_signal(signal.SIGTERM)
    rest, _ = run.communicate(timeout=LIMIT_S)
    assert rest.splitlines()[-1].endswith(" stopped")
    assert run.returncode == 0


def test_a_second_one_on_the_same_home_is_refused_with_the_first_ones_pid(appliance, tmp_path):
    first = appliance("run")
    until(first, "all ready")
    assert f"already running here (pid {first.pid})" in refusal(appliance("run"), 75)
    other = appliance("run", "--home", str(tmp_path / "other"))
    until(other, "all ready")
    assert first.poll() is None


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[sip]\nprot = 5070\n", "appliance.toml:2: sip.prot: no such key. Did you mean `port`?"),
        ('business = "florist"\n', 'business: there is none called "florist".'),
        ("[sip\n", "not valid TOML"),
    ],
)
@pytest.mark.parametrize("by", ["option", "environment"])
def test_a_wrong_file_is_refused_with_78(appliance, tmp_path, text, what, by):
    path = tmp_path / "appliance.toml"
    path.write_text(text)
    run = (
        appliance("run", "--config", str(path))
        if by == "option"
        else appliance("run", ATTENDANT_CONFIG=str(path))
    )
    assert what in refusal(run, 78)


def test_a_model_that_nothing_works_without_is_named(appliance):
    assert (
        refusal(appliance("run", ATTENDANT_FAKE="voice"), 69) == "attendant: the voice is not here. Fetch it."
    )


def test_without_its_language_model_the_box_runs_and_says_so(appliance):
    lines = until(appliance("run", ATTENDANT_FAKE="language_model"), "all ready")
    assert any("WITHOUT LANGUAGE MODEL: the language_model is not here." in line for line in lines)
    assert not any("mind started" in line for line in lines)


def test_without_a_language_model_by_choice_there_is_no_mind(appliance, tmp_path):
    path = tmp_path / "appliance.toml"
    path.write_text('[models]\nlanguage_model = "none"\n')
    lines = until(appliance("run", "--config", str(path)), "all ready")
    assert not any("mind started" in line for line in lines)


def test_a_home_that_cannot_be_written_is_refused(appliance, tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert "cannot be written" in refusal(appliance("run", "--home", str(tmp_path / "file")), 73)
