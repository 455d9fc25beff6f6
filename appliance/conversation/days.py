"""Which day somebody means: "the tuesday after next", "november twenty fourth", "in two weeks".

Works on text whose number words are numerals already. dateparser, parsedatetime and recurrent were tried on
such sentences: they miss "the twenty fourth", turn "the day after tomorrow" into tomorrow and the 31st of
February into the 19th, and take up to 400 ms, so the rules are ours: an ordered table, first match wins.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from appliance.conversation.holidays import HOLIDAYS, holiday

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS: Final = (
    "january february march april may june july august september october november december".split()
)
DAY_MARK: Final = "@"  # stands in the rest of the text where the day was said

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
)
_MONTH += r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?:\b|(?=\d))\.?"
_WEEKDAY = r"(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
_WEEKDAY += r"|saturday|(?<!i )sat|sunday|(?<!the )sun)s?\b\.?"
_YEAR = r"(?:,? ?(?:(?:of|in) )?(?P<year>(?:19|20) ?\d\d)\b(?! ?(?:am|pm)))?"
_DAY = r"(?P<day>[0-3]?\d)"
_NTH = _DAY + r"(?:st|nd|rd|th)"
_COUNT = r"(?P<count>an?|the|\d+|a couple(?: of)?|a few|few|several)"
_UNIT = r"(?P<unit>day|week|fortnight|month|year|business day|working day)s?\b"
_FROM = rf"(?P<start>now|today|tomorrow|yesterday|{_WEEKDAY})"

_CONFLICT_DAYS_MAX: Final = 92

Rule = Callable[[re.Match[str], date], date | None]


@dataclass(frozen=True, slots=True)
class DayFound:
    """What a text says about the day. `rest` is the text with DAY_MARK in the day's place.

    `day` is None when none is named, or when the one that is named does not exist (`impossible`).
    `onwards` when a stretch was named ("next week"): any day from then on may be meant.
    """

    day: date | None
    rest: str
    impossible: bool = False
    onwards: bool = False


def find_day(text: str, today: date) -> DayFound:
    """The day that `text` (lower case, numerals) names, seen from `today`; never past unless said so."""
    for pattern, rule in _RULES:
        for match in pattern.finditer(text):
            day = rule(match, today)
            rest = " ".join([*text[: match.start()].split(), DAY_MARK, *text[match.end() :].split()])
            onwards = rule in _STRETCHES
            agreed = _agreeing(day, match, rest, today) if rule in _DATES else day
            return DayFound(agreed, _without_weekdays(rest), agreed is None, onwards)
    return DayFound(None, text)


def _without_weekdays(rest: str) -> str:
    """A second naming of the same day ("thursday the 26th") must not be left for the hours to trip on."""
    return re.sub(rf"\b(?:on )?{_WEEKDAY}", DAY_MARK, rest)


# --- small change -------------------------------------------------------------------------------


def _said(match: re.Match[str], group: str) -> str:
    """What a rule's group caught; "" when it caught nothing or the rule has no such group."""
    return match.groupdict().get(group) or ""


def _weekday(match: re.Match[str]) -> int:
    return next(at for at, name in enumerate(WEEKDAYS) if name.startswith(_said(match, "weekday")[:3]))


def _month(match: re.Match[str]) -> int:
    return next(at for at, name in enumerate(MONTHS, start=1) if name.startswith(_said(match, "month")[:3]))


def _count(match: re.Match[str]) -> int:
    words = {"a": 1, "an": 1, "the": 1, "a couple": 2, "a couple of": 2}
    said = _said(match, "count")
    return int(said) if said.isdigit() else words.get(said, 3)


def _date(year: int, month: int, day: int) -> date | None:
    """The date, None when there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _months_on(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _coming(today: date, weekday: int) -> date:
    """The next such weekday, a week from now when it is today: one says "today" for today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _monday(today: date) -> date:
    return today - timedelta(days=today.weekday())


def _two_digits(year: str) -> int:
    number = int(year.replace(" ", ""))
    return number if number > 99 else number + (2000 if number < 70 else 1900)


def _in_words_of_today(word: str, today: date) -> date:
    days = {"now": 0, "today": 0, "tomorrow": 1, "yesterday": -1}
    return today + timedelta(days=days[word])


