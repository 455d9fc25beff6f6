"""A strict customer system on loopback: takes signed CloudEvents, each once, and fails in the ways it is told to.

It stands for whatever an office has: what it does not know it refuses (method, path, headers, signature, envelope),
what it has already it recognises by the idempotency key. `plan` says how a request goes wrong, so that a test or
a bench draws the faults; `watch` is told how far a request has come, so that a test can kill whoever sends.
"""

from __future__ import annotations

import base64
import hmac
import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

PATH: Final = "/events"
KEY: Final = b"twenty-four secret bytes"
SECRET: Final = "whsec_" + base64.b64encode(KEY).decode()
"""What a box signs with that is to be believed here."""
_CONTENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"
_ATTRIBUTES: Final = frozenset({"specversion", "id", "source", "type", "time", "datacontenttype", "data"})
_OPTIONAL: Final = frozenset({"subject", "dataschema"})
_TYPE_PREFIX: Final = "attendant."
_BODY_BYTES_MAX: Final = 1_000_000
_IDLE_LIMIT_S: Final = 30.0


class How(StrEnum):
    """What goes wrong with a request."""

    STATUS = "status"  # it is answered, but not with what was hoped for
    TRUNCATED = "truncated"  # half an answer, then nothing
    HANGS = "hangs"  # no answer until `let_go`
    DROPPED = "dropped"  # the connection ends without an answer


@dataclass(frozen=True, slots=True)
class Failing:
    """One request that goes wrong. `kept`: what was sent is taken all the same, only the answer suffers."""

    how: How
    status: int = HTTPStatus.INTERNAL_SERVER_ERROR
    retry_after: str = ""
    kept: bool = False


class Step(StrEnum):
    """How far a request has come."""

    HALF_HEARD = "half_heard"  # the headers and half of the body
    KEPT = "kept"  # all of it, and it is taken; nothing answered yet
    HALF_ANSWERED = "half_answered"
    ANSWERED = "answered"


Plan = Callable[[str], Failing | None]
"""By idempotency key: how this request is to go wrong; None: it goes well."""


class StrictCrm(ThreadingHTTPServer):
    """The server; `identities` and `events` are what it holds, in the order it took them.

    `repeats` counts what it was told again and knew, `refusals` names what it found wrong.
    """

    daemon_threads = True

    def __init__(self, plan: Plan = lambda _: None, *, port: int = 0) -> None:
        self.plan = plan
        self.watch: Callable[[Step, str], None] = lambda step, identity: None
        self.events: dict[str, dict[str, Any]] = {}
        self.asked = 0
        self.repeats = 0
        self.refusals: list[str] = []
        self.let_go = threading.Event()
        self.grew = threading.Condition()
        super().__init__(("127.0.0.1", port), _Conversation)

    @property
    def url(self) -> str:
        """Where events are posted."""
        return f"http://127.0.0.1:{self.server_port}{PATH}"

    @property
    def identities(self) -> list[str]:
        """The idempotency keys of what it holds, in the order taken."""
        with self.grew:
            return list(self.events)

    def wait_for(self, count: int, limit_s: float) -> bool:
        """Until it holds `count` events; False when it does not after `limit_s`."""
        with self.grew:
            return self.grew.wait_for(lambda: len(self.events) >= count, limit_s)

    def keep(self, identity: str, event: dict[str, Any]) -> None:
        """Take an event, once."""
        with self.grew:
            if identity in self.events:
                self.repeats += 1
            else:
                self.events[identity] = event
            self.grew.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever goes away in the middle is what this server is for; anything else is a fault of its own."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    def heard(self) -> None:
        """Count a request, whatever becomes of it."""
        with self.grew:
            self.asked += 1

    def refuse(self, reason: str) -> None:
        """Remember what somebody got wrong."""
        with self.grew:
            self.refusals.append(reason)


@contextmanager
def open_crm(plan: Plan = lambda _: None, *, port: int = 0) -> Iterator[StrictCrm]:
    """A server that answers until the block ends."""
    crm = StrictCrm(plan, port=port)
    serving = threading.Thread(target=crm.serve_forever, args=(0.05,), name="strict-crm")
    serving.start()
    try:
        yield crm
    finally:
        crm.let_go.set()
        crm.shutdown()
        serving.join()
        crm.server_close()


