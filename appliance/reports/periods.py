"""Days, weeks and months of a business, cut into hours and days by its own clock. Pure.

A day is from midnight to midnight where the business is, so in spring one has 23 hours and in autumn one 25:
then an hour of the clock passes twice, and both are counted to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from appliance.settings import Every

__all__ = ["Every", "Period", "Span", "known_at", "last_over", "midnight", "of"]
_STEP = timedelta(minutes=15)  # every time zone's distance from UTC is a multiple of it


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, moments in UTC: from `begins_at` to just before `ends_at`.

    `day` is the business's date, `hour` that of its clock (0 to 23); None for a whole day.
    """

    begins_at: datetime
    ends_at: datetime
    day: date
    hour: int | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days of a business's calendar, from `first` to the day before `end`.

    `until` is the moment up to which it is known where it is not over yet; None when it is.
    """

    every: Every
    first: date
    end: date
    zone: ZoneInfo
    until: datetime | None = None

    @property
    def begins_at(self) -> datetime:
        """Its first moment, UTC."""
        return midnight(self.first, self.zone)

    @property
    def ends_at(self) -> datetime:
        """The moment after its last, UTC: that up to which it is known, if it is not over."""
        end = midnight(self.end, self.zone)
        return end if self.until is None else min(end, max(self.begins_at, self.until.astimezone(UTC)))

    @property
    def days(self) -> tuple[date, ...]:
        """Its dates, those to come as well."""
        return tuple(self.first + timedelta(days=number) for number in range((self.end - self.first).days))

    def before(self) -> Period:
        """The one before it; as much of it as is known of this one, so that they can be compared."""
        earlier = replace(of(self.every, self.first - timedelta(days=1), self.zone), until=None)
        if self.until is None:
            return earlier
        passed = self.until.astimezone(self.zone).replace(tzinfo=None) - datetime.combine(self.first, time())
        until = (datetime.combine(earlier.first, time()) + passed).replace(tzinfo=self.zone)
        return replace(earlier, until=until.astimezone(UTC))

    def hours(self) -> list[Span]:
        """Its hours by the business's clock, as far as it is known."""
        quarters = _quarters(self.begins_at, self.ends_at, self.zone)
        return [_joined(list(some)) for _, some in groupby(quarters, key=_clock_hour)]

    def whole_days(self) -> list[Span]:
        """Its days, as far as it is known."""
        spans = (
            (day, midnight(day, self.zone), midnight(day + timedelta(days=1), self.zone)) for day in self.days
        )
        return [
            Span(begins, min(ends, self.ends_at), day) for day, begins, ends in spans if begins < self.ends_at
        ]


def of(every: Every, day: date, zone: ZoneInfo) -> Period:
    """The day, week or month in which `day` lies."""
    match every:
        case Every.DAY:
            first, end = day, day + timedelta(days=1)
        case Every.WEEK:
            first = day - timedelta(days=day.weekday())
            end = first + timedelta(days=7)
        case Every.MONTH:
            first = day.replace(day=1)
            end = (first + timedelta(days=31)).replace(day=1)
    return Period(every, first, end, zone)


def known_at(period: Period, now: datetime) -> Period:
    """`period` as far as it is known at `now` (timezone-aware)."""
    return period if now >= midnight(period.end, period.zone) else replace(period, until=now)


def last_over(every: Every, now: datetime, zone: ZoneInfo) -> Period:
    """The newest day, week or month that is over at `now`."""
    return of(every, now.astimezone(zone).date(), zone).before()


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of `day`, UTC. Where the clocks change at midnight, that of the new day."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


# --- hours ----------------------------------------------------------------------------------------


def _quarters(begins: datetime, ends: datetime, zone: ZoneInfo) -> Iterator[Span]:
    at = begins
    while at < ends:
        local = at.astimezone(zone)
        yield Span(at, min(at + _STEP, ends), local.date(), local.hour)
        at += _STEP


def _clock_hour(span: Span) -> tuple[date, int | None]:
    return span.day, span.hour


def _joined(spans: list[Span]) -> Span:
    return replace(spans[0], ends_at=spans[-1].ends_at)
