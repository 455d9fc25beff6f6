"""A web server on loopback that answers as a service's documentation says, and goes wrong in the ways it is told to."""

from __future__ import annotations

import json
import random
import sys
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from appliance.bench.strict_crm import Failing, How

_LONGEST_HANG_S = 30.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: `steps` are the parts of its path, decoded; `query` the last value of each name."""

    method: str
    steps: tuple[str, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `content` goes out as JSON."""

    status: int
    content: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class StrictServer(ThreadingHTTPServer):
    """Subclasses answer in `reply`, under one lock.

    `failing` says of the next requests how they go wrong (None: not at all); `lose_next_record` drops the answer
    to the next request by which a record comes to be (`made` grows). `refusals` are the reasons of all it did not
    take.
    """

    daemon_threads = True

    def __init__(self) -> None:
        self.failing: deque[Failing | None] = deque()
        self.lose_next_record = False
        self.made = 0
        self.asked: list[tuple[str, str]] = []
        self.refusals: list[str] = []
        self.let_go = threading.Event()
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Conversation)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_port}"

    def reply(self, asked: Asked) -> Reply:
        """What the service would say."""
        raise NotImplementedError

    def refused(
        self, status: int, reason: str, content: Any, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """A refusal, remembered."""
        self.refusals.append(reason)
        return Reply(status, content, headers or {})

    def concluded(self, asked: Asked) -> tuple[Failing | None, Reply]:
        """The answer, and how it goes wrong on its way."""
        with self._lock:
            self.asked.append((asked.method, "/" + "/".join(asked.steps)))
            failing = self.failing.popleft() if self.failing else None
            if failing is not None and not failing.kept:
                return failing, Reply(failing.status, {})
            before = self.made
            reply = self.reply(asked)
            if self.lose_next_record and self.made > before:
                self.lose_next_record = False
                return Failing(How.DROPPED, kept=True), reply
            return failing, reply

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever goes away in the middle is expected; anything else is a fault of the test."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def bad_weather(rng: random.Random, requests: int) -> Iterator[Failing | None]:
    """How so many requests go: one in ten wrong, in one of the ways there are."""
    ways = (
        Failing(How.STATUS, 500),
        Failing(How.STATUS, 429, retry_after="3"),
        Failing(How.TRUNCATED, kept=True),
        Failing(How.DROPPED),
        Failing(How.DROPPED, kept=True),
    )
    for _ in range(requests):
        yield rng.choice(ways) if rng.random() < 0.1 else None


Server = TypeVar("Server", bound=StrictServer)


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """It answers until the block ends."""
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.let_go.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Conversation(BaseHTTPRequestHandler):
    server: StrictServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = _LONGEST_HANG_S

    def _any(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        steps = tuple(unquote(step) for step in parts.path.strip("/").split("/"))
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        failing, reply = self.server.concluded(Asked(self.command, steps, query, headers, body))
        self._conclude(failing, reply)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _any  # noqa: N815  the library's names

    def _conclude(self, failing: Failing | None, reply: Reply) -> None:
        match failing:
            case None:
                self._answer(reply)
            case Failing(how=How.STATUS):
                wait = {"Retry-After": failing.retry_after} if failing.retry_after else {}
                self._answer(Reply(failing.status, {"error": "as planned"}, wait))
            case Failing(how=How.TRUNCATED):
                self._answer(reply, claims_more_bytes=100)
            case Failing(how=How.HANGS):
                self.server.let_go.wait(_LONGEST_HANG_S)
                self.close_connection = True
            case _:
                self.close_connection = True

    def _answer(self, reply: Reply, claims_more_bytes: int = 0) -> None:
        body = b"" if reply.content is None else json.dumps(reply.content).encode()
        self.close_connection = self.close_connection or claims_more_bytes > 0
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json;charset=utf-8", **reply.headers}.items():
            self.send_header(name, value)
        if reply.status != 204:
            self.send_header("Content-Length", str(len(body) + claims_more_bytes))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the library's name
        """Silence: what was asked is in `asked`."""
