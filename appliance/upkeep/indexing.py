"""The words of calls from before there was an index: put in a few at a time, while nobody is on the line."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Final

from appliance.store.search import Search

CALLS_AT_ONCE: Final = 100
"""In one transaction: some 20 ms for which nobody else writes."""
_TRANSACTIONS: Final = 10


class Indexing:
    """Goes on where it stopped, the newest calls first."""

    name = "index"

    def __init__(self, search: Search) -> None:
        self._search = search

    def is_due(self, now: datetime, *, idle: bool) -> bool:
        """As long as there are any."""
        return idle and self._search.waiting() > 0

    def do(self, stop: threading.Event) -> None:
        """A thousand, then it is looked again whether nobody is on the line."""
        for _ in range(_TRANSACTIONS):
            if stop.is_set() or not self._search.catch_up(CALLS_AT_ONCE):
                return
