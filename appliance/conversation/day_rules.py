"""What each way of naming a day amounts to: the arithmetic behind the tables of the languages.

A rule is given what a pattern caught, in the house's terms, and today; None means that there is no such day.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from appliance.conversation.durations import months_on
from appliance.conversation.holidays import holiday
from appliance.conversation.languages.tables import CalendarWords

_LEAP_YEARS: Final = 8  # from one leap day to the next at most


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule's pattern caught, in the house's terms."""

    match: re.Match[str]
    words: CalendarWords

    def __call__(self, group: str) -> str:
        """What `group` caught; "" when it caught nothing or the rule has no such group."""
        caught = self.match.groupdict().get(group) or ""
        return self.words.meanings.get(caught, caught)

    def weekday(self) -> int:
        return _place(self.words.weekdays, self("weekday"))

    def month(self) -> int:
        return _place(self.words.months, self("month")) + 1

    def count(self) -> int:
        caught = self("count")
        return int(caught) if caught.isdecimal() else int(self.words.counts[caught])

    def year(self) -> int | None:
        """The year, if one was said: of the last hundred years when only two digits were."""
        said = self("year").replace(" ", "")
        return None if not said else int(said) if len(said) > 2 else _century(int(said))


def _place(names: tuple[str, ...], said: str) -> int:
    return next(at for at, name in enumerate(names) if name[:3] == said[:3])


def _century(year: int) -> int:
    return year + (2000 if year < 60 else 1900)


Rule = Callable[[Said, date], date | None]


# --- small change -------------------------------------------------------------------------------


def _date(year: int, month: int, day: int) -> date | None:
    """The date, None when there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _coming(today: date, weekday: int) -> date:
    """The next such weekday, a week from now when it is today: one says "today" for today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _monday(today: date) -> date:
    return today - timedelta(days=today.weekday())


def _next_week(today: date, weekday: int) -> date:
    return _monday(today) + timedelta(weeks=1, days=weekday)


def _month_said(said: Said, today: date) -> date:
    """The first of the month that is named, or of this, the next or the last one."""
    if said("month"):
        return date(said.year() or today.year + (said.month() < today.month), said.month(), 1)
    ahead = {"next": 1, "last": -1}.get(said("which"), 0)
    return months_on(today.replace(day=1), ahead)


# --- the rules ----------------------------------------------------------------------------------


def _iso(said: Said, today: date) -> date | None:
    return _date(int(said("year")), int(said("monthno")), int(said("day")))


def _slashed(said: Said, today: date) -> date | None:
    """12/24 is month/day; 24/12 can only be day/month."""
    month, day = int(said("monthno")), int(said("day"))
    if month > 12:
        month, day = day, month
    year = said.year()
    return _date(year, month, day) if year else _this_or_next_year(month, day, today)


def _slashed_day_first(said: Said, today: date) -> date | None:
    """24/12, where days come before months."""
    year, month, day = said.year(), int(said("monthno")), int(said("day"))
    return _date(year, month, day) if year else _this_or_next_year(month, day, today)


def _month_day(said: Said, today: date) -> date | None:
    year, month, day = said.year(), said.month(), int(said("day"))
    return _date(year, month, day) if year else _this_or_next_year(month, day, today)


def _this_or_next_year(month: int, day: int, today: date) -> date | None:
    years = _LEAP_YEARS if (month, day) == (2, 29) else 1
    dates = (_date(today.year + ahead, month, day) for ahead in range(years + 1))
    return next((one for one in dates if one and one >= today), None)


def _nth_weekday_of_month(said: Said, today: date) -> date | None:
    """ "the second monday of december", "the last friday of this month"."""
    return _nth_from(_month_said(said, today), said("nth"), said.weekday())


def _nth_weekday(said: Said, today: date) -> date | None:
    """ "the second tuesday": of this month, or of the next when that one is past."""
    first = today.replace(day=1)
    days = (_nth_from(months_on(first, ahead), said("nth"), said.weekday()) for ahead in range(3))
    return next((day for day in days if day and day >= today), None)


def _nth_from(first: date, nth: str, weekday: int) -> date | None:
    if nth == "last":
        last = months_on(first, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (int(nth[0]) - 1))
    return day if day.month == first.month else None


def _last_of_month(said: Said, today: date) -> date | None:
    return months_on(_month_said(said, today), 1) - timedelta(days=1)


def _weekdays_from_now(said: Said, today: date) -> date | None:
    """ "two tuesdays from now" is the second one to come."""
    return _coming(today, said.weekday()) + timedelta(weeks=min(said.count(), 999) - 1)