# --- the rules ----------------------------------------------------------------------------------


def _iso(match: re.Match[str], today: date) -> date | None:
    return _date(int(_said(match, "year")), int(_said(match, "monthno")), int(_said(match, "day")))


def _slashed(match: re.Match[str], today: date) -> date | None:
    """12/24 is month/day; 24/12 can only be day/month."""
    month, day = int(_said(match, "monthno")), int(_said(match, "day"))
    if month > 12:
        month, day = day, month
    year = _said(match, "year")
    return _date(_two_digits(year), month, day) if year else _this_or_next_year(month, day, today)


def _month_day(match: re.Match[str], today: date) -> date | None:
    month, day = _month(match), int(_said(match, "day"))
    if _said(match, "year"):
        return _date(_two_digits(_said(match, "year")), month, day)
    return _this_or_next_year(month, day, today)


def _this_or_next_year(month: int, day: int, today: date) -> date | None:
    this = _date(today.year, month, day)
    return this if this and this >= today else _date(today.year + 1, month, day)


def _nth_weekday_of_month(match: re.Match[str], today: date) -> date | None:
    """ "the second monday of december", "the last friday of this month"."""
    if _said(match, "month"):
        month = _month(match)
        first = date(today.year + (month < today.month), month, 1)
    else:
        first = _months_on(today.replace(day=1), 1 if _said(match, "which") == "next" else 0)
    if _said(match, "nth") == "last":
        last = _months_on(first, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - _weekday(match)) % 7)
    ahead = (_weekday(match) - first.weekday()) % 7 + 7 * (int(_said(match, "nth")[0]) - 1)
    day = first + timedelta(days=ahead)
    return day if day.month == first.month else None


def _after_tomorrow(match: re.Match[str], today: date) -> date | None:
    return today + timedelta(days=-2 if _said(match, "before") else 2)


def _ahead(match: re.Match[str], today: date) -> date | None:
    """ "in two weeks", "three days from tomorrow", "a week from friday", "two years ago"."""
    start = today
    if _said(match, "weekday"):
        start = _coming(today, _weekday(match))
    elif _said(match, "start"):
        start = _in_words_of_today(_said(match, "start"), today)
    return _moved(
        start,
        _count(match),
        _said(match, "unit"),
        back="before" in _said(match, "back") or bool(_said(match, "ago")),
    )


def _moved(start: date, count: int, unit: str, *, back: bool) -> date | None:
    count = min(count, 9999) * (-1 if back else 1)
    try:
        match unit:
            case "month":
                return _months_on(start, count)
            case "year":
                return _months_on(start, 12 * count)
            case "business day" | "working day":
                return _working_days_on(start, count)
            case _:
                return start + timedelta(days=count * {"day": 1, "week": 7, "fortnight": 14}[unit])
    except (OverflowError, ValueError):  # the year 12000
        return None


def _working_days_on(start: date, count: int) -> date:
    step = 1 if count > 0 else -1
    for _ in range(min(abs(count), 366)):
        start += timedelta(days=step)
        while start.weekday() >= 5:
            start += timedelta(days=step)
    return start


def _weekdays_from_now(match: re.Match[str], today: date) -> date | None:
    """ "two tuesdays from now" is the second one to come."""
    return _coming(today, _weekday(match)) + timedelta(weeks=_count(match) - 1)


def _weekday_in_week(match: re.Match[str], today: date) -> date | None:
    """ "tuesday next week", "next week on tuesday", "tuesday in two weeks"."""
    if _said(match, "count"):
        weeks = _count(match)
    else:
        weeks = {"next": 1, "following": 1, "last": -1}.get(_said(match, "which"), 0)
    weeks += 1 if _said(match, "afternext") else 0
    return _monday(today) + timedelta(weeks=weeks, days=_weekday(match))


def _weekday_after_next(match: re.Match[str], today: date) -> date | None:
    return _next_week(today, _weekday(match)) + timedelta(weeks=1)


def _a_week_after(match: re.Match[str], today: date) -> date | None:
    return _coming(today, _weekday(match)) + timedelta(weeks=1)


def _next_week(today: date, weekday: int) -> date:
    return _monday(today) + timedelta(weeks=1, days=weekday)


