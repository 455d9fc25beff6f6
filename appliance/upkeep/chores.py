"""What a chore must be, and when one that comes round is due."""

from __future__ import annotations

import threading
from datetime import datetime, time, timedelta
from typing import Protocol


class Chore(Protocol):
    """Something the box does for itself. One is done at a time; what it decides from is handed in."""

    name: str
    """Stable and greppable: the journal and the log call it so."""

    def is_due(self, now: datetime, *, idle: bool) -> bool:
        """Whether to do it at `now` (timezone-aware, the office's time); `idle`: nobody is on the line."""
        ...

    def do(self, stop: threading.Event) -> None:
        """Do it; return soon after `stop` is set. ApplianceErrors are logged and shown, and it is tried again."""
        ...


def comes_round(now: datetime, last: datetime | None, at: time, *, days: int = 1) -> bool:
    """Whether something to be done every `days` at the time of day `at` is due, `last` done then.

    What was missed because the box was off is made up for at once. A `last` in the future (the clock was set
    back) counts as never.
    """
    if last is None or last > now:
        return True
    today = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    newest = today if today <= now else today - timedelta(days=1)
    return last < newest - timedelta(days=days - 1)
