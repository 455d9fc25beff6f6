"""Days, dates and lengths of time in English."""

from __future__ import annotations

from typing import Final

from appliance.conversation.languages.tables import CalendarWords

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS: Final = (
    "january february march april may june july august september october november december".split()
)

HOLIDAYS: Final = {
    "christmas eve": "christmas eve",
    "xmas eve": "christmas eve",
    "christmas": "christmas",
    "xmas": "christmas",
    "boxing day": "boxing day",
    "new year's eve": "new year's eve",
    "new years eve": "new year's eve",
    "new year's day": "new year's",
    "new years day": "new year's",
    "new year's": "new year's",
    "new years": "new year's",
    "the new year": "new year's",
    "valentine's": "valentine's",
    "valentines": "valentine's",
    "saint patrick's": "saint patrick's",
    "st patrick's": "saint patrick's",
    "good friday": "good friday",
    "easter sunday": "easter",
    "easter monday": "easter monday",
    "easter": "easter",
    "mother's": "mother's",
    "mothers": "mother's",
    "memorial day": "memorial day",
    "juneteenth": "juneteenth",
    "father's": "father's",
    "fathers": "father's",
    "independence day": "independence day",
    "labor day": "labor day",
    "columbus day": "columbus day",
    "halloween": "halloween",
    "veterans day": "veterans day",
    "veteran's day": "veterans day",
    "thanksgiving": "thanksgiving",
    "black friday": "black friday",
    "martin luther king": "martin luther king",
    "mlk": "martin luther king",
    "presidents day": "presidents day",
    "president's day": "presidents day",
}

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?:\b|(?=\d))\.?"
)
_WEEKDAY = (
    r"(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|saturday|(?<!i )sat|sunday|(?<!the )sun)s?\b\.?"
)
_DAY_NAME = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_NO_TIME = r"(?! ?(?:am|pm|oclock|%|percent|minutes?|hours?|mins?|dollars?)\b|:)"
_YEAR = rf"(?:,? ?(?:(?:of|in) )?(?P<year>1\d\d\d|19 \d\d|20 ?\d\d|[6-9]\d)\b{_NO_TIME})?"
_DAY = r"(?P<day>[0-3]?\d)"
_NTH = rf"{_DAY}(?:st|nd|rd|th)"
_DATE = r"(?![:./-]?\d|,\d| ?(?:am|pm|oclock)\b)"  # behind a bare number: it is a day and no time

_COUNT = (
    r"(?P<count>half an?|half|(?:a )?quarter of an|3 quarters of an|an?|(?:an)?other|(?:the |a )?(?:all|whole|full)|the"
    r"|\d+(?:\.\d+)?|(?:a )?couple(?: of)?|a few|few|several)(?P<more> and (?:a half|a quarter|3 quarters))?"
)
_UNIT = (
    r"(?P<unit>(?:business|working|work) day|day|week|fortnight|month|year|decade|hour|hr|minute|min|second|sec)s?\b"
    r"(?:' ?)?|(?:(?<=\d)|(?<=\d ))(?P<short>d|w|mo|h|m|s|y)\b"
)
_SOME_WEEKS = r"(?P<count>an?|\d+|a couple(?: of)?|a few)"


