"""Moments as people say them, and as they are said to people.

`when_heard` takes what a recogniser heard ("next tuesday around half past nine") and today's date; the day is
found by days, the hour by hours. The spoken_ functions write what Piper reads well: words, no figures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from appliance.conversation.days import DAY_MARK, WEEKDAYS, find_day
from appliance.conversation.hours import DayPart, HourFound, Relative, find_hour
from appliance.conversation.numerals import in_words, numerals, ordinal_in_words, pairs_in_words

__all__ = ["DayPart", "Relative", "WhenHeard", "spoken_day", "spoken_moment", "spoken_time", "when_heard"]

_DAYS_KNOWN_BY_NAME = 6
_YEAR_SAID_AFTER_DAYS = 300

_PRONOUN = re.compile(
    r"\b(that|this|which|first|second|third|last|other|earlier|later|latter|former|early|late|morning"
    r"|afternoon"
    rf"|evening|any|either|better|best|sooner|next|new|{'|'.join(WEEKDAYS)}) one\b(?! thirty| fifteen| o)"
)
_HOURS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\\d"
_CHOSEN_ONE = re.compile(
    rf"\b(the (?:{_HOURS})\b[\w: ]*?) one\b(?= please| works| sounds| is| would| thanks|$)"
)
_CORRECTION = re.compile(
    r"\b(?:i mean|i meant|sorry|actually|no wait|wait|make that|scratch that|rather|or rather|no)\b"
)
_DAY_WORD = (
    r"(?:(?:on|the|next|this) )*(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|today|tomorrow|tonight)"
)
_RULED_OUT = re.compile(
    rf"\b(?:except|but not|other than|besides|anything but) {_DAY_WORD}\b"
    r"|(?<!why )\b(?:not|can't|cannot|won't|don't)(?! (?:you|we)\b)"
    rf"(?: (?:be|go|come|make|do|want|work|free|available|here|there|able|to|it|like|have|for|in"
    rf"|that))* {_DAY_WORD}\b"
    rf"|\b{_DAY_WORD} (?:doesn't|does not|won't|isn't|is not|is no|can't|is bad|is too|will not)\b"
)
_TELEPHONE = re.compile(r"(?:\b\d+[ -]){5,}\d+|\b\d{7,}\b")
_SOONEST = re.compile(
    r"\b(?:as soon as (?:possible|you can|i can|you could)|asap|any ?time|any day|whenever|right away"
    r"|right now|immediately"
    r"|(?:the )?(?:earliest|soonest)|(?:the )?(?:first|1st|next) (?:available|free|open|opening"
    r"|possible|slot|appointment)"
    r"|(?:the )?(?:first|1st) (?:thing )?you(?:'ve)? (?:have|got)|no preference|you (?:choose|pick|decide)"
    r"|(?:doesn't|does not) matter)\b|(?<!for )(?<!until )now$|^(?:today|tomorrow) or (?:today|tomorrow)$"
)
_FROM_NOW = re.compile(
    r"\b(?:in )(?:about |around |like |less than )?(?P<count>an?|half an?|\d+"
    r"|a couple of)(?P<half> and a half)? "
    r"(?P<unit>hour|hr|minute|min)s?\b|\b(?P<count2>an?|half an|\d+) (?P<unit2>hour|minute"
    r"|min)s? (?:from now|later)\b"
)


@dataclass(frozen=True, slots=True)
class WhenHeard:
    """What a caller said about a moment; what was not said is None.

    `relative` is how `at` (or, for a stretch such as "next week", `day`) is meant; `soonest` that any moment
    will do and the earlier the better; `impossible` that a day was named which does not exist (the 31st of
    February, or a Tuesday that is no Tuesday), so that we ask instead of guessing.
    """

    day: date | None = None
    at: time | None = None
    part: DayPart | None = None
    relative: Relative | None = None
    soonest: bool = False
    impossible: bool = False


def when_heard(text: str, now: datetime) -> WhenHeard | None:
    """The moment `text` speaks of, seen from `now` (office time); None when it speaks of none.

    A day is never in the past unless that was said ("yesterday", a year). "tuesday" is the one to come, on a
    Tuesday that of next week; "this tuesday" may be today; "next tuesday" is that of the next week, weeks
    beginning on Monday, so on a Saturday it is in three days and on a Monday in eight. Hours without a.m. or
    p.m. are office hours, 7 to 18. Of several moments the first counts, unless the caller takes it back.
    """
    said = _RULED_OUT.sub(" ", _TELEPHONE.sub(" ", _plain(text)))
    pieces = [piece for piece in _CORRECTION.split(said) if piece.strip()]
    heard: WhenHeard | None = None
    for piece in pieces:
        heard = _amended(heard, _heard(piece.strip(), now))
    return heard


def _plain(text: str) -> str:
    """`text` as the rules want it: lower case, numerals, no commas, "am" and "oclock", no pronoun "one"."""
    text = re.sub(r"\bo ?['\"’]? ?clock\b", " oclock", text.lower().replace("’", "'"))
    text = re.sub(r"(?<=\d)\s*oclock", " oclock", text)
    # A typed 2nd is a day, a spoken second may be a choice between two: written 2th they can be told apart.
    text = re.sub(r"\b([123])(?:st|nd|rd)\b(?! one)", r"\1th", text)
    text = _PRONOUN.sub(r"\1", _CHOSEN_ONE.sub(r"\1", text))
    text = re.sub(r"\s+|[,!?;()\"]|\.(?!\d)(?=\s|$)", " ", text)
    text = re.sub(r"\b([ap])\.? *m\b\.?", r"\1m", text)
    text = numerals(re.sub(r"(?<=[a-z])-(?=[a-z])", " ", text))
    return re.sub(r"\s+", " ", text).strip()


def _amended(before: WhenHeard | None, later: WhenHeard | None) -> WhenHeard | None:
    """A correction replaces what it names and leaves the rest: "monday at nine no tuesday"."""
    if before is None or later is None:
        return later or before
    if later.day is None and not later.impossible:
        later = replace(later, day=before.day, impossible=before.impossible)
    if later.at is None and later.part is None:
        later = replace(later, at=before.at, part=before.part, relative=later.relative or before.relative)
    return later


def _heard(text: str, now: datetime) -> WhenHeard | None:
    if moment := _from_now(text, now):
        return moment
    found = find_day(text, now.date())
    hour = find_hour(found.rest, text)
    if found.day is None and not found.impossible:
        found_date = _month_and_day(found.rest, hour, now.date())
        if found_date is not None:
            return WhenHeard(day=found_date, part=hour.part)
    relative = hour.relative or (Relative.AFTER if found.onwards else None)
    soonest = bool(_SOONEST.search(text)) and found.day is None and hour.at is None
    heard = WhenHeard(found.day, hour.at, hour.part, relative, soonest, found.impossible)
    return heard if heard != WhenHeard(relative=relative) else None


def _from_now(text: str, now: datetime) -> WhenHeard | None:
    """ "in half an hour", "in two hours": a moment, to the minute."""
    match = _FROM_NOW.search(text)
    if match is None:
        return None
    count = match["count"] or match["count2"]
    amount = {"a": 1.0, "an": 1.0, "half a": 0.5, "half an": 0.5, "a couple of": 2.0}.get(count)
    amount = (float(count) if amount is None else amount) + (0.5 if match["half"] else 0)
    is_hours = (match["unit"] or match["unit2"]).startswith("h")
    moment = now + timedelta(minutes=min(amount * (60 if is_hours else 1), 525_600))
    return WhenHeard(moment.date(), time(moment.hour, moment.minute), relative=Relative.AROUND)


def _month_and_day(text: str, hour: HourFound, today: date) -> date | None:
    """ "twelve twenty four": nobody books for 12:24; a pair off the five-minute grid is a month and a day."""
    pair = re.search(
        r"(?<!at )(?<!around )\b(1[0-2]|[1-9]) ([12]\d|3[01]|0[1-9])\b(?! ?(?:am|pm|oclock))", text
    )
    if pair is None or hour.at is None or int(pair[2]) % 5 == 0 or DAY_MARK in text:
        return None
    return find_day(f"{int(pair[1])}/{int(pair[2])}", today).day


# --- saying it ----------------------------------------------------------------------------------


def spoken_day(day: date, today: date) -> str:
    """ "today", "tomorrow", "Tuesday"; "Tuesday, November twenty fourth" when it is further than six days."""
    ahead = (day - today).days
    if ahead in {-1, 0, 1}:
        return ("yesterday", "today", "tomorrow")[ahead + 1]
    if 0 < ahead <= _DAYS_KNOWN_BY_NAME:
        return f"{day:%A}"
    year = f", {pairs_in_words(day.year)}" if abs(ahead) > _YEAR_SAID_AFTER_DAYS else ""
    return f"{day:%A}, {day:%B} {ordinal_in_words(day.day)}{year}"


def spoken_time(at: time) -> str:
    """ "nine thirty", "eight o'clock", "nine oh five", "noon", "midnight"; no part of the day."""
    if at.minute == 0 and at.hour in {0, 12}:
        return "noon" if at.hour else "midnight"
    hour = in_words((at.hour - 1) % 12 + 1)
    if at.minute == 0:
        return f"{hour} o'clock"
    return f"{hour} {'oh ' if at.minute < 10 else ''}{in_words(at.minute)}"


def spoken_moment(at: datetime, now: datetime) -> str:
    """ "tomorrow at nine thirty in the morning"; both in office time."""
    day, clock = spoken_day(at.date(), now.date()), spoken_time(at.time())
    part = "" if clock in {"noon", "midnight"} else f" in the {_part_of(at.time())}"
    return f"{day} at {clock}{part}"


def _part_of(at: time) -> DayPart:
    if at.hour < 12:
        return DayPart.MORNING
    return DayPart.AFTERNOON if at.hour < 18 else DayPart.EVENING
