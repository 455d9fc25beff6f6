"""Takes rows from the outbox to their destinations and keeps account of each attempt.

Each destination has a carrier of its own, so that one that hangs holds up nobody else. That there is a way is
found out by trying: after failures a destination is left alone for a while, and the first that gets through has
everything tried that waits. Whether a row is sent, tried later or buried is decided by `attempts`.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import timedelta
from typing import Final, Protocol

from appliance.clock import Clock
from appliance.conversation.breaker import FAILURES_MAX, Breaker
from appliance.errors import Misused, NotFound, StoreFault
from appliance.settings import Deliver
from appliance.store.outbox import Delivery, Outbox
from appliance.sync.attempts import WAIT_ASKED_MAX_S, Later, Outcome, Refused, Sent, wait_s
from appliance.sync.happenings import Happening

_log = logging.getLogger(__name__)
_LOOK_EVERY_S: Final = 2.0
_ALIVE_EVERY_S: Final = 1.0
_PATIENCE_S: Final = 5.0
_NOT_READ: Final = "the store could not be read"
_GONE: Final = "what it tells of is no longer kept"

Written = Callable[[Delivery], Happening]
"""What a row tells; NotFound when that is no longer kept."""
Secret = Callable[[], str | None]


class Destination(Protocol):
    """Somewhere a happening can be sent."""

    def send(self, happening: Happening) -> Outcome:
        """Send it and say what became of it; a machine that is away is an outcome, not an exception."""
        ...


class Carrier:
    """Takes the rows of one destination there. `secret` is read at each look: a new one is tried at once."""

    def __init__(
        self,
        name: str,
        destination: Destination,
        *,
        outbox: Outbox,
        written: Written,
        deliver: Deliver,
        clock: Clock,
        secret: Secret = lambda: None,
    ) -> None:
        self.name = name
        self._destination = destination
        self._outbox = outbox
        self._written = written
        self._deliver = deliver
        self._clock = clock
        self._secret = secret
        self._known_secret = secret()
        self._breaker = Breaker()
        self._asked_until_s = float("-inf")
        self._hurry = threading.Event()
        self._owed: tuple[Delivery, Outcome] | None = None  # what became of a row and is not on the disk yet

    def hurry(self) -> None:
        """Somebody wants everything tried now. May be called from any thread."""
        self._hurry.set()

    def begin(self) -> None:
        """Put right what the disk, the clock or a changed secret did; before rows are claimed."""
        if self._owed is not None:
            self._settle(*self._owed)
        if brought_back := self._outbox.bring_back(self.name):
            _log.warning("clock went back", extra={"destination": self.name, "rows": brought_back})
        secret = self._secret()
        if secret != self._known_secret or self._hurry.is_set():
            self._hurry.clear()
            self._known_secret = secret
            self._forgive()

    def send_one(self) -> bool:
        """Send the next row; whether there was one, and the destination may be asked."""
        now_s = self._clock.monotonic_s()
        if now_s < self._asked_until_s or not self._breaker.allows(now_s):
            return False
        delivery = self._next()
        if delivery is None:
            return False
        self._owed = delivery, Later(_NOT_READ)
        self._settle(delivery, self._attempt(delivery))
        return True

    def _next(self) -> Delivery | None:
        """What is due. Behind a row that was written in what is the future now stand others of its contact."""
        delivery = self._outbox.claim(self.name)
        if delivery is None and self._outbox.bring_back(self.name):
            delivery = self._outbox.claim(self.name)
        return delivery

    def _attempt(self, delivery: Delivery) -> Outcome:
        try:
            return self._destination.send(self._written(delivery))
        except NotFound:
            return Refused(_GONE)
        except StoreFault:
            raise
        except Exception as error:  # noqa: BLE001  a row nobody can make sense of must not hold up the others
            _log.exception("delivery failed inside", extra={"destination": self.name})
            return Later(f"fault of ours: {type(error).__name__}")

    def _settle(self, delivery: Delivery, outcome: Outcome) -> None:
        """Write down what became of it. A disk that does not take it (StoreFault) is asked again (`begin`): the row
        is neither sent a second time nor left until its claim lapses."""
        self._owed = delivery, outcome
        told = {"destination": self.name, "attempt": delivery.attempts, "row": delivery.number}
        match outcome:
            case Sent():
                self._outbox.sent(delivery)
                _log.info("delivered", extra=told)
                self._answered()
            case Refused(reason=reason):
                self._outbox.bury(delivery, reason)
                _log.error("delivery refused", extra={**told, "reason": reason})
                self._answered()
            case Later(reason=reason):
                self._outbox.later(delivery, self._wait_s(delivery, outcome), reason)
                _log.warning("delivery postponed", extra={**told, "reason": reason})
                self._failed(outcome)
        self._owed = None

    def _wait_s(self, delivery: Delivery, outcome: Later) -> float:
        limits = self._deliver
        return wait_s(
            delivery.attempts,
            outcome,
            first_s=limits.retry_first_s,
            most_s=limits.retry_most_s,
            chance=random.random(),
        )

    # --- how the destination does -----------------------------------------------------------------

    def _answered(self) -> None:
        was_away = self._breaker.failures >= FAILURES_MAX
        self._breaker = self._breaker.answered()
        if was_away:
            self._forgive()

    def _forgive(self) -> None:
        """What waits because of failures is tried now."""
        self._breaker = Breaker()
        self._asked_until_s = float("-inf")
        self._outbox.rests(self.name, None)
        self._outbox.hasten(self.name)

    def _failed(self, outcome: Later) -> None:
        now_s = self._clock.monotonic_s()
        self._breaker = self._breaker.failed(now_s)
        if outcome.wait_s:  # it asks for time: that is for all of it, not for this row
            self._asked_until_s = now_s + min(outcome.wait_s, WAIT_ASKED_MAX_S)
        rest_s = max(self._breaker.open_until_s, self._asked_until_s) - now_s
        if rest_s > 0:
            self._outbox.rests(self.name, self._clock.now() + timedelta(seconds=rest_s))


class Forwarder:
    """Empties the outbox: a carrier for each destination."""

    def __init__(
        self,
        outbox: Outbox,
        destinations: Mapping[str, Destination],
        written: Written,
        deliver: Deliver,
        clock: Clock,
        *,
        secrets: Mapping[str, Secret] | None = None,
    ) -> None:
        self._carriers = [
            Carrier(
                name,
                destination,
                outbox=outbox,
                written=written,
                deliver=deliver,
                clock=clock,
                secret=(secrets or {}).get(name, lambda: None),
            )
            for name, destination in destinations.items()
        ]
        self._stop = threading.Event()

    def stop(self) -> None:
        """Begin no further attempt."""
        self._stop.set()

    def hurry(self) -> None:
        """Try everything now, also what waits and who is left alone."""
        for carrier in self._carriers:
            carrier.hurry()

    def run(self) -> None:
        """Until `stop`, each destination in a thread of its own."""
        threads = [
            threading.Thread(target=self._carry, args=(carrier,), name=f"to {carrier.name}", daemon=True)
            for carrier in self._carriers
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def send_due(self, attempted: Callable[[int], None] = lambda count: None) -> int:
        """Send everything whose time has come, to each destination in turn; how many attempts that took.

        `attempted` is told after each round how many it were.
        """
        for carrier in self._carriers:
            carrier.begin()
        attempts, busy = 0, list(self._carriers)
        while busy and not self._stop.is_set():
            busy = [carrier for carrier in busy if not self._stop.is_set() and carrier.send_one()]
            attempts += len(busy)
            attempted(len(busy))
        return attempts

    def _carry(self, carrier: Carrier) -> None:
        """Until `stop`. Whatever ends a carrier ends the process, which is started anew: none dies unseen."""
        try:
            while not self._stop.is_set():
                self._look(carrier)
                self._stop.wait(_LOOK_EVERY_S)
        except Exception:  # noqa: BLE001  the top of a thread
            _log.exception("carrier died", extra={"destination": carrier.name})
            self._stop.set()

    def _look(self, carrier: Carrier) -> None:
        """A disk that refuses is said, and asked again."""
        try:
            carrier.begin()
            while not self._stop.is_set() and carrier.send_one():
                pass
        except StoreFault as fault:
            _log.error("outbox cannot be read", extra={"code": fault.code, "reason": str(fault)})


def serve(
    forwarder: Forwarder,
    stop: threading.Event,
    on_ready: Callable[[], None],
    alive: Callable[[], None],
    rung: Callable[[], bool] = lambda: False,
) -> None:
    """Send until `stop` is set. One attempt may take long; the process is alive as long as somebody sends.

    `rung`: whether somebody wants everything tried now. Misused: somebody ended though nobody asked for it.
    """
    sending = threading.Thread(target=forwarder.run, name="forwarder", daemon=True)
    with ExitStack() as ending:
        ending.callback(sending.join, _PATIENCE_S)
        ending.callback(forwarder.stop)
        sending.start()
        on_ready()
        _log.info("sync ready")
        while not stop.wait(_ALIVE_EVERY_S) and sending.is_alive():
            alive()
            if rung():
                forwarder.hurry()
    if not stop.is_set():
        raise Misused("a carrier of the outbox ended by itself")