_RULES: Final = (
    ("weekdays_from_now", rf"(?P<count>\d+|a couple(?: of)?) {_WEEKDAY} (?:from (?:now|today)|later)"),
    ("weekday_in_week", rf"(?:on )?{_WEEKDAY},? in (?P<count>\d+|a) weeks?"),
    ("weekday_in_week", rf"in {_SOME_WEEKS} weeks?,? (?:on )?{_WEEKDAY}"),
    ("span", ""),  # "in two weeks", "three days from tomorrow", "a month ago": durations.py knows its pattern
    ("iso", r"(?P<year>\d{4})[-/.](?P<monthno>\d\d?)[-/.](?P<day>\d\d?)(?!\d)"),
    (
        "slashed",
        r"(?P<monthno>\d\d?)(?P<sep>[-/.])(?P<day>\d\d?)(?:(?P=sep)|,)(?P<year>\d{4}|\d\d)(?!\d)",
    ),
    ("slashed", r"(?P<monthno>\d\d?)/(?P<day>\d\d?)(?: (?P<year>20\d\d))?(?![\d/])"),
    ("slashed", r"(?:on|in) (?P<monthno>\d\d?)[-.](?P<day>\d\d?)(?![\d/.]| ?(?:am|pm|oclock))"),
    ("month_day", rf"(?P<year>(?:19|20)\d\d)[ /-]{_MONTH}[ /-]{_DAY}\b"),
    ("month_day", rf"{_DAY}[/-]{_MONTH}[/-](?P<year>\d{{4}}|\d\d)\b"),
    ("month_day", rf"{_MONTH} {_DAY} (?=\d?\d:\d\d(?::\d\d)? (?P<year>20\d\d)\b)"),
    (
        "month_day",  # a stretch of days begins with its first
        rf"(?:the )?{_DAY}(?:st|nd|rd|th)? ?(?:-|to|until|till|through|and) ?(?:the )?\d\d?(?:st|nd|rd|th)?"
        rf" (?:of )?{_MONTH}{_YEAR}",
    ),
    (
        "month_day",
        rf"{_MONTH} {_DAY}(?:st|nd|rd|th)? ?(?:-|to|until|till|through) ?\d\d?(?:st|nd|rd|th)?"
        r" (?P<year>(?:19|20)\d\d)\b",
    ),
    ("month_day", rf"(?:the )?{_NTH} (?:day )?(?:of )?{_MONTH}{_YEAR}"),
    ("month_day", rf"(?<!at )(?<!around )(?<!by ){_DAY} ?(?:of )?{_MONTH} (?=\d\d? ?(?:oclock|am|pm))"),
    ("month_day", rf"{_MONTH}[ /-]?(?:the )?{_DAY}(?:st|nd|rd|th)?(?!\d|:|/| ?am\b| ?pm\b| oclock){_YEAR}"),
    ("month_day", rf"(?:the )?{_DAY} ?(?:of )?{_MONTH}{_YEAR}(?! be| i\b)"),
    (
        "nth_weekday_of_month",
        rf"(?:the )?(?P<nth>[1-5](?:st|nd|rd|th)|last) {_WEEKDAY} (?:of|in) "
        rf"(?:(?P<which>the|this|next|last|previous)(?: month)|{_MONTH})",
    ),
    ("nth_weekday", rf"(?:on )?(?:the )?(?P<nth>[1-5](?:st|nd|rd|th)) {_WEEKDAY}"),
    ("last_of_month", rf"(?:the )?(?:last day|end) of (?:(?P<which>the|this|next) month|{_MONTH})"),
    ("week_after_next_on", rf"(?:the )?{_WEEKDAY} (?:after next(?! week)|after the next one)"),
    ("a_week_after", rf"(?:a )?week (?:on|from|after) (?:(?P<which>next|this) )?{_WEEKDAY}"),
    ("a_week_after", rf"{_WEEKDAY} week\b"),
    (
        "weekday_in_week",
        rf"{_WEEKDAY},? (?:of )?(?:the )?(?P<which>this|next|following|coming|last)? ?week"
        r"(?P<afternext> after next)?",
    ),
    (
        "weekday_in_week",
        r"(?:the )?(?P<which>this|next|following|coming|last) week(?P<afternext> after next)?,? "
        rf"(?:on |between |from )?{_WEEKDAY}",
    ),
    ("week_after_next_on", rf"(?:the )?week after next,? (?:on )?{_WEEKDAY}"),
    (
        "holiday",
        rf"(?P<holiday>{'|'.join(sorted(HOLIDAYS, key=len, reverse=True))})\b(?: day)?{_YEAR}",
    ),
    (
        "near_today",
        r"(?:the )?(?P<word>today|tonight|tomorrow|tmrw|tomorow|yesterday|next day|last night)\b(?:'s)?",
    ),
    ("near_today", r"(?P<word>this day|my day|last day|past day)\b(?! of)"),
    ("day_of_month", rf"(?:on )?(?:the )?{_DAY}(?:st|nd|rd|th)? (?:of|in) (?P<which>this|next|the) month"),
    (
        "day_of_month",
        rf"(?:from |between )?(?:the )?{_DAY}(?:st|nd|rd|th)? ?(?:-|to|till|until|and) ?(?:the )?"
        r"\d\d?(?:st|nd|rd|th)?,? (?:of |in )?(?P<which>this|next) month",
    ),
    ("day_of_month", rf"(?P<which>this|next) month(?:,)? (?:on )?the {_NTH}"),
    (
        "day_of_month",
        r"(?:the )?(?P<day>[4-9]|[12]\d|3[01]|(?<=the )3|[123](?=th))(?:st|nd|rd|th)(?! one\b| \d*1\b)",
    ),
    ("day_of_month", rf"(?:on|for|by) (?:the )?{_NTH}(?! one\b| thought)"),
    ("day_of_month", rf"(?:on|for) the {_DAY}\b(?![ :./-]?\d| ?(?:am|pm|oclock)\b)"),
    ("day_of_month", rf"(?<=day )the (?P<day>[12]?\d|3[01])\b{_DATE}"),
    ("day_of_month", rf"on (?P<day>1[3-9]|2\d|3[01])\b{_DATE}"),
    (
        "named_weekday",
        rf"(?:on )?(?:the )?(?:(?P<which>next|this|coming|following|last|past|previous) )?(?:coming )?{_WEEKDAY}",
    ),
    ("weekend", r"(?:over |at )?(?:the )?(?P<which>next|this|coming)? ?weekend"),
    ("rest_of_week", r"(?:the )?(?:rest|remainder) of (?:the|this|my) week|later (?:this|in the) week"),
    ("end_of_week", r"(?:the )?end of (?:the|this|(?P<which>next)) week"),
    ("middle_of_week", r"(?:the )?middle of (?:the |(?:(?P<which>this|next) ))?week|midweek"),
    ("beginning_of_week", r"(?:the )?(?:beginning|start) of (?:the |(?P<which>this|next) )?week"),
    ("week_after_next", r"(?:the )?(?:next )?week after next"),
    ("week", r"(?:the )?(?P<which>next|this|current|following|coming) week"),
    ("end_of_day", r"(?:at |by )?(?:the )?(?:end of (?:the |this )?day|eod|close of business)\b"),
    (
        "middle_of_month",
        rf"(?:in )?(?:the )?(?:middle of |mid[ -]?)(?:(?P<which>the|this|next) month|{_MONTH})",
    ),
    (
        "named_month",
        rf"(?:(?P<nextmonth>next month)|(?:in|early|late|next|this|sometime in) {_MONTH}{_YEAR})",
    ),
    ("named_month", rf"{_MONTH} ?,? ?(?P<year>(?:19|20)\d\d)\b"),
    ("named_month", rf"(?!may\b|mar(?:ch)?\b|sep\b|jan\b){_MONTH}"),
    ("near_today", r"(?P<word>later today|this (?:morning|afternoon|evening|night))\b"),
)