def _named_weekday(match: re.Match[str], today: date) -> date | None:
    """ "tuesday" and "this tuesday" are the one to come; "next tuesday" is the one of next week.

    Weeks begin on Monday. On a Saturday both are the same day; on a Monday they are a week apart.
    """
    weekday = _weekday(match)
    match _said(match, "which"):
        case "next" | "following":
            return _next_week(today, weekday)
        case "last" | "past":
            return _coming(today, weekday) - timedelta(days=7 if weekday != today.weekday() else 14)
        case "this" if weekday == today.weekday():
            return today
        case _:
            return _coming(today, weekday)


def _weekend(match: re.Match[str], today: date) -> date | None:
    saturday = _monday(today) + timedelta(days=5 + (7 if _said(match, "which") == "next" else 0))
    return max(saturday, today)


def _week(match: re.Match[str], today: date) -> date | None:
    weeks = (0 if _said(match, "which") == "this" else 1) + (1 if _said(match, "afternext") else 0)
    return max(_monday(today) + timedelta(weeks=weeks), today)


def _end_of_week(match: re.Match[str], today: date) -> date | None:
    return max(_monday(today) + timedelta(days=4), today)


def _named_month(match: re.Match[str], today: date) -> date | None:
    if _said(match, "nextmonth"):
        return _months_on(today.replace(day=1), 1)
    month = _month(match)
    return max(date(today.year + (month < today.month), month, 1), today)


def _day_of_month(match: re.Match[str], today: date) -> date | None:
    """ "the 24th": of the first month to come that has it; "the 31st of this month" may not be."""
    day = int(_said(match, "day"))
    if not 1 <= day <= 31:
        return None
    first = today.replace(day=1)
    if _said(match, "which"):
        month = _months_on(first, 1 if _said(match, "which") == "next" else 0)
        return _date(month.year, month.month, day)
    months = (_months_on(first, ahead) for ahead in range(3))
    dates = (_date(month.year, month.month, day) for month in months)
    return next((one for one in dates if one and one >= today), None)


def _near_today(match: re.Match[str], today: date) -> date | None:
    word = _said(match, "word")
    if word.startswith(("tomorrow", "tmrw", "next day")):
        return today + timedelta(days=1)
    return today - timedelta(days=1) if word in {"yesterday", "last night"} else today


def _holiday(match: re.Match[str], today: date) -> date | None:
    """The feast to come, or with `dayafter` the day after it."""
    return holiday(_said(match, "holiday"), today, timedelta(days=1 if _said(match, "dayafter") else 0))


def _agreeing(day: date | None, match: re.Match[str], rest: str, today: date) -> date | None:
    """`day` if a weekday said with it agrees; "friday the 13th" is the next one; else it is impossible."""
    named = re.search(_WEEKDAY, rest)
    if day is None or named is None or day.weekday() == _weekday(named):
        return day
    if _said(match, "month") or _said(match, "monthno") or _said(match, "which"):
        return None
    ahead = (day + timedelta(days=days) for days in range(_CONFLICT_DAYS_MAX))
    return next((one for one in ahead if one.day == day.day and one.weekday() == _weekday(named)), None)


def _rule(pattern: str, rule: Rule) -> tuple[re.Pattern[str], Rule]:
    return re.compile(rf"(?<![\w:/.-]){pattern}"), rule


