"""From the flow's order to a strict web server and back, as in a call: two processes' worth of code, one loop.

The server checks method, path, signature and idempotency, and misbehaves in every way a server can.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import threading
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from appliance import configfile
from appliance.agent.outside import ask
from appliance.agent.tooling import Tooling, Used
from appliance.business import Business
from appliance.clock import SystemClock
from appliance.conversation.breaker import FAILURES_MAX
from appliance.conversation.flows.step import NeedTool, order
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.errands.service import ErrandServer, secrets_of
from appliance.errors import ConfigError
from appliance.web.posting import Poster
from tests.business.test_tools import OFFICE, TOOL

SIGNED_WITH = "a secret of the orders"
ASKED = (("order", "4711"),)


class Orders(ThreadingHTTPServer):
    """Knows order 4711; `answers` (status, body) come first; `slow` holds an answer back until it is set."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.answers: list[tuple[int, bytes]] = []
        self.held = threading.Event()
        self.held.set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def judge(self, path: str, headers: Any, body: bytes) -> tuple[int, bytes]:
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        expected = "v1," + b64encode(hmac.digest(SIGNED_WITH.encode(), signed, "sha256")).decode()
        if path != "/status" or headers["webhook-signature"] != expected:
            return 401, b""
        self.asked.append(json.loads(body))
        self.keys.append(headers["Idempotency-Key"])
        if self.answers:
            return self.answers.pop(0)
        known = self.asked[-1]["arguments"] == {"order": "4711"}
        return (200, b'{"state": "ready", "day": "today"}') if known else (404, b"")


class _Handler(BaseHTTPRequestHandler):
    server: Orders

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, answer = self.server.judge(self.path, self.headers, body)
        self.server.held.wait(10)
        if status == 0:  # a server that dies in the middle
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
            return
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the library's name
        pass

    def handle(self) -> None:
        with contextlib.suppress(OSError):  # the asker lost patience
            super().handle()


@pytest.fixture
def orders() -> Iterator[Orders]:
    server = Orders()
    serving = threading.Thread(target=server.serve_forever, args=(0.05,))
    serving.start()
    yield server
    server.held.set()
    server.shutdown()
    serving.join()
    server.server_close()


def office_of(orders: Orders, more: str = "") -> Business:
    text = TOOL.replace("https://orders.example", f"http://127.0.0.1:{orders.server_port}") + more
    return configfile.parse(OFFICE + text, Business, name="office.toml")


def used(tool: str = "order_status", arguments: tuple = ASKED, call_id: str = "c1") -> do.CallTool:
    ordered = order(NeedTool(tool, arguments), call_id, 7)
    assert isinstance(ordered, do.CallTool)
    return ordered


async def no_diary(command: do.FindAppointments) -> ev.SessionEvent:
    raise AssertionError("the diary was asked")


def play(office: Business, folder: Path, scene: Callable[[Tooling], Awaitable[list[Used]]]) -> list[Used]:
    """`scene` with the errands process running beside it."""

    async def held() -> list[Used]:
        stop, ready = asyncio.Event(), asyncio.Event()
        tools = {tool.name: tool for tool in office.tools}
        poster = Poster()
        server = ErrandServer(tools, poster, secrets_of(tools, {"tools_orders_secret": SIGNED_WITH}.get))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(server.run(folder / "errands.sock", stop, ready.set, lambda: None))
            await ready.wait()
            try:
                tooling = Tooling(office, partial(ask, folder / "errands.sock"), SystemClock())
                return await scene(tooling)
            finally:
                stop.set()
                poster.close()

    return asyncio.run(held())


def test_an_order_is_looked_up_signed_and_remembered(orders: Orders, folder: Path) -> None:
    async def scene(tooling: Tooling) -> list[Used]:
        return [await tooling.use(used(call_id=call_id), no_diary) for call_id in ("c1", "c2")]

    first, second = play(office_of(orders), folder, scene)
    answer = ev.ToolAnswered("c1", 7, "order_status", "done", (("day", "today"), ("state", "ready")))
    assert first.answer == answer
    assert second.answer.result == answer.result
    assert orders.asked == [{"tool": "order_status", "call": "c1", "arguments": {"order": "4711"}}]
    assert orders.keys == [used().key]
    assert first.account.startswith("order_status done (HTTP 200 ")
    assert second.account == "order_status done (remembered)"
    assert "4711" not in first.account + second.account


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ((200, b"not json"), "failed"),
        ((200, b'{"state": "unheard of"}'), "failed"),
        ((200, b'"' + b"x" * 100_000 + b'"'), "failed"),
        ((302, b""), "failed"),
        ((401, b""), "failed"),
        ((500, b""), "failed"),
        ((0, b""), "failed"),
        ((404, b""), "none"),
    ],
)
def test_however_it_misbehaves_there_is_an_answer(orders, folder, answer, outcome) -> None:
    orders.answers = [answer]

    async def scene(tooling: Tooling) -> list[Used]:
        return [await tooling.use(used(), no_diary)]

    assert play(office_of(orders), folder, scene)[0].answer.outcome == outcome


def test_a_dead_machine_is_left_alone(orders: Orders, folder: Path) -> None:
    orders.answers = [(503, b"")] * 10

    async def scene(tooling: Tooling) -> list[Used]:
        return [await tooling.use(used(), no_diary) for _ in range(FAILURES_MAX + 2)]

    done = play(office_of(orders), folder, scene)
    assert len(orders.asked) == FAILURES_MAX
    assert done[-1].account.startswith("order_status failed (left alone")
    assert set(orders.keys) == {used().key}  # a repetition can be told


def test_a_slow_machine_does_not_hold_a_caller_longer_than_the_limit(orders: Orders, folder: Path) -> None:
    orders.held.clear()
    office = office_of(orders)
    impatient = office.tools[0].model_copy(update={"limit_ms": 100})
    office = office.model_copy(update={"tools": (impatient,)})

    async def scene(tooling: Tooling) -> list[Used]:
        return [await tooling.use(used(), no_diary)]

    done = play(office, folder, scene)
    assert done[0].answer.outcome == "failed"
    assert done[0].account.startswith("order_status failed (no answer")


def test_without_the_errands_process_tools_fail_and_nothing_else(orders: Orders, folder: Path) -> None:
    async def scene() -> Used:
        tooling = Tooling(office_of(orders), partial(ask, folder / "nobody.sock"), SystemClock())
        return await tooling.use(used(), no_diary)

    assert asyncio.run(scene()).answer.outcome == "failed"
    assert orders.asked == []


def test_a_stranger_at_the_socket_gets_no_errand(orders: Orders, folder: Path) -> None:
    async def scene(tooling: Tooling) -> list[Used]:
        for line in (b"GET / HTTP/1.0\r\n", b"\n", b"{}\n", b"x" * 400_000):
            reader, writer = await asyncio.open_unix_connection(str(folder / "errands.sock"))
            writer.write(line)
            assert await reader.read() == b""
            writer.close()
        return [await tooling.use(used(), no_diary)]

    assert play(office_of(orders), folder, scene)[0].answer.outcome == "done"


def test_a_secret_that_is_missing_is_named(orders: Orders) -> None:
    tools = {tool.name: tool for tool in office_of(orders).tools}
    with pytest.raises(ConfigError, match="orders_secret"):
        secrets_of(tools, {}.get)
