"""The line, for whoever looks on: how it stands with the phone system, what the network does to calls, its SIP.

    {"do": "look"}                -> address, account, registration, codecs, calls with their line quality
    {"do": "trace", "after": 17}  -> {"messages": [...], "more": true}: SIP after message 17, a packet full
    anything else                 -> {"error": "..."}

JSON over a Unix socket of the box's own user, one question a connection, answered in a thread of its own that
waits in the kernel while nobody asks. What must be read off calls is read by the telephone's thread, as an order.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Final

from appliance import link
from appliance.clock import Clock
from appliance.domain.call import LineQuality
from appliance.domain.events import LineReady
from appliance.settings import Sip
from appliance.sip import words
from appliance.sip.trace import Trace

_log = logging.getLogger(__name__)
SOCKET: Final = "look.sock"
_QUESTION_BYTES_MAX: Final = 4096
_MESSAGES_BYTES: Final = 48_000
_PATIENCE_S: Final = 2.0
Qualities = dict[str, LineQuality]
Measure = Callable[[Callable[[Qualities], None]], None]
"""Asks for the quality of every call; the answer is handed to what is given, in some other thread."""


class Look:
    """Answers whoever asks. `saw` is told everything the telephone tells; both may be called from any thread."""

    def __init__(self, path: Path, sip: Sip, trace: Trace, clock: Clock) -> None:
        self._listener = link.listen(path)
        self._sip = sip
        self._trace = trace
        self._clock = clock
        self._ready: LineReady | None = None
        self._measure: Measure | None = None
        self._registration: dict[str, Any] = {}
        self._callers: dict[str, str] = {}

    def start(self, ready: LineReady, measure: Measure) -> None:
        """Answer from now on."""
        self._ready, self._measure = ready, measure
        threading.Thread(target=self._run, name="look", daemon=True).start()

    def saw(self, event: words.SipEvent) -> None:
        """Something happened on the line."""
        match event:
            case words.RegistrationAnswered():
                self._registration = {**asdict(event), "at_iso": self._clock.now().isoformat()}
            case words.Rang(call_id=call_id, caller=caller):
                self._callers[call_id] = caller
            case words.Ended(call_id=call_id):
                self._callers.pop(call_id, None)
            case _:
                pass

    def close(self) -> None:
        """No more questions."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _run(self) -> None:
        while True:
            try:
                asking, _ = self._listener.accept()
            except OSError:
                return  # closed
            with asking, contextlib.suppress(OSError):
                asking.settimeout(_PATIENCE_S)
                asking.send(json.dumps(self.answer(asking.recv(_QUESTION_BYTES_MAX))).encode())

    def answer(self, question: bytes) -> dict[str, Any]:
        """What to say to a question."""
        try:
            asked = json.loads(question)
        except ValueError:
            return {"error": "not JSON"}
        match asked:
            case {"do": "look"}:
                return self._looked()
            case {"do": "trace", "after": int(number)}:
                return self._traced(number)
            case _:
                return {"error": "unknown request"}

    def _looked(self) -> dict[str, Any]:
        ready, sip = self._ready, self._sip
        assert ready is not None  # noqa: S101  nobody is answered before `start`
        return {
            "pid": os.getpid(),
            **asdict(ready),
            "registrar": sip.registrar,
            "user": sip.user,
            "transport": "UDP",
            "public_address": sip.public_address,
            "registration": self._registration,
            "calls": {
                call_id: {"caller": self._callers.get(call_id, ""), **asdict(quality)}
                for call_id, quality in self._qualities().items()
            },
        }

    def _qualities(self) -> Qualities:
        """Empty when the telephone does not get to it in time."""
        assert self._measure is not None  # noqa: S101
        came: SimpleQueue[Qualities] = SimpleQueue()
        self._measure(came.put)
        try:
            return came.get(timeout=_PATIENCE_S)
        except Empty:
            _log.warning("the telephone does not answer a look")
            return {}

    def _traced(self, after: int) -> dict[str, Any]:
        messages: list[dict[str, Any]] = []
        room_bytes = _MESSAGES_BYTES
        for one in self._trace.after(after):
            room_bytes -= len(one.text) + 200
            if room_bytes < 0 and messages:
                return {"messages": messages, "more": True}
            messages.append(asdict(one))
        return {"messages": messages, "more": False}