_DATES: Final = frozenset({_iso, _slashed, _month_day, _day_of_month})
_STRETCHES: Final = frozenset({_week, _named_month, _end_of_week, _weekend})
_RULES: Final = (
    _rule(r"(?P<year>\d{4})[-/.](?P<monthno>\d\d?)[-/.](?P<day>\d\d?)(?!\d)", _iso),
    _rule(r"(?P<monthno>\d\d?)(?P<sep>[-/.])(?P<day>\d\d?)(?P=sep)(?P<year>\d{4}|\d\d)(?!\d)", _slashed),
    _rule(r"(?P<monthno>\d\d?)/(?P<day>\d\d?)(?: (?P<year>20\d\d))?(?![\d/])", _slashed),
    _rule(rf"(?:the )?{_NTH} (?:day )?(?:of )?{_MONTH}{_YEAR}", _month_day),
    _rule(rf"{_MONTH}[ /-]?(?:the )?{_DAY}(?:st|nd|rd|th)?(?!\d|:|/| ?am\b| ?pm\b){_YEAR}", _month_day),
    _rule(rf"(?:the )?{_DAY} (?:of )?{_MONTH}{_YEAR}(?! be| i\b)", _month_day),
    _rule(
        rf"(?:the )?(?P<nth>[1-5](?:st|nd|rd|th)|last) {_WEEKDAY} (?:of|in) "
        rf"(?:(?P<which>the|this|next) month|{_MONTH})",
        _nth_weekday_of_month,
    ),
    _rule(r"(?:the )?day (?:after (?:tomorrow|tmrw)|(?P<before>before yesterday))", _after_tomorrow),
    _rule(rf"(?P<count>\d+|a couple(?: of)?) {_WEEKDAY} (?:from (?:now|today)|later)", _weekdays_from_now),
    _rule(
        rf"(?:in )?{_COUNT} {_UNIT}(?:(?P<back> before| from| after) {_FROM}|(?P<ago> ago| before)"
        rf"| later| hence)",
        _ahead,
    ),
    _rule(rf"(?:on )?{_WEEKDAY},? in (?P<count>\d+|a) weeks?", _weekday_in_week),
    _rule(rf"in {_COUNT} weeks?,? (?:on )?{_WEEKDAY}", _weekday_in_week),
    _rule(rf"in {_COUNT} {_UNIT}(?: time)?", _ahead),
    _rule(rf"(?:the )?{_WEEKDAY} after next(?! week)", _weekday_after_next),
    _rule(rf"a week (?:on|from) {_WEEKDAY}", _a_week_after),
    _rule(rf"{_WEEKDAY} week\b", _a_week_after),
    _rule(
        rf"{_WEEKDAY},? (?:of )?(?:the )?(?P<which>this|next|following|last)? ?week"
        r"(?P<afternext> after next)?",
        _weekday_in_week,
    ),
    _rule(
        r"(?:the )?(?P<which>this|next|following|last) week(?P<afternext> after next)?,? "
        rf"(?:on )?{_WEEKDAY}",
        _weekday_in_week,
    ),
    _rule(
        rf"(?:(?P<dayafter>the day after) )?(?P<holiday>{'|'.join(HOLIDAYS)})\b(?: day)?",
        _holiday,
    ),
    _rule(
        r"(?:the )?(?P<word>today|tonight|tomorrow|tmrw|yesterday|next day|last night)\b(?:'s)?", _near_today
    ),
    _rule(
        rf"(?:on )?(?:the )?{_DAY}(?:st|nd|rd|th)? (?:of|in) (?P<which>this|next|the) month", _day_of_month
    ),
    _rule(
        r"(?:the )?(?P<day>[4-9]|[12]\d|3[01]|(?<=the )3|[123](?=th))(?:st|nd|rd|th)(?! one\b"
        r"| \d*1\b)",
        _day_of_month,
    ),
    _rule(rf"(?:on|for|by) (?:the )?{_NTH}(?! one\b| thought)", _day_of_month),
    _rule(rf"(?:on|for) the {_DAY}\b(?![ :./-]?\d| ?(?:am|pm|oclock)\b)", _day_of_month),
    _rule(r"(?<=day )the (?P<day>[12]?\d|3[01])\b(?![ :./-]?\d| ?(?:am|pm|oclock)\b)", _day_of_month),
    _rule(r"on (?P<day>1[3-9]|2\d|3[01])\b(?![ :./-]?\d| ?(?:am|pm|oclock)\b)", _day_of_month),
    _rule(
        rf"(?:on )?(?:the )?(?:(?P<which>next|this|coming|following|last|past) )?(?:coming )?{_WEEKDAY}",
        _named_weekday,
    ),
    _rule(r"(?:over |at )?(?:the )?(?P<which>next|this|coming)? ?weekend", _weekend),
    _rule(r"(?:the )?end of (?:the|this) week", _end_of_week),
    _rule(r"(?:the )?(?P<which>next)? ?week after next", _week),
    _rule(r"(?:the )?(?P<which>next|this|following) week", _week),
    _rule(rf"(?:(?P<nextmonth>next month)|(?:in|early|late|next|this) {_MONTH})", _named_month),
    _rule(r"(?P<word>later today|this (?:morning|afternoon|evening|night))\b", _near_today),
)
