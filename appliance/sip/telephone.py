"""The telephone for everybody else: a thread that owns pjsua2, a queue of orders, events in return.

Every method may be called from any thread; what it orders is done in the telephone's own within a tick.
Events are handed to `on_event` in that thread, so they only should be put somewhere.
"""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable, Mapping
from functools import partial
from queue import Empty, SimpleQueue

import pjsua2 as pj

from appliance.clock import Clock, SystemClock
from appliance.domain.call import LineQuality
from appliance.errors import LineFault
from appliance.sip import priority, words
from appliance.sip.call import forget_last_exception
from appliance.sip.endpoint import Endpoint
from appliance.sip.pace import Pace
from appliance.sip.trace import Trace
from appliance.sip.tracing import write_into

_log = logging.getLogger(__name__)
_TURN_MS = 10
_IDLE_TURN_MS = 25  # nobody waits for an order then, and the box may rest
_TURNS_PER_BEAT = 50
_CLOSING_LIMIT_S = 6.0

Order = Callable[[Endpoint], None]


class Telephone:
    """`start`, then orders; `close` says good-bye to everybody and ends the thread."""

    def __init__(
        self,
        station: words.Station,
        *,
        on_event: Callable[[words.SipEvent], None],
        new_tap: Callable[[str], words.SoundTap],
        new_call_id: Callable[[], str],
        account: words.Account | None = None,
        on_beat: Callable[[], None] = lambda: None,
        clock: Clock | None = None,
        trace: Trace | None = None,
    ) -> None:
        """`trace` is given every SIP message; without one, nothing is kept of them."""
        self._clock = clock or SystemClock()
        self._pace = Pace()
        self._new_endpoint: Callable[[], Endpoint] = lambda: Endpoint(
            station,
            account,
            on_event=on_event,
            new_tap=new_tap,
            new_call_id=new_call_id,
            on_begun=self._call_begun,
            set_up_log=None if trace is None else partial(write_into, trace, self._clock),
        )
        self._on_beat = on_beat
        self._orders: SimpleQueue[Order] = SimpleQueue()
        self._closing = threading.Event()
        self._started = threading.Event()
        self._fault: LineFault | None = None
        self._thread = threading.Thread(target=self._run, name="sip", daemon=True)
        self.address = ""
        self.lines = 0
        """How many calls there can be, colleagues' legs included; known once started."""

    def start(self) -> str:
        """Take the port; the address (host:port) that can be dialled. LineFault when it cannot be had.

        The calling thread and all that are started from now on become real-time where that is permitted.
        """
        priority.hurry()
        self._thread.start()
        self._started.wait()
        if self._fault is not None:
            raise self._fault
        return self.address

    def close(self) -> None:
        """Hang up every call, unregister, stop the library and wait for it."""
        self._closing.set()
        self._thread.join(_CLOSING_LIMIT_S)

    # --- orders ---------------------------------------------------------------------------------

    def post(self, order: Order) -> None:
        """Have `order` done in the telephone's thread."""
        self._orders.put(order)

    def ring(self, call_id: str) -> None:
        """Tell the caller that it rings (180)."""
        self.post(lambda endpoint: endpoint.ring(call_id))

    def answer(self, call_id: str) -> None:
        """Take the call (200)."""
        self.post(lambda endpoint: endpoint.answer(call_id))

    def reject(self, call_id: str, status: int) -> None:
        """Refuse the call with a SIP status."""
        self.post(lambda endpoint: endpoint.reject(call_id, status))

    def hang_up(self, call_id: str) -> None:
        """End the call in whatever state it is; unknown ids are calls that are over already."""
        self.post(lambda endpoint: endpoint.hang_up(call_id))

    def dial(self, call_id: str, uri: str, headers: Mapping[str, str] | None = None) -> None:
        """Call `uri`; what comes of it is told under `call_id`."""
        extra = dict(headers or {})
        self.post(lambda endpoint: endpoint.dial(call_id, uri, extra))

    def dial_for(self, call_id: str, leg_id: str, to: str) -> None:
        """Call `to` on the phone system that `call_id` came from; what comes of it is told under `leg_id`."""
        self.post(lambda endpoint: endpoint.dial_for(call_id, leg_id, to))

    def refer(self, call_id: str, to: str) -> None:
        """Have the far end call `to` instead of us (REFER); its word comes as `ReferAnswered`."""
        self.post(lambda endpoint: endpoint.refer(call_id, to))

    def refer_replacing(self, call_id: str, leg_id: str) -> None:
        """Have the far end take our place in `leg_id` (REFER with Replaces)."""
        self.post(lambda endpoint: endpoint.refer_replacing(call_id, leg_id))

    def join(self, call_id: str, other_id: str) -> None:
        """Let two calls hear each other through us, told as `Joined`."""
        self.post(lambda endpoint: endpoint.join(call_id, other_id))

    def send_digits(self, call_id: str, digits: str, method: str = "rtp") -> None:
        """Press keys: `method` is rtp (RFC 4733) or info (SIP INFO)."""
        self.post(lambda endpoint: endpoint.send_digits(call_id, digits, method))

    def hold(self, call_id: str, on: bool) -> None:
        """Hold the far end, or take it back (re-INVITE)."""
        self.post(lambda endpoint: endpoint.hold(call_id, on))

    def measure(self, answer: Callable[[dict[str, LineQuality]], None]) -> None:
        """Have `answer` given the quality of every call so far; it is called in the telephone's thread."""
        self.post(lambda endpoint: answer(endpoint.qualities()))

    def register(self) -> None:
        """Send a REGISTER now; the answer comes as `RegistrationAnswered`."""
        self.post(lambda endpoint: endpoint.register(True))

    def unregister(self) -> None:
        """Take the registration back."""
        self.post(lambda endpoint: endpoint.register(False))

    # --- the thread -----------------------------------------------------------------------------

    def _run(self) -> None:
        endpoint = self._new_endpoint()
        try:
            endpoint.open()
        except LineFault as fault:
            self._fault = fault
            self._started.set()
            return
        self.address, self.lines = endpoint.address, endpoint.lines
        self._started.set()
        self._serve(endpoint)
        endpoint.close()

    def _serve(self, endpoint: Endpoint) -> None:
        gc.collect()
        gc.freeze()
        gc.disable()  # a collection must not strike inside a callback; ours comes between turns
        turns = 0
        while not self._closing.is_set():
            endpoint.turn(_TURN_MS if endpoint.busy else _IDLE_TURN_MS)
            self._breathe()
            self._obey(endpoint)
            turns += 1
            if turns % _TURNS_PER_BEAT == 0:
                endpoint.look_after(self._clock.monotonic_s())
                gc.collect()
                self._on_beat()

    def _call_begun(self) -> None:
        self._pace.begun(self._clock.monotonic_s())

    def _breathe(self) -> None:
        """Wait out a flood of calls before the next one is let in."""
        pause_s = self._pace.pause_s(self._clock.monotonic_s())
        if pause_s > 0:
            _log.warning("calls begin too fast", extra={"pause_s": round(pause_s, 3)})
            self._closing.wait(pause_s)

    def _obey(self, endpoint: Endpoint) -> None:
        while True:
            try:
                order = self._orders.get_nowait()
            except Empty:
                return
            try:
                order(endpoint)
                self._breathe()
            except pj.Error as error:
                _log.warning("sip order failed", extra={"reason": error.reason, "status": error.status})
                forget_last_exception()
