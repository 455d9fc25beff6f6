"""From the database to a report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from appliance.business import Business
from appliance.domain.call import Disposition
from appliance.errors import NotFound
from appliance.reports import figures, periods
from appliance.reports.alike import Asked, Group, grouped
from appliance.reports.figures import Report
from appliance.reports.periods import Every, Period, Span
from appliance.store.database import Database
from appliance.store.reporting import Counted, Reporting


def report_of(database: Database, business: Business, period: Period, now: datetime) -> Report:
    """The report of `period` as it is known at `now`; StoreFault when the database cannot be read."""
    known = periods.known_at(period, now)
    cut = figures.cuts(known)
    counted = Reporting(database).count(_moments(cut.hours), _moments(cut.rows))
    questions = unanswered_in(database, business, known.begins_at, known.ends_at)
    return figures.report(
        cut,
        counted,
        questions,
        business=business.name,
        language=business.language,
        period=known,
        made_at=now,
    )


def empty_report(business: Business, period: Period, now: datetime) -> Report:
    """The report of a box that has had no calls yet."""
    known = periods.known_at(period, now)
    return figures.report(
        figures.cuts(known),
        Counted((), (), (), (), (), ()),
        (),
        business=business.name,
        language=business.language,
        period=known,
        made_at=now,
    )


def unanswered_in(
    database: Database, business: Business, since: datetime, until: datetime
) -> tuple[Group, ...]:
    """What was asked between two moments and not answered, alike questions together."""
    found = Reporting(database).unanswered(since, until)
    asked = (
        Asked(one.question, one.call_id, one.asked_at, one.disposition == Disposition.MESSAGE)
        for one in found
    )
    return grouped(asked, business.language)


def period_named(every: Every, name: str, now: datetime, zone: ZoneInfo) -> Period:
    """The day, week or month meant by an ISO date in it, "now" or "last" (the newest that is over); NotFound."""
    today = now.astimezone(zone).date()
    if name == "last":
        return periods.last_over(every, now, zone)
    try:
        day = today if name == "now" else date.fromisoformat(name)
        period = periods.of(every, day, zone)
        begins_at, _ = period.begins_at, period.before().begins_at
    except (ValueError, OverflowError):
        raise NotFound(
            f'"{name}" is no date of a report.', remedy="Give one like 2026-11-21, or now, or last."
        ) from None
    if begins_at > now:
        raise NotFound(f"The {every} of {day} has not begun yet.", remedy="Give a date that is not to come.")
    return period


def _moments(spans: Sequence[Span]) -> list[tuple[datetime, datetime]]:
    return [(one.begins_at, one.ends_at) for one in spans]
