"""When could it be? The arithmetic of the diary, pure: opening hours, grid, lengths and clock changes.

Everything is counted in whole minutes since 1970 UTC, because wall time repeats an hour in autumn and lacks
one in spring, and Python compares two moments of one zone by their wall time.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from appliance.business import Business, Span
from appliance.errors import Misused

DAY_MINUTES = 24 * 60

Stretch = tuple[int, int]  # from a minute to the one it ends before


def minute_of(at: datetime) -> int:
    """The minute in which `at` (timezone-aware) lies."""
    if at.tzinfo is None:
        raise Misused("a moment without a time zone has no place in the diary")
    return int(at.timestamp() // 60)


def minute_after(at: datetime) -> int:
    """The first minute that begins at `at` or later."""
    return minute_of(at) + (1 if at.second or at.microsecond else 0)


def moment_of(minute: int, zone: ZoneInfo) -> datetime:
    """The moment at which `minute` begins, in `zone`."""
    return datetime.fromtimestamp(minute * 60, UTC).astimezone(zone)


def starts(business: Business, after: int, before: int, length_minutes: int) -> Iterator[int]:
    """Minutes in [after, before) at which something of this length may begin, soonest first."""
    day = moment_of(after, business.zone).date()
    last = moment_of(before, business.zone).date()
    while day <= last:
        yield from (start for start in _on(business, day, length_minutes) if after <= start < before)
        day += timedelta(days=1)


def starts_backwards(business: Business, after: int, before: int, length_minutes: int) -> Iterator[int]:
    """The same minutes, the latest first."""
    day = moment_of(before, business.zone).date()
    first = moment_of(after, business.zone).date()
    while day >= first:
        found = list(_on(business, day, length_minutes))
        yield from (start for start in reversed(found) if after <= start < before)
        day -= timedelta(days=1)


def starts_around(
    business: Business, near: int, after: int, before: int, length_minutes: int
) -> Iterator[int]:
    """The same minutes, the nearest to `near` first; of two as near the later, which leaves time to come."""
    middle = min(max(near, after), before)
    onwards = starts(business, middle, before, length_minutes)
    backwards = starts_backwards(business, after, middle, length_minutes)
    return heapq.merge(onwards, backwards, key=lambda start: abs(start - near))


def may_begin(business: Business, start: int, length_minutes: int) -> bool:
    """Whether the business is open for all of it and its start lies on the grid."""
    return start in starts(business, start, start + 1, length_minutes)


def day_of(stretch: Stretch, zone: ZoneInfo) -> date:
    """The day on which it begins."""
    return moment_of(stretch[0], zone).date()


def stretch_of(span: Span, day: date, zone: ZoneInfo) -> Stretch:
    """The minutes of a span of a day."""
    return minute_after(datetime.combine(day, span.opens, zone)), _closes(span, day, zone)


def _on(business: Business, day: date, length_minutes: int) -> Iterator[int]:
    for span in business.open_on(day):
        closes = _closes(span, day, business.zone)
        yield from (start for start in _starts_in(span, day, business) if start + length_minutes <= closes)


def _starts_in(span: Span, day: date, business: Business) -> Iterator[int]:
    """The grid counts from local midnight, so an opening is "nine thirty", whenever the doors open."""
    grid = business.booking.grid_minutes
    opens, closes = _wall_minute(span.opens), _wall_minute(span.closes)
    for wall in range(-(-opens // grid) * grid, closes, grid):
        start = _minute(day, wall, business.zone)
        if start is not None:
            yield start


def _wall_minute(at: time) -> int:
    return at.hour * 60 + at.minute + (1 if at.second or at.microsecond else 0)


def _minute(day: date, wall: int, zone: ZoneInfo) -> int | None:
    """The first minute that reads `wall` on the clock of that day; None when the clock skips it."""
    at = datetime.combine(day, time(wall // 60, wall % 60), zone)
    minute = minute_of(at)
    return minute if moment_of(minute, zone).replace(tzinfo=None) == at.replace(tzinfo=None) else None


def _closes(span: Span, day: date, zone: ZoneInfo) -> int:
    """The minute of closing; where the clock change makes it two, the earlier."""
    return min(minute_of(datetime.combine(day, span.closes, zone).replace(fold=fold)) for fold in (0, 1))
