"""Tools the box answers by itself: when it is open on a day, what a caller has before them. Pure.

Each gives what its schema in business/tools.py declares; None where there is nothing to say to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from appliance.business import Business
from appliance.conversation.dates import spoken_day, spoken_moment, when_heard
from appliance.conversation.facts import spoken_spans
from appliance.domain.appointment import Appointment

Told = dict[str, str | int | bool]


def hours_told(arguments: Mapping[str, object], business: Business, now: datetime) -> Told | None:
    """Whether the business is open on the day that is meant ("tuesday", "2026-12-24"), and when."""
    today = now.astimezone(business.zone)
    day = _day_meant(str(arguments["day"]), today, business.language)
    if day is None:
        return None
    spans = business.open_on(day)
    return {"open": bool(spans), "day": spoken_day(day, today.date()), "hours": spoken_spans(spans)}


def _day_meant(text: str, now: datetime, language: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        when = when_heard(text, now, language)
    return when.day if when is not None else None


def appointment_told(found: Sequence[Appointment], business: Business, now: datetime) -> Told | None:
    """The next of a caller's appointments, as it is spoken, and how many there are."""
    if not found:
        return None
    first = min(found, key=lambda one: one.starts_at)
    service = business.service(first.service)
    moment = spoken_moment(first.starts_at.astimezone(business.zone), now.astimezone(business.zone))
    named = service.spoken if service is not None else first.service
    return {"service": named, "moment": moment, "count": len(found)}
