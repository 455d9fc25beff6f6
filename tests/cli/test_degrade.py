"""`appliance degrade` against a box that answers, one that does not, and a level that does not exist."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from appliance import link
from appliance.cli.degrade import app
from appliance.errors import EngineFault


class Answering:
    """A control socket that keeps what it was asked and gives one answer."""

    def __init__(self, folder: Path, answer: dict[str, Any]) -> None:
        self.asked: list[dict[str, Any]] = []
        self._answer = answer
        self._listener = link.listen(folder / "run" / "control.sock")
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            with sock:
                self.asked.append(json.loads(sock.recv(4096)))
                sock.send(json.dumps(self._answer).encode())

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)


@pytest.fixture
def config(folder: Path) -> Path:
    path = folder / "appliance.toml"
    path.write_text(f'[store]\ndirectory = "{folder}"\n', encoding="utf-8")
    return path


@pytest.fixture
def box(folder: Path) -> Iterator[Answering]:
    answer = {"level": "keys", "because": ["recogniser: stuck"], "forced": False, "calls": 2}
    box = Answering(folder, answer)
    yield box
    box.close()


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_show_says_the_level_and_why(config: Path, box: Answering) -> None:
    output = run("show", "--config", str(config))
    assert output.startswith("keys: nothing is understood")
    assert "down: recogniser: stuck" in output
    assert "calls under way: 2" in output
    assert box.asked == [{"do": "show"}]


def test_show_as_json(config: Path, box: Answering) -> None:
    assert json.loads(run("show", "--json", "--config", str(config)))["level"] == "keys"
    assert len(box.asked) == 1


def test_force_and_auto(config: Path, box: Answering) -> None:
    run("force", "alone", "--config", str(config))
    run("auto", "--config", str(config))
    assert box.asked == [{"do": "force", "level": "alone"}, {"do": "force", "level": None}]


def test_a_level_that_does_not_exist_is_refused_before_anybody_is_asked(config: Path, box: Answering) -> None:
    done = CliRunner().invoke(app, ["force", "somewhat", "--config", str(config)])
    assert done.exit_code == 2
    assert "prepared" in done.output
    assert box.asked == []


def test_without_a_running_agent_the_fault_says_who_serves(config: Path) -> None:
    with pytest.raises(EngineFault, match="serves callers alone"):
        CliRunner().invoke(app, ["show", "--config", str(config)], catch_exceptions=False)
