"""The feed process: answers GET of one path, one calendar, to a few at a time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from http import HTTPStatus

from appliance.errors import StoreFault
from appliance.feed.address import is_feed
from appliance.feed.page import MakePage
from appliance.settings import Feed
from appliance.web.serving import PATIENCE_S, QuietHandler, SmallServer, serve

_log = logging.getLogger(__name__)


class FeedServer(SmallServer):
    """Listens at once; ConfigError when it may not. `alive` is called about twice a second while it serves."""

    def __init__(
        self, feed: Feed, token: str, newest: MakePage, alive: Callable[[], None] = lambda: None
    ) -> None:
        self.token = token
        self.newest = newest
        super().__init__("feed", feed.bind_address, feed.port, _Handler, alive)


class _Handler(QuietHandler):
    """One request."""

    server: FeedServer

    def do_GET(self) -> None:  # noqa: N802  the library's name
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


def run(
    server: FeedServer, stop: threading.Event, on_ready: Callable[[], None], patience_s: float = PATIENCE_S
) -> None:
    """Serve until `stop` is set."""
    serve(server, stop, on_ready, patience_s)
