"""Logs are JSON, one line a record; what belongs to a person stays out unless it is asked for."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import subprocess
import sys
import threading
import warnings

import pytest

from appliance.ops import logs


@pytest.fixture
def configured(monkeypatch):
    """Configure logs into a stream; everything is put back afterwards."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    stream = io.StringIO()

    def configure() -> io.StringIO:
        logs.configure("agent", stream)
        return stream

    yield configure
    logging.captureWarnings(False)
    root.handlers[:] = before[0]
    root.setLevel(before[1])


def entries(stream: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_record_is_one_line_with_its_fields(configured):
    stream = configured()
    logging.getLogger("appliance.agent").info("turn over", extra={"call_id": "c1", "gap_ms": 320, "path": io})
    (entry,) = entries(stream)
    assert list(entry)[:5] == ["at", "level", "process", "logger", "message"]
    assert entry["process"] == "agent"
    assert entry["level"] == "info"
    assert entry["message"] == "turn over"
    assert entry["call_id"] == "c1"
    assert entry["gap_ms"] == 320
    assert entry["path"].startswith("<module")
    assert not {"msg", "args", "lineno", "taskName"} & set(entry)


PERSONAL = {"pii_text": "my name is Ann", "pii": {"phone": "555"}, "pii.name": "Ann", "call_id": "c1"}


def test_personal_fields_are_left_out(configured):
    stream = configured()
    logging.getLogger("appliance").info("heard", extra=PERSONAL)
    assert "Ann" not in stream.getvalue()
    assert "555" not in stream.getvalue()
    assert entries(stream)[0]["call_id"] == "c1"


def test_personal_fields_are_there_when_asked_for(configured, monkeypatch):
    monkeypatch.setenv(logs.PII_VARIABLE, "1")
    stream = configured()
    logging.getLogger("appliance").info("heard", extra=PERSONAL)
    assert entries(stream)[0]["pii.text"] == "my name is Ann"


def test_the_setting_asks_for_them_too_and_they_all_stand_under_pii(configured):
    stream = configured()
    logs.configure("agent", stream, with_words=True)
    logging.getLogger("appliance").info("heard", extra=PERSONAL)
    entry = entries(stream)[0]
    assert {key: entry[key] for key in entry if key.startswith("pii")} == {
        "pii.text": "my name is Ann",
        "pii.phone": "555",
        "pii.name": "Ann",
    }


def test_what_is_done_for_a_call_says_so_in_its_task_and_those_it_begins(configured):
    stream = configured()

    async def call(call_id: str) -> None:
        logs.of_call(call_id)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(work())

    async def work() -> None:
        logging.getLogger("appliance").info("worked")

    async def box() -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(call("c1"))
            tasks.create_task(call("c2"))
        logging.getLogger("appliance").info("idle")

    asyncio.run(box())
    assert sorted(one.get("call_id", "") for one in entries(stream)) == ["", "c1", "c2"]


@pytest.mark.parametrize(("level", "count"), [("error", 1), ("debug", 3), ("INFO", 2), ("loud", 3)])
def test_the_level_comes_from_the_environment(configured, monkeypatch, level, count):
    monkeypatch.setenv(logs.LEVEL_VARIABLE, level)
    stream = configured()
    for number in (logging.DEBUG, logging.INFO, logging.ERROR):
        logging.getLogger("appliance").log(number, "said")
    assert len(entries(stream)) == count  # an unknown level is info, and a warning says so


def test_a_traceback_stays_in_its_line(configured):
    stream = configured()
    try:
        raise ValueError("bad")
    except ValueError:
        logging.getLogger("appliance").exception("failed")
    (entry,) = entries(stream)
    assert entry["traceback"].splitlines()[-1] == "ValueError: bad"


def test_an_exception_nobody_caught_in_a_thread_is_logged_once(configured):
    stream = configured()
    thread = threading.Thread(target=lambda: 1 / 0, name="ear")
    thread.start()
    thread.join()
    (entry,) = entries(stream)
    assert (entry["level"], entry["message"], entry["thread_name"]) == (
        "critical",
        "uncaught exception",
        "ear",
    )


def test_a_warning_is_a_record(configured):
    stream = configured()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("old", stacklevel=1)
    assert entries(stream)[0]["logger"] == "py.warnings"


def test_an_exception_nobody_caught_ends_the_process_with_one_line():
    script = "from appliance.ops.logs import configure; configure('line'); 1 / 0"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert json.loads(line)["message"] == "uncaught exception"
    assert json.loads(line)["process"] == "line"
