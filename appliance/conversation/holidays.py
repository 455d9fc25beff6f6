"""The feasts callers name instead of a date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _nth(month: int, weekday: int, nth: int) -> Callable[[int], date]:
    """The nth such weekday of the month; Monday is 0."""

    def in_year(year: int) -> date:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))

    return in_year


# Longer names before the shorter ones they begin with.
HOLIDAYS: Final[dict[str, Callable[[int], date]]] = {
    "christmas eve": _fixed(12, 24),
    "christmas": _fixed(12, 25),
    "boxing day": _fixed(12, 26),
    "new year's eve": _fixed(12, 31),
    "new years eve": _fixed(12, 31),
    "new year's": _fixed(1, 1),
    "new years": _fixed(1, 1),
    "valentine's": _fixed(2, 14),
    "independence day": _fixed(7, 4),
    "labor day": _nth(9, 0, 1),
    "halloween": _fixed(10, 31),
    "thanksgiving": _nth(11, 3, 4),
}


def holiday(name: str, today: date, later: timedelta = timedelta(0)) -> date:
    """The feast called `name` (a key of HOLIDAYS), `later` days after it, the first that is not past."""
    this = HOLIDAYS[name](today.year) + later
    return this if this >= today else HOLIDAYS[name](today.year + 1) + later
