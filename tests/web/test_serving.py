"""The small server: a few at a time, nobody who dawdles, nothing in the log, alive while it serves."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from appliance.errors import ConfigError
from appliance.web.serving import QuietHandler, SmallServer, serve

LIMIT_S = 60.0


class Hello(QuietHandler):
    """Answers when the test lets it."""

    timeout = LIMIT_S
    let_go = threading.Event()

    def do_GET(self) -> None:  # noqa: N802  the library's name
        assert self.let_go.wait(LIMIT_S)
        self.send_response(200)
        self.end_headers()


class Impatient(Hello):
    """As ours is, but sooner."""

    timeout = 0.2


@pytest.fixture(autouse=True)
def _free():
    Hello.let_go.clear()
    yield
    Hello.let_go.set()


@contextmanager
def serving(alive=lambda: None, handler=Hello) -> Iterator[SmallServer]:
    server = SmallServer("feed", "127.0.0.1", 0, handler, alive)
    stop, ready = threading.Event(), threading.Event()
    thread = threading.Thread(target=serve, args=(server, stop, ready.set), daemon=True)
    thread.start()
    assert ready.wait(LIMIT_S)
    try:
        yield server
    finally:
        Hello.let_go.set()
        stop.set()
        thread.join(LIMIT_S)


def ask(server: SmallServer, request: bytes = b"GET /secret HTTP/1.0\r\n\r\n") -> socket.socket:
    sock = socket.create_connection(server.server_address, LIMIT_S)
    sock.sendall(request)
    return sock


def test_more_than_a_few_at_once_may_come_again():
    with serving() as server:
        waiting = [ask(server) for _ in range(8)]
        with ask(server) as one_more:
            assert refused(one_more)
        Hello.let_go.set()
        for sock in waiting:
            with sock:
                assert sock.recv(100).startswith(b"HTTP/1.0 200")


def refused(sock: socket.socket) -> bool:
    try:
        return sock.recv(100) == b""
    except ConnectionResetError:
        return True


def test_a_client_that_sends_nothing_is_let_go():
    with (
        serving(handler=Impatient) as server,
        socket.create_connection(server.server_address, LIMIT_S) as silent,
    ):
        assert silent.recv(100) == b""


def test_it_is_alive_while_it_serves_and_logs_no_path(caplog: pytest.LogCaptureFixture):
    beats = threading.Event()
    Hello.let_go.set()
    with caplog.at_level(logging.DEBUG), serving(beats.set) as server:
        with ask(server) as sock:
            assert sock.recv(100).startswith(b"HTTP/1.0 200")
        assert beats.wait(LIMIT_S)
    assert "secret" not in caplog.text


def test_an_address_that_is_not_ours_is_named_with_a_remedy():
    with pytest.raises(ConfigError, match=r"observe: 192\.0\.2\.1:0 cannot be listened on") as fault:
        SmallServer("observe", "192.0.2.1", 0, Hello)
    assert "observe.port" in fault.value.remedy
