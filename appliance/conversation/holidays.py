"""The feasts callers name instead of a date: when they are. What they are called stands in the languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _nth(month: int, weekday: int, nth: int, later: int = 0) -> Callable[[int], date]:
    """The nth such weekday of the month, `later` days after it; Monday is 0."""

    def in_year(year: int) -> date:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1) + later)

    return in_year


def _last_monday_of_may(year: int) -> date:
    last = date(year, 5, 31)
    return last - timedelta(days=last.weekday())


def _after_easter(days: int) -> Callable[[int], date]:
    """Easter Sunday by the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, ch. 8)."""

    def in_year(year: int) -> date:
        century, of_century = divmod(year, 100)
        moon = (8 * century + 13) // 25
        epact = (19 * (year % 19) + century - century // 4 - moon + 15) % 30
        weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - epact - of_century % 4) % 7
        shift = (year % 19 + 11 * epact + 22 * weekday) // 451
        month, day = divmod(epact + weekday - 7 * shift + 114, 31)
        return date(year, month, day + 1) + timedelta(days=days)

    return in_year


HOLIDAYS: Final[dict[str, Callable[[int], date]]] = {
    "new year's": _fixed(1, 1),
    "epiphany": _fixed(1, 6),
    "martin luther king": _nth(1, 0, 3),
    "valentine's": _fixed(2, 14),
    "presidents day": _nth(2, 0, 3),
    "saint patrick's": _fixed(3, 17),
    "good friday": _after_easter(-2),
    "easter": _after_easter(0),
    "easter monday": _after_easter(1),
    "mother's": _nth(5, 6, 2),
    "memorial day": _last_monday_of_may,
    "juneteenth": _fixed(6, 19),
    "father's": _nth(6, 6, 3),
    "independence day": _fixed(7, 4),
    "labor day": _nth(9, 0, 1),
    "columbus day": _nth(10, 0, 2),
    "halloween": _fixed(10, 31),
    "veterans day": _fixed(11, 11),
    "thanksgiving": _nth(11, 3, 4),
    "black friday": _nth(11, 3, 4, later=1),
    "christmas eve": _fixed(12, 24),
    "christmas": _fixed(12, 25),
    "boxing day": _fixed(12, 26),
    "new year's eve": _fixed(12, 31),
}
"""The feasts of our languages' countries, each with its day in a year."""


def holiday(name: str, today: date, year: int | None = None) -> date:
    """The feast called `name` (a key of HOLIDAYS) in `year`, else the first that is not past."""
    if year is not None:
        return HOLIDAYS[name](year)
    this = HOLIDAYS[name](today.year)
    return this if this >= today else HOLIDAYS[name](today.year + 1)
