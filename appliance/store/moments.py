"""Moments as the tables keep them: UTC text of fixed width, which sorts as text."""

from __future__ import annotations

from datetime import UTC, datetime

from appliance.errors import Misused


def moment_text(at: datetime) -> str:
    """A timezone-aware moment as the tables keep it: UTC, fixed width, sorts as text."""
    if at.tzinfo is None:
        raise Misused("a moment without a time zone cannot be kept")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """What `moment_text` kept, in UTC."""
    return datetime.fromisoformat(text)
