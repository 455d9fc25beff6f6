"""Asks the customer database about those who called, so that the box knows them the next time, offline too."""

from __future__ import annotations

import logging
import threading
from typing import Final

from appliance.clock import Clock
from appliance.conversation.breaker import Breaker
from appliance.errors import NoAnswer, StoreFault
from appliance.store.contacts import Contacts
from appliance.sync.crm.ports import Crm, KnownContact

_log = logging.getLogger(__name__)
_LOOK_EVERY_S: Final = 10.0


class Acquaintance:
    """Keeps `contacts` up to date with what `crm` knows."""

    def __init__(self, contacts: Contacts, crm: Crm, clock: Clock) -> None:
        self._contacts = contacts
        self._crm = crm
        self._clock = clock
        self._breaker = Breaker()

    def run(self, stop: threading.Event) -> None:
        """Until `stop`. A disk that refuses is said, and asked again."""
        while not stop.wait(_LOOK_EVERY_S):
            try:
                self.look(stop)
            except StoreFault as fault:
                _log.error("contacts cannot be kept", extra={"code": fault.code})

    def look(self, stop: threading.Event | None = None) -> int:
        """Ask about everybody who is to be asked about now; about how many an answer came."""
        answers = 0
        for phone in self._contacts.to_ask():
            if stop is not None and stop.is_set():
                break
            if not self._breaker.allows(self._clock.monotonic_s()) or not self._ask(phone):
                break
            answers += 1
        return answers

    def _ask(self, phone: str) -> bool:
        try:
            found = self._crm.contacts(phone)
        except NoAnswer as fault:
            return self._failed(fault.message)
        except Exception as error:  # noqa: BLE001  an answer nobody can make sense of must not end the asking
            _log.exception("asking failed inside")
            return self._failed(type(error).__name__)
        self._breaker = self._breaker.answered()
        one = found[0] if len(found) == 1 else KnownContact("", "", phone)  # whose name of several?
        self._contacts.learnt(phone, one.identity, one.name, len(found))
        return True

    def _failed(self, reason: str) -> bool:
        self._breaker = self._breaker.failed(self._clock.monotonic_s())
        _log.warning("contact not asked", extra={"reason": reason})
        return False
