"""The observe process: answers GET of /metrics, /health/live and /health/ready.

    /metrics       200, Prometheus's text format
    /health/live   200 while the call path moves, else 503: the agent's loop answers, the line and its sound turn
    /health/ready  200 while a caller is served as they should be, else 503: also registered, understood, kept

The bodies of the two are JSON and say what is wrong and what to do about it. Nothing here names a caller.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from appliance.observe.exposing import exposition
from appliance.observe.seeing import Sight
from appliance.ops.health import Complaint, Limits, Verdict, judge
from appliance.ops.metrics import CONTENT_TYPE
from appliance.settings import Observe
from appliance.web.serving import QuietHandler, SmallServer

LIVE: Final = "/health/live"
READY: Final = "/health/ready"
METRICS: Final = "/metrics"


class ObserveServer(SmallServer):
    """Listens at once; ConfigError when it may not. `look` is called for each request, in its thread."""

    def __init__(
        self, observe: Observe, look: Callable[[], Sight], alive: Callable[[], None] = lambda: None
    ) -> None:
        self.look = look
        self.limits = Limits(observe.registration_lost_s, observe.free_mb * 1_000_000)
        super().__init__("observe", observe.bind_address, observe.port, _Handler, alive)

    def answer(self, path: str) -> tuple[HTTPStatus, str, bytes]:
        """Status, content type and body for a path."""
        if path not in {LIVE, READY, METRICS}:
            return HTTPStatus.NOT_FOUND, "application/json", _json({"paths": [METRICS, LIVE, READY]})
        sight = self.look()
        verdict = judge(sight.facts, self.limits)
        if path == METRICS:
            return HTTPStatus.OK, CONTENT_TYPE, exposition(sight, verdict)
        is_well = verdict.is_live if path == LIVE else verdict.is_ready
        status = HTTPStatus.OK if is_well else HTTPStatus.SERVICE_UNAVAILABLE
        return status, "application/json", _json(_told(verdict, is_well, sight))


def _told(verdict: Verdict, is_well: bool, sight: Sight) -> dict[str, Any]:
    state = None if sight.told is None else sight.told.state
    return {
        "ok": is_well,
        "level": None if state is None else state.level,
        "calls": None if state is None else state.calls,
        "complaints": [_complaint(one) for one in verdict.complaints],
        "notes": [_complaint(one) for one in verdict.notes],
    }


def _complaint(one: Complaint) -> dict[str, Any]:
    return {"name": one.name, "told": one.told, "remedy": one.remedy, "stops_calls": one.stops_calls}


def _json(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, indent=2) + "\n").encode()


class _Handler(QuietHandler):
    """One request."""

    server: ObserveServer

    def do_GET(self) -> None:  # noqa: N802  the library's name
        """Whatever stands at the path."""
        status, content_type, body = self.server.answer(self.path.split("?", 1)[0])
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815  the library's name
