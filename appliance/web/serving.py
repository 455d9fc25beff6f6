"""A small HTTP server for what is asked on loopback: a few at a time, little patience, no word in the log.

Base of the feed and of the observe process. HTTP/1.0: one request each connection.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from appliance.errors import ConfigError

_log = logging.getLogger(__name__)
PATIENCE_S: Final = 5.0
"""With a client that sends or takes nothing."""
_POLL_S: Final = 0.5
_AT_ONCE: Final = 8


class QuietHandler(BaseHTTPRequestHandler):
    """One request, of which nothing is logged."""

    timeout = PATIENCE_S
    server_version = "attendant"
    sys_version = ""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the library's name
        """Nothing: a path may hold a secret, and a scrape every 15 s is no news."""


class SmallServer(ThreadingHTTPServer):
    """Listens at once; ConfigError when it may not. `alive` is called about twice a second while it serves.

    `table` names it in the settings and in the log.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(
        self,
        table: str,
        address: str,
        port: int,
        handler: type[BaseHTTPRequestHandler],
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        self.table = table
        self._alive = alive
        self._places = threading.BoundedSemaphore(_AT_ONCE)
        try:
            super().__init__((address, port), handler)
        except OSError as error:
            raise ConfigError(
                f"{table}: {address}:{port} cannot be listened on ({error.strerror}).",
                remedy=f"Choose another {table}.port, or an address of this machine.",
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
        """A client that went away in the middle is no fault of ours; anything else is worth a line."""
        _log.info("request broke off", extra={"server": self.table}, exc_info=True)


def serve(
    server: SmallServer, stop: threading.Event, on_ready: Callable[[], None], patience_s: float = PATIENCE_S
) -> None:
    """Serve until `stop` is set."""
    serving = threading.Thread(target=server.serve_forever, args=(_POLL_S,), name=server.table, daemon=True)
    serving.start()
    on_ready()
    _log.info("serving", extra={"server": server.table})
    stop.wait()
    server.shutdown()
    serving.join(patience_s)
    server.server_close()