_MEANINGS: Final = {
    "following": "next",
    "coming": "this",
    "past": "last",
    "previous": "last",
    "current": "this",
    "prior to": "before",
    "tmrw": "tomorrow",
    "tomorow": "tomorrow",
    "next day": "tomorrow",
    "last night": "yesterday",
    "last day": "yesterday",
    "past day": "yesterday",
    "hr": "hour",
    "h": "hour",
    "min": "minute",
    "m": "minute",
    "sec": "second",
    "s": "second",
    "d": "day",
    "w": "week",
    "mo": "month",
    "y": "year",
    "business day": "working day",
    "work day": "working day",
    " and a half": "half",
    " and half": "half",
    " and a quarter": "quarter",
    " and 3 quarters": "3 quarters",
}

_COUNTS: Final = {
    "a": 1,
    "an": 1,
    "the": 1,
    "another": 1,
    "other": 1,
    "all": 1,
    "whole": 1,
    "full": 1,
    "a whole": 1,
    "the whole": 1,
    "a full": 1,
    "the full": 1,
    "couple": 2,
    "couple of": 2,
    "half a": 0.5,
    "half an": 0.5,
    "a quarter of an": 0.25,
    "quarter of an": 0.25,
    "3 quarters of an": 0.75,
    "a couple": 2,
    "a couple of": 2,
    "a few": 3,
    "few": 3,
    "several": 3,
    "half": 0.5,
    "quarter": 0.25,
    "3 quarters": 0.75,
}

_DAY_WORD = rf"(?:(?:on|the|next|this) )*(?:{_DAY_NAME}|today|tomorrow|tonight)"
_DAY_WORDS = rf"{_DAY_WORD}(?: (?:or|and|nor) {_DAY_WORD})*"
_HOURS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\\d"

