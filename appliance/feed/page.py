"""What the feed answers, made anew only when the diary has changed."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from appliance.business import Business
from appliance.clock import Clock
from appliance.store.appointments import Diary
from appliance.store.ics import calendar_of

_DAYS_AHEAD: Final = 400  # beyond the longest horizon of a diary


@dataclass(frozen=True, slots=True)
class Page:
    """The calendar as bytes; the same bytes have the same `etag` (RFC 9110, 8.8.3)."""

    body: bytes
    etag: str


class Pages:
    """The newest page of a diary. Usable from several threads."""

    def __init__(self, diary: Diary, business: Business, clock: Clock, days_back: int) -> None:
        self._diary = diary
        self._business = business
        self._clock = clock
        self._days_back = timedelta(days=days_back)
        self._lock = threading.Lock()
        self._made: tuple[tuple[date, int], Page] | None = None

    def newest(self) -> Page:
        """The diary as it stands; StoreFault when it cannot be read."""
        today = self._clock.now().astimezone(self._business.zone).date()
        with self._lock:
            known_by = today, self._diary.last_change()
            if self._made is None or self._made[0] != known_by:
                self._made = known_by, self._make(today)
            return self._made[1]

    def _make(self, today: date) -> Page:
        midnight = datetime.combine(today, time(), self._business.zone)
        entries = self._diary.entries(midnight - self._days_back, midnight + timedelta(days=_DAYS_AHEAD))
        body = calendar_of(entries, self._business)
        return Page(body, f'"{hashlib.sha256(body).hexdigest()[:20]}"')


MakePage = Callable[[], Page]
