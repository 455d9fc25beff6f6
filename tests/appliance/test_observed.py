"""A whole box that is watched over: a real Prometheus scrapes it, its health fails when a call would, a real call is
explained and leaves no word in the log."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.appliance.office import Office, open_office

pytestmark = pytest.mark.real
LIMIT_S = 120.0


def free_tcp_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def get(url: str) -> tuple[int, Any]:
    """Status and body, as JSON where it is; 0 while nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310  our own server
            body = answer.read().decode()
            return answer.status, json.loads(body) if body.startswith("{") else body
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())
    except OSError:
        return 0, None


def wait_until(holds: Callable[[], object], what: str) -> None:
    waiting, waited_s = threading.Event(), 0.0
    while not holds():
        assert waited_s < LIMIT_S, f"it never came: {what}"
        waiting.wait(0.2)
        waited_s += 0.2


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, str]]:
    """A running box with an observe process, and where that is."""
    with tempfile.TemporaryDirectory(prefix="att-") as folder:
        port = free_tcp_port()
        office = open_office(Path(folder), observe={"port": port, "free_mb": 0})
        with office.box:
            office.box.wait_ready()
            office.box.wait_for("observe ready")
            yield office, f"http://127.0.0.1:{port}"


@contextmanager
def prometheus(folder: Path, target: str) -> Iterator[str]:
    """Debian's Prometheus, which scrapes `target` each second, with our rules."""
    program = shutil.which("prometheus")
    if program is None:
        pytest.skip("prometheus is not installed: apt-get install prometheus")
    rules = Path(__file__).parents[2] / "config" / "prometheus" / "alerts.yml"
    config = {
        "global": {"scrape_interval": "5s", "scrape_timeout": "5s", "evaluation_interval": "5s"},
        "scrape_configs": [{"job_name": "attendant", "static_configs": [{"targets": [target]}]}],
        "rule_files": [str(rules)],
    }
    (folder / "prometheus.yml").write_text(json.dumps(config))  # JSON is YAML
    port = free_tcp_port()
    command = [
        program,
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'tsdb'}",
    ]
    command += [f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn"]
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        wait_until(lambda: get(f"http://127.0.0.1:{port}/-/ready")[0] == 200, "prometheus is ready")
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def asked(server: str, query: str) -> list[dict[str, Any]]:
    status, answer = get(f"{server}/api/v1/query?{urllib.parse.urlencode({'query': query})}")
    return answer["data"]["result"] if status == 200 else []


def test_a_call_is_scraped_explained_and_leaves_no_word_in_the_log(watched, say, tmp_path):
    office, url = watched
    wait_until(lambda: get(f"{url}/health/ready")[0] == 200, "the box is ready")
    office.hold(say("Can I pay by credit card?"), user="13035550199")
    record = office.record()
    with prometheus(tmp_path, url.removeprefix("http://")) as server:
        for query in (
            'up{job="attendant"} == 1',
            "sum(attendant_response_gap_seconds_count) >= 1",
            "attendant_tick_late_seconds_count > 50",
            f'attendant_calls_total{{disposition="{record["disposition"]}"}} == 1',
            *(
                f'attendant_memory_bytes{{process="{one}"}} > 1e6'
                for one in ("agent", "line", "mind", "observe")
            ),
        ):
            wait_until(lambda query=query: asked(server, query), query)
        _, rules = get(f"{server}/api/v1/rules")
        health = {rule["health"] for group in rules["data"]["groups"] for rule in group["rules"]}
        assert health <= {"ok", "unknown"}  # unknown: not evaluated yet
    explain(office, record["call_id"])
    no_words(office, record)


def explain(office: Office, call_id: str) -> None:
    command = [sys.executable, "-m", "appliance.cli.app", "rca", call_id, "--config", str(office.config)]
    told = subprocess.run([*command, "--json"], capture_output=True, text=True, timeout=120, check=True)
    plain = json.loads(told.stdout)
    assert plain["call_id"] == call_id
    assert plain["slowest_gap_ms"] > 0
    said = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    assert said.startswith(f"Call {call_id}: ")
    assert "The slowest answer took" in said


def no_words(office: Office, record: dict[str, Any]) -> None:
    """Every turn is in the log by its call, and nothing that was said in it, nor who called."""
    lines = [json.loads(line) for line in office.box.output if line.startswith("{")]
    ours = [line for line in lines if line.get("call_id") == record["call_id"]]
    assert {"heard", "said"} <= {line["message"] for line in ours}
    log = "\n".join(office.box.output).lower()
    assert record["caller"] not in log
    for turn in record["turns"]:
        words = turn["text"].lower().split()
        for start in range(len(words) - 2):
            assert " ".join(words[start : start + 3]) not in log
    assert "pii" not in log


@pytest.mark.parametrize(("process", "complaints"), [("agent", {"agent"}), ("line", {"sound", "line"})])
def test_health_fails_while_a_process_is_stuck(watched, process, complaints):
    """Stopped, not gone. The supervisor's watchdog ends it after a while and starts another, which is stopped again
    should nobody have asked in between."""
    office, url = watched
    wait_until(lambda: get(f"{url}/health/ready")[0] == 200, "the box is ready")
    stopped: set[int] = set()

    def fails() -> bool:
        stop_once(office, process, stopped)
        status, told = get(f"{url}/health/live")
        return status == 503 and bool(complaints & {one["name"] for one in told["complaints"]})

    wait_until(fails, f"health fails while the {process} is stuck")
    for pid in stopped:
        with contextlib.suppress(ProcessLookupError):  # the watchdog was quicker
            os.kill(pid, signal.SIGCONT)
    wait_until(lambda: get(f"{url}/health/ready")[0] == 200, f"the box is ready again after the {process}")


def stop_once(office: Office, process: str, stopped: set[int]) -> None:
    """Stop the process that is there now, unless it is stopped already, or just being started."""
    with contextlib.suppress(StopIteration, ProcessLookupError):
        pid = office.pid_of(process)
        if pid not in stopped:
            os.kill(pid, signal.SIGSTOP)
            stopped.add(pid)
