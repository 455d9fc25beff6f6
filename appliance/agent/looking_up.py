"""The session's questions to the documents: looked up in a thread of their own, remembered for a moment.

A lookup takes some 20 ms of one core: too long for the loop that moves sound, short enough to be done on what
the caller has said so far. What was found for a guess is there when the same words become the question.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from appliance.domain.commands import FindPassages
from appliance.domain.events import PassagesFound
from appliance.errors import ApplianceError
from appliance.knowledge.search import Found, Search

_log = logging.getLogger(__name__)
_REMEMBERED_MAX: Final = 64


class LookingUp:
    """One for all calls. Without `search` (no documents can be read) the documents say nothing."""

    def __init__(self, search: Search | None) -> None:
        self._search = search
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="documents")
        self._found: OrderedDict[tuple[int, str, int], Found] = OrderedDict()
        if search is not None:
            self._thread.submit(_load, search)

    def has_any(self) -> bool:
        """Whether there are documents to ask, as of the last look; looks again, so that the next call knows."""
        if self._search is None:
            return False
        self._thread.submit(_load, self._search)
        return self._search.passages > 0

    async def look_up(self, command: FindPassages) -> PassagesFound:
        """What the documents say. A fault is said in the log, and to the session that they say nothing."""
        if self._search is None:
            return PassagesFound(command.call_id, command.query)
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(
                self._thread, self._remembered, self._search, command.text, command.count
            )
        except ApplianceError as fault:
            _say_fault(fault, command.call_id)
            return PassagesFound(command.call_id, command.query)
        return PassagesFound(command.call_id, command.query, found.passages, found.answer, found.likelihood)

    def close(self) -> None:
        """No more questions; one that is under way is answered."""
        self._thread.shutdown(wait=True)

    def _remembered(self, search: Search, text: str, count: int) -> Found:
        """In the thread: found before from the same documents, or found now."""
        key = (search.generation(), text, count)
        if key not in self._found:
            self._found[key] = search.find(text, count)
            while len(self._found) > _REMEMBERED_MAX:
                self._found.popitem(last=False)
        return self._found[key]


def _load(search: Search) -> None:
    """Before the first question; documents that cannot be read keep nobody from calls."""
    try:
        search.load()
    except ApplianceError as fault:
        _say_fault(fault)


def _say_fault(fault: ApplianceError, call_id: str = "") -> None:
    _log.error(
        "documents cannot be searched", extra={"call_id": call_id, "code": fault.code, "reason": str(fault)}
    )
