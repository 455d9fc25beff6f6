"""By which name the office's customer database knows a caller: read from the box's own cache, within a blink.

The agent has no network: a caller the cache does not know, or whose entry is old, is asked for by the sync process.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Final

from appliance.errors import ApplianceError
from appliance.store.contacts import Contacts, e164
from appliance.store.writer import StoreWriter

_log = logging.getLogger(__name__)
_LIMIT_S: Final = 0.05
"""A disk that takes longer is not waited for: the greeting must not be late."""


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """`name` is empty where the caller is not greeted by one; `matches`: how many have their number."""

    name: str = ""
    matches: int = 0


class CallerNames:
    """Looks callers up. `read` is a connection of its own, which never waits for whoever writes."""

    def __init__(self, read: Contacts, kept: Contacts, writer: StoreWriter, region: str) -> None:
        self._read = read
        self._kept = kept
        self._writer = writer
        self._region = region

    def get_ready(self) -> None:
        """Read the tables of numbers and open the cache now, and not when somebody waits."""
        try:
            self._known(e164("+13035550123", self._region))
        except ApplianceError as fault:
            _log.info("no contacts yet", extra={"code": fault.code})

    async def look_up(self, caller: str) -> KnownCaller:
        """What is known of who calls; nothing when the disk does not say it at once."""
        phone = e164(caller, self._region)
        if not phone:
            return KnownCaller()
        self._writer.post(self._kept.called, phone)
        try:
            async with asyncio.timeout(_LIMIT_S):
                return await asyncio.to_thread(self._known, phone)
        except TimeoutError:
            _log.warning("contacts too slow to greet by name")
        except ApplianceError as fault:
            _log.warning("contacts cannot be read", extra={"code": fault.code})
        return KnownCaller()

    def _known(self, phone: str) -> KnownCaller:
        found = self._read.get(phone)
        return KnownCaller() if found is None else KnownCaller(self._read.usable_name(found), found.matches)
