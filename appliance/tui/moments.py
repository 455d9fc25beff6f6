"""Moments as a technician types them (`2d`, a date, "tuesday at ten") and as a screen shows how long ago they were."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from appliance.business import Business
from appliance.conversation.dates import when_heard
from appliance.errors import ConfigError

_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SPANS: Final = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))


def since(text: str, now: datetime) -> datetime | None:
    """`2d` ago, or the beginning of a date; None for nothing. ConfigError for what is neither."""
    typed = text.strip()
    if not typed:
        return None
    if ago := re.fullmatch(r"(\d{1,6})\s*([mhdw])", typed):
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    at = _iso(typed)
    if at is None:
        raise ConfigError(f'"{typed}" is no time.', remedy="Type 30m, 12h, 2d, 1w or a date like 2026-11-21.")
    return at if at.tzinfo else at.replace(tzinfo=now.tzinfo)


def moment(text: str, now: datetime, business: Business) -> datetime:
    """A day and an hour, ISO 8601 or as a caller would say them. ConfigError for what is none."""
    at = _iso(text.strip()) or _spoken(text, now, business.language)
    if at is None:
        raise ConfigError(
            f'"{text}" is no day with an hour.', remedy='Type "2026-11-24 10:00" or "tuesday at ten".'
        )
    return at if at.tzinfo else at.replace(tzinfo=business.zone)


def ago(at: datetime | None, now: datetime) -> str:
    """How long ago, in one unit: `5 h`; `-` for never."""
    if at is None:
        return "-"
    seconds = max(0.0, (now - at).total_seconds())
    return next((f"{seconds / unit_s:.0f} {unit}" for unit, unit_s in _SPANS if seconds >= 2 * unit_s), "now")


def _spoken(text: str, now: datetime, language: str) -> datetime | None:
    when = when_heard(text, now, language)
    if when is None or when.impossible or when.day is None or when.at is None:
        return None
    return datetime.combine(when.day, when.at)


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
