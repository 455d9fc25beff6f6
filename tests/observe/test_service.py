"""Over HTTP: figures in Prometheus's format, health by its status, nothing that names a caller."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from appliance.errors import ConfigError
from appliance.observe.exposing import COMPLAINTS, exposition
from appliance.observe.seeing import Sight
from appliance.observe.service import LIVE, METRICS, READY, ObserveServer
from appliance.ops.health import AgentState, Facts, Limits, judge
from appliance.ops.metrics import Figures
from appliance.ops.observed import ProcessUse, Told
from appliance.settings import Observe
from appliance.store.backlog import Standing
from appliance.web.serving import serve

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
WAITING = Standing("crm", 7, NOW - timedelta(seconds=90), 0, 40, 0, 1, None, None, "", None, None)
TOLD = Told(
    AgentState("full", calls=1, beat_s=0.5, registered=True, mind_is_up=True), Figures().exposition().decode()
)
WELL = Sight(NOW, TOLD, [WAITING], 8_000_000_000, [ProcessUse("agent", 400_000_000, 12.5)], registers=True)


@contextmanager
def serving(sight: Sight) -> Iterator[str]:
    server = ObserveServer(Observe(port=0), lambda: sight)
    stop, ready = threading.Event(), threading.Event()
    thread = threading.Thread(target=serve, args=(server, stop, ready.set), daemon=True)
    thread.start()
    assert ready.wait(60)
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        stop.set()
        thread.join(60)


def get(url: str, method: str = "GET") -> tuple[int, str, str]:
    try:
        request = urllib.request.Request(url, method=method)  # noqa: S310  our own server
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], error.read().decode()


def test_a_box_that_is_well():
    with serving(WELL) as url:
        for path in (LIVE, READY):
            status, kind, body = get(url + path)
            assert (status, kind) == (200, "application/json")
            assert json.loads(body) == {
                "ok": True,
                "level": "full",
                "calls": 1,
                "complaints": [],
                "notes": [],
            }
        status, kind, body = get(url + METRICS + "?x=1")
        assert (status, kind) == (200, "text/plain; version=0.0.4; charset=utf-8")
        assert "attendant_calls_active 1.0" in body
        assert get(url + METRICS, "HEAD") == (200, kind, "")
        assert get(url + "/")[0] == 404


def test_an_agent_that_does_not_answer_is_neither_live_nor_ready():
    with serving(replace(WELL, told=None)) as url:
        status, _, body = get(url + LIVE)
        assert status == 503
        assert json.loads(body)["complaints"][0]["name"] == "agent"
        assert json.loads(body)["complaints"][0]["remedy"]
        assert get(url + READY)[0] == 503
        assert 'attendant_complaint{of="agent"} 1.0' in get(url + METRICS)[2]


def test_a_lost_registration_is_live_and_not_ready():
    lost = Told(replace(TOLD.state, registered=False, unregistered_s=3600.0), TOLD.metrics)
    with serving(replace(WELL, told=lost)) as url:
        assert get(url + LIVE)[0] == 200
        assert get(url + READY)[0] == 503


def test_the_text_of_a_sight():
    verdict = judge(WELL.facts, Limits())
    text = exposition(WELL, verdict).decode()
    for line in (
        'attendant_outbox_rows{destination="crm",state="waiting"} 7.0',
        'attendant_outbox_rows{destination="crm",state="buried"} 1.0',
        'attendant_outbox_oldest_seconds{destination="crm"} 90.0',
        'attendant_memory_bytes{process="agent"} 4e+08',
        'attendant_cpu_seconds_total{process="agent"} 12.5',
        "attendant_degradation_level 0.0",
        "attendant_registered 1.0",
        "attendant_mind_up 1.0",
        "attendant_disk_free_bytes 8e+09",
    ):
        assert line in text.splitlines()
    names = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")]
    assert len(names) == len(set(names))


def test_every_complaint_there_can_be_has_a_series():
    agents = (
        None,
        replace(TOLD.state, beat_s=None, unwritten=True),
        replace(TOLD.state, beat_s=1e6, registered=False, unregistered_s=1e6, level="keys"),
    )
    found = {
        one.name
        for agent in agents
        for one in judge(
            Facts(agent, registers=True, free_bytes=0, database_is_read=False), Limits()
        ).complaints
    }
    assert found == set(COMPLAINTS)


def test_a_database_that_cannot_be_read_says_so():
    verdict = judge(replace(WELL, outbox=None).facts, Limits())
    assert [one.name for one in verdict.complaints] == ["database"]


def test_a_port_that_is_taken_is_named():
    taken = ObserveServer(Observe(port=0), lambda: WELL)
    try:
        with pytest.raises(ConfigError, match=r"observe: 127\.0\.0\.1:\d+ cannot be listened on"):
            ObserveServer(Observe(port=taken.server_address[1]), lambda: WELL)
    finally:
        taken.server_close()
