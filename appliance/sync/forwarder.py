"""Takes rows from the outbox to their destinations, one after the other, and keeps account of each attempt."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from appliance.clock import Clock
from appliance.conversation.breaker import Breaker
from appliance.errors import StoreFault
from appliance.settings import Deliver
from appliance.store.outbox import Delivery, Outbox
from appliance.sync.attempts import Later, Outcome, Refused, Sent, wait_s
from appliance.sync.letters import Letter

_log = logging.getLogger(__name__)
_LOOK_EVERY_S: Final = 2.0
_ALIVE_EVERY_S: Final = 1.0
_PATIENCE_S: Final = 5.0


class Destination(Protocol):
    """Somewhere a letter can be sent."""

    def send(self, letter: Letter) -> Outcome:
        """Send it and say what became of it; a machine that is away is an outcome, not an exception."""
        ...


class Forwarder:
    """Empties the outbox. A destination that does not answer is left alone for a while (`Breaker`)."""

    def __init__(
        self,
        outbox: Outbox,
        destinations: Mapping[str, Destination],
        written: Callable[[Delivery], Letter],
        deliver: Deliver,
        clock: Clock,
    ) -> None:
        self._outbox = outbox
        self._destinations = destinations
        self._written = written
        self._deliver = deliver
        self._clock = clock
        self._breakers = dict.fromkeys(destinations, Breaker())
        self._stop = threading.Event()

    def stop(self) -> None:
        """Begin no further attempt."""
        self._stop.set()

    def run(self) -> None:
        """Until `stop`. A disk that refuses is said, and asked again."""
        while not self._stop.wait(_LOOK_EVERY_S):
            try:
                self.send_due()
            except StoreFault as fault:
                _log.error("outbox cannot be read", extra={"code": fault.code})

    def send_due(self) -> int:
        """Send everything whose time has come; how many attempts that took."""
        return sum(self._send_to(name) for name in self._destinations)

    def _send_to(self, name: str) -> int:
        attempts = 0
        while not self._stop.is_set() and self._breakers[name].allows(self._clock.monotonic_s()):
            delivery = self._outbox.claim(name)
            if delivery is None:
                break
            attempts += 1
            self._settle(delivery, self._attempt(delivery))
        return attempts

    def _attempt(self, delivery: Delivery) -> Outcome:
        try:
            return self._destinations[delivery.destination].send(self._written(delivery))
        except StoreFault:
            raise
        except Exception as error:  # noqa: BLE001  a letter nobody can write must not hold up the others
            _log.exception("delivery failed inside", extra={"destination": delivery.destination})
            return Later(f"fault of ours: {type(error).__name__}")

    def _settle(self, delivery: Delivery, outcome: Outcome) -> None:
        breaker = self._breakers[delivery.destination]
        now_s = self._clock.monotonic_s()
        told = {"destination": delivery.destination, "attempt": delivery.attempts}
        match outcome:
            case Sent():
                self._outbox.sent(delivery)
                _log.info("delivered", extra=told)
            case Refused(reason=reason):
                self._outbox.bury(delivery, reason)
                _log.error("delivery refused", extra={**told, "reason": reason})
            case Later(reason=reason):
                self._outbox.later(delivery, self._wait_s(delivery, outcome), reason)
                _log.warning("delivery postponed", extra={**told, "reason": reason})
        came = not isinstance(outcome, Later)
        self._breakers[delivery.destination] = breaker.answered() if came else breaker.failed(now_s)

    def _wait_s(self, delivery: Delivery, outcome: Later) -> float:
        limits = self._deliver
        return wait_s(
            delivery.attempts,
            outcome,
            first_s=limits.retry_first_s,
            most_s=limits.retry_most_s,
            chance=random.random(),
        )


def serve(
    forwarder: Forwarder, stop: threading.Event, on_ready: Callable[[], None], alive: Callable[[], None]
) -> None:
    """Send until `stop` is set. One attempt may take long; the process is alive as long as somebody sends."""
    sending = threading.Thread(target=forwarder.run, name="forwarder", daemon=True)
    sending.start()
    on_ready()
    _log.info("sync ready")
    while not stop.wait(_ALIVE_EVERY_S) and sending.is_alive():
        alive()
    forwarder.stop()
    sending.join(_PATIENCE_S)
