"""The feed process: answers GET of one path, one calendar, to a few at a time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from appliance.errors import ConfigError, StoreFault
from appliance.feed.address import is_feed
from appliance.feed.page import MakePage
from appliance.settings import Feed

_log = logging.getLogger(__name__)
_PATIENCE_S: Final = 5.0  # with a subscriber that sends or takes nothing
_AT_ONCE: Final = 8
_POLL_S: Final = 0.5


class FeedServer(ThreadingHTTPServer):
    """Listens at once; ConfigError when it may not. `alive` is called about twice a second while it serves."""

    daemon_threads = True
    block_on_close = False

    def __init__(
        self, feed: Feed, token: str, newest: MakePage, alive: Callable[[], None] = lambda: None
    ) -> None:
        self.token = token
        self.newest = newest
        self._alive = alive
        self._places = threading.BoundedSemaphore(_AT_ONCE)
        try:
            super().__init__((feed.bind_address, feed.port), _Handler)
        except OSError as error:
            raise ConfigError(
                f"feed: {feed.bind_address}:{feed.port} cannot be listened on ({error.strerror}).",
                remedy="Choose another feed.port, or an address of this machine.",
            ) from error

    def process_request(self, request: Any, client_address: Any) -> None:
        """A thread for each, unless too many are being served: then they may come again."""
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one and give its place back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def service_actions(self) -> None:
        """Between requests."""
        self._alive()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A subscriber that went away in the middle is no fault of ours; anything else is worth a line."""
        _log.info("feed request broke off", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    """One request (HTTP/1.0: one each connection)."""

    server: FeedServer
    timeout = _PATIENCE_S
    server_version = "attendant"
    sys_version = ""

    def do_GET(self) -> None:
        """The calendar, or that it is as it was (RFC 9110, 13.1.2)."""
        if not is_feed(self.path, self.server.token):
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        try:
            page = self.server.newest()
        except StoreFault as fault:
            _log.warning("feed cannot read the diary", extra={"code": fault.code})
            self.send_error(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        if page.etag in self.headers.get("If-None-Match", ""):
            self._begin(HTTPStatus.NOT_MODIFIED, page.etag)
            return
        self._begin(HTTPStatus.OK, page.etag, len(page.body))
        if self.command != "HEAD":
            self.wfile.write(page.body)

    do_HEAD = do_GET  # noqa: N815  the library's name

    def _begin(self, status: HTTPStatus, etag: str, length_bytes: int | None = None) -> None:
        self.send_response(status)
        self.send_header("ETag", etag)
        self.send_header("Cache-Control", "private, no-cache")
        if length_bytes is not None:
            self.send_header("Content-Type", "text/calendar; charset=utf-8")
            self.send_header("Content-Length", str(length_bytes))
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the library's name
        """Nothing: the path holds the secret."""


def run(
    server: FeedServer, stop: threading.Event, on_ready: Callable[[], None], patience_s: float = _PATIENCE_S
) -> None:
    """Serve until `stop` is set."""
    serving = threading.Thread(target=server.serve_forever, args=(_POLL_S,), name="feed", daemon=True)
    serving.start()
    on_ready()
    _log.info("feed ready")
    stop.wait()
    server.shutdown()
    serving.join(patience_s)
    server.server_close()