def _weekday_in_week(said: Said, today: date) -> date | None:
    """ "tuesday next week", "next week on tuesday", "tuesday in two weeks"."""
    weeks = min(said.count(), 999) if said("count") else {"next": 1, "last": -1}.get(said("which"), 0)
    weeks += 1 if said("afternext") else 0
    return _monday(today) + timedelta(weeks=weeks, days=said.weekday())


def _week_after_next_on(said: Said, today: date) -> date | None:
    return _next_week(today, said.weekday()) + timedelta(weeks=1)


def _a_week_after(said: Said, today: date) -> date | None:
    start = _next_week(today, said.weekday()) if said("which") == "next" else _coming(today, said.weekday())
    return start + timedelta(weeks=1)


def _named_weekday(said: Said, today: date) -> date | None:
    """ "tuesday" and "this tuesday" are the one to come; "next tuesday" is the one of next week.

    Weeks begin on Monday. On a Saturday both are the same day; on a Monday they are a week apart.
    """
    weekday = said.weekday()
    match said("which"):
        case "next":
            return _next_week(today, weekday)
        case "last":
            return _coming(today, weekday) - timedelta(days=7 if weekday != today.weekday() else 14)
        case "this" if weekday == today.weekday():
            return today
        case _:
            return _coming(today, weekday)


def _weekend(said: Said, today: date) -> date | None:
    saturday = _monday(today) + timedelta(days=5 + (7 if said("which") == "next" else 0))
    return max(saturday, today)


def _week(said: Said, today: date) -> date | None:
    weeks = (0 if said("which") == "this" else 1) + (1 if said("afternext") else 0)
    return max(_monday(today) + timedelta(weeks=weeks), today)


def _week_after_next(said: Said, today: date) -> date | None:
    return _monday(today) + timedelta(weeks=2)


def _in_week(weekday: int) -> Rule:
    """A part of the week by its day; of the next week when this one's is past."""

    def on(said: Said, today: date) -> date | None:
        day = _monday(today) + timedelta(days=weekday)
        return day + timedelta(weeks=1) if said("which") == "next" or day < today else day

    return on


def _end_of_week(said: Said, today: date) -> date | None:
    weeks = 1 if said("which") == "next" else 0
    return max(_monday(today) + timedelta(weeks=weeks, days=4), today)


def _middle_of_month(said: Said, today: date) -> date | None:
    return max(_month_said(said, today).replace(day=15), today)


def _named_month(said: Said, today: date) -> date | None:
    if said("nextmonth"):
        return months_on(today.replace(day=1), 1)
    first = _month_said(said, today)
    return max(first, today) if not said("year") else first


def _day_of_month(said: Said, today: date) -> date | None:
    """ "the 24th": of the first month to come that has it; "the 31st of this month" may not be."""
    day = int(said("day"))
    if not 1 <= day <= 31:
        return None
    if said("which"):
        month = _month_said(said, today)
        return _date(month.year, month.month, day)
    months = (months_on(today.replace(day=1), ahead) for ahead in range(3))
    dates = (_date(month.year, month.month, day) for month in months)
    return next((one for one in dates if one and one >= today), None)


def _near_today(said: Said, today: date) -> date | None:
    ahead = {"tomorrow": 1, "after tomorrow": 2, "yesterday": -1, "before yesterday": -2}
    return today + timedelta(days=ahead.get(said("word"), 0))


def _holiday(said: Said, today: date) -> date | None:
    return holiday(said.words.holidays[said("holiday")], today, said.year())


RULES: Final[dict[str, Rule]] = {
    "iso": _iso,
    "slashed": _slashed,
    "slashed_day_first": _slashed_day_first,
    "month_day": _month_day,
    "nth_weekday_of_month": _nth_weekday_of_month,
    "nth_weekday": _nth_weekday,
    "last_of_month": _last_of_month,
    "weekdays_from_now": _weekdays_from_now,
    "weekday_in_week": _weekday_in_week,
    "week_after_next_on": _week_after_next_on,
    "a_week_after": _a_week_after,
    "holiday": _holiday,
    "near_today": _near_today,
    "day_of_month": _day_of_month,
    "named_weekday": _named_weekday,
    "weekend": _weekend,
    "beginning_of_week": _in_week(0),
    "middle_of_week": _in_week(2),
    "rest_of_week": _near_today,
    "end_of_week": _end_of_week,
    "week_after_next": _week_after_next,
    "week": _week,
    "end_of_day": _near_today,
    "middle_of_month": _middle_of_month,
    "named_month": _named_month,
}
DATES: Final = frozenset({"iso", "slashed", "slashed_day_first", "month_day", "day_of_month"})
STRETCHES: Final = frozenset(
    {
        "week",
        "week_after_next",
        "named_month",
        "end_of_week",
        "beginning_of_week",
        "middle_of_month",
        "weekend",
    }
)
