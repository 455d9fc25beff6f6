"""A post and its answer against a server that misbehaves: an answer within the limit and the size, or a fault."""

from __future__ import annotations

import contextlib
import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from appliance.errors import ConfigError, NoAnswer
from appliance.web.asking import Answer, trusted_certificates
from appliance.web.posting import Poster


class _Handler(BaseHTTPRequestHandler):
    """Does what the path says."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        with contextlib.suppress(OSError):
            getattr(self, self.path.strip("/"))()

    def answer(self, status: int = 200, body: bytes = b"{}", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def fine(self) -> None:
        self.answer(body=self.headers["Idempotency-Key"].encode())

    def busy(self) -> None:
        self.answer(429, Retry_After="120")

    def dated(self) -> None:
        self.answer(503, Retry_After="Sat, 21 Nov 2026 19:00:00 GMT")

    def elsewhere(self) -> None:
        self.answer(307, Location="/fine")

    def endless(self) -> None:
        self.answer(body=b"x" * 1_000_000)

    def bomb(self) -> None:
        self.answer(body=gzip.compress(b"x" * 10_000_000), Content_Encoding="gzip")

    def dripping(self) -> None:
        """A byte now and then: never silent for long, and never done."""
        self.send_response(200)
        self.end_headers()
        for _ in range(200):
            self.wfile.write(b"x")
            self.server.pause.wait(0.02)

    def cut(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the library's name
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    pause = threading.Event()


@pytest.fixture
def server() -> Iterator[str]:
    made = _Server(("127.0.0.1", 0), _Handler)
    serving = threading.Thread(target=made.serve_forever, args=(0.05,))
    serving.start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    serving.join()
    made.server_close()


def posted(url: str, limit_s: float = 5) -> Answer:
    poster = Poster()
    try:
        return poster.post(url, b"{}", identity="one", secret=None, limit_s=limit_s)
    finally:
        poster.close()


def test_an_answer(server: str) -> None:
    assert posted(f"{server}/fine") == Answer(200, b"one")
    assert posted(f"{server}/busy") == Answer(429, b"{}", 120.0)
    assert posted(f"{server}/dated").retry_after_s == 0.0  # that date is over
    assert posted(f"{server}/elsewhere").status == 307


@pytest.mark.parametrize(("path", "limit_s"), [("endless", 5), ("dripping", 0.3), ("cut", 5)])
def test_what_is_no_answer(server: str, path: str, limit_s: float) -> None:
    with pytest.raises(NoAnswer):
        posted(f"{server}/{path}", limit_s)


def test_what_is_packed_stays_packed(server: str) -> None:
    assert len(posted(f"{server}/bomb").body) < 64 * 1024


def test_nobody_there(server: str) -> None:
    with pytest.raises(NoAnswer, match=r"127\.0\.0\.1 cannot be reached"):
        posted("http://127.0.0.1:9/")


def test_certificates_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(ConfigError, match=r"ca\.pem"):
        trusted_certificates(str(tmp_path / "ca.pem"))