class Unknown(Exception):
    """A request that is not what this server takes; the status and why."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def judged(path: str, headers: Any, body: bytes) -> dict[str, Any]:
    """The event in a request, or Unknown. `headers` as http.server gives them."""
    if path != PATH:
        raise Unknown(HTTPStatus.NOT_FOUND, f"path {path}")
    if headers["Content-Type"] != _CONTENT_TYPE:
        raise Unknown(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"content type {headers['Content-Type']}")
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.digest(KEY, signed, "sha256")).decode()
    if not hmac.compare_digest(headers["webhook-signature"] or "", expected):
        raise Unknown(HTTPStatus.UNAUTHORIZED, "signature")
    try:
        event = json.loads(body)
    except ValueError:
        raise Unknown(HTTPStatus.BAD_REQUEST, "no JSON") from None
    _judge_envelope(event, headers)
    return dict(event)


def _judge_envelope(event: Any, headers: Any) -> None:
    if not isinstance(event, dict) or event.get("specversion") != "1.0":
        raise Unknown(HTTPStatus.BAD_REQUEST, "no CloudEvent 1.0")
    if not _ATTRIBUTES <= set(event) <= _ATTRIBUTES | _OPTIONAL:
        raise Unknown(HTTPStatus.UNPROCESSABLE_ENTITY, f"attributes {sorted(set(event) ^ _ATTRIBUTES)}")
    if not event["id"] == headers["webhook-id"] == headers["Idempotency-Key"]:
        raise Unknown(HTTPStatus.UNPROCESSABLE_ENTITY, "three identities that differ")
    if not str(event["type"]).startswith(_TYPE_PREFIX) or not isinstance(event["data"], dict):
        raise Unknown(HTTPStatus.UNPROCESSABLE_ENTITY, f"type {event['type']}")


class _Conversation(BaseHTTPRequestHandler):
    """One connection; it is kept open between requests, as boxes do."""

    server: StrictCrm
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = _IDLE_LIMIT_S

    def do_POST(self) -> None:
        identity = self.headers["Idempotency-Key"] or ""
        self.server.heard()
        failing = self.server.plan(identity)
        if failing is not None and not failing.kept and failing.how is How.DROPPED:
            self.close_connection = True
            return
        try:
            event = self._read(identity)
        except Unknown as unknown:
            self.server.refuse(unknown.reason)
            self._answer(unknown.status, b"{}", close=True)
            return
        if failing is None or failing.kept:
            self.server.keep(identity, event)
            self.server.watch(Step.KEPT, identity)
        self._conclude(failing, identity)

    def _read(self, identity: str) -> dict[str, Any]:
        length = int(self.headers["Content-Length"] or "0")
        if not 0 < length <= _BODY_BYTES_MAX:
            raise Unknown(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"{length} bytes")
        body = self.rfile.read(length // 2)
        self.server.watch(Step.HALF_HEARD, identity)
        body += self.rfile.read(length - len(body))
        return judged(self.path, self.headers, body)

    def _conclude(self, failing: Failing | None, identity: str) -> None:
        match failing:
            case None:
                self._answer_in_halves(identity)
            case Failing(how=How.STATUS):
                self._answer(failing.status, b'{"error": "as planned"}', retry_after=failing.retry_after)
            case Failing(how=How.TRUNCATED):
                self._answer(HTTPStatus.OK, b'{"ta', claims_bytes=100, close=True)
            case Failing(how=How.HANGS):
                self.server.let_go.wait(_IDLE_LIMIT_S)
                self.close_connection = True
            case Failing(how=How.DROPPED):
                self.close_connection = True

    def _answer_in_halves(self, identity: str) -> None:
        """A good answer; a killer may strike between its halves."""
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n"
        self.wfile.write(head + b'{"taken')
        self.server.watch(Step.HALF_ANSWERED, identity)
        self.wfile.write(b'":true}')
        self.server.watch(Step.ANSWERED, identity)

    def _answer(
        self,
        status: int,
        body: bytes,
        *,
        retry_after: str = "",
        claims_bytes: int | None = None,
        close: bool = False,
    ) -> None:
        self.close_connection = self.close_connection or close
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body) if claims_bytes is None else claims_bytes))
        if retry_after:
            self.send_header("Retry-After", retry_after)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the library's name
        """Silence: the counts are what is looked at."""