CALENDAR: Final = CalendarWords(
    weekdays=WEEKDAYS,
    months=tuple(MONTHS),
    weekday=_WEEKDAY,
    rules=_RULES,
    meanings=_MEANINGS,
    counts=_COUNTS,
    pointing=frozenset({"the", "other"}),
    span_count=_COUNT,
    span_unit=_UNIT,
    span_joint=r"(?:,? and |, ?| )",
    span_extra=r"(?P<extra> and (?:a )?half\b(?! an)| and a quarter| and 3 quarters)?",
    span_back=r" ?(?:ago|earlier|before(?= now|$)|back(?=$))",
    span_on=r" ?(?:later|from now|hence|out\b|from today|time\b|after(?=$))",
    span_into=r"(?:(?P<within>within|(?:some ?time |any ?time )?(?:in the |over the |the )?next(?= \d| a | few))"
    r"|in|after)"
    r"(?: about| around| like| roughly| approximately| less than)? ",
    span_beside=r" (?:(?P<back>before|prior to)|from|after|past) ",
    span_bare=r"(?:the )?(?P<bare>day|week)",
    past=r"\b(?:went|came|was|were|had|did|met|left|saw|called|ago|already)\b",
    correction=r"\b(?:i mean|i meant|sorry|actually|no wait|wait|make that|scratch that|rather|or rather|no)\b",
    ruled_out=(
        rf"\b(?:except|but not|other than|besides|anything but) {_DAY_WORDS}\b"
        r"|(?<!why )\b(?:not|can't|cannot|won't|don't)(?! (?:you|we)\b)"
        r"(?: (?:be|go|come|make|do|want|work|free|available|here|there|able|to|it|like|have|for|in|that))*"
        rf" {_DAY_WORDS}\b"
        rf"|\b{_DAY_WORD} (?:doesn't|does not|won't|isn't|is not|is no|can't|is bad|is too|will not)\b"
    ),
    soonest=(
        r"\b(?:as soon as (?:possible|you can|i can|you could)|asap|any ?time|any day|whenever|right away"
        r"|right now|immediately|(?:the )?(?:earliest|soonest)"
        r"|(?:the )?(?:first|1st|next) (?:available|free|open|opening|possible|slot|appointment)"
        r"|(?:the )?(?:first|1st) (?:thing )?you(?:'ve)? (?:have|got)|no preference|you (?:choose|pick|decide)"
        r"|(?:doesn't|does not) matter)\b|(?<!for )(?<!until )(?<!from )now$"
        r"|^(?:today|tomorrow) or (?:today|tomorrow)$"
    ),
    plain=(
        (r"\bo ?['\"]? ?clock\b", " oclock"),
        (r"(?<=\d)\s*oclock", " oclock"),
        # A typed 2nd is a day, a spoken second may be a choice between two: written 2th they can be told apart.
        (r"\b([123])(?:st|nd|rd)\b(?! one)", r"\1th"),
        (
            rf"\b(the (?:{_HOURS})\b[\w: ]*?) one\b(?= please| works| sounds| is| would| thanks|$)",
            r"\1",
        ),
        (
            r"\b(that|this|which|first|second|third|last|other|earlier|later|latter|former|early|late|morning"
            r"|afternoon|evening|any|either|better|best|sooner|next|new"
            rf"|{'|'.join(WEEKDAYS)}) one\b(?! thirty| fifteen| o)",
            r"\1",
        ),
        (r"(?<![a-z])([ap])\.? *m\b\.?", r"\1m"),
        (r"(?<![a-z])ampm\b", ""),
        (r"(?<=[a-z])-(?=[a-z])|(?<=\d)-(?=(?:min(?:ute)?|hour|day|week|month|year)s?\b)", " "),
        (r"\b(february|feb|april|june|november|september) (?:the )?thirty[- ]first\b", r"\1 31th"),
    ),
    spoken_zero=r"\b(?:oh|o) (?=[1-9]\b)",
    # "twelve twenty four": nobody books for 12:24; a pair off the five-minute grid is a month and a day.
    pairs_are_dates=r"(?<!at )(?<!around )\b(?P<monthno>1[0-2]|[1-9]) (?P<day>[12]\d|3[01]|0[1-9])\b"
    r"(?! ?(?:am|pm|oclock))",
    holidays=HOLIDAYS,
)
