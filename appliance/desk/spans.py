"""Which stretch of time a question at the desk is about, from its words, and how it is said. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from appliance.conversation.dates import DayPart, WhenHeard, spoken_day, spoken_time, when_heard
from appliance.desk.sayings import Sayings

_PARTS: Final = {
    DayPart.MORNING: (time(0), time(12)),
    DayPart.AFTERNOON: (time(12), time(18)),
    DayPart.EVENING: (time(18), time(23, 59)),
}
AT_MINUTES: Final = 30
""" "What is on at three" is about the half hour that begins then."""


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment to another, office time, and how it is said: "today", "since nine o'clock"."""

    begins: datetime
    ends: datetime
    spoken: str


def past_span(text: str, now: datetime, asked_at: datetime | None, sayings: Sayings) -> Span:
    """The time whose calls are asked for: what the words say, else since it was asked last today, else today."""
    heard = when_heard(text, now, sayings.language)
    if heard is None:
        return _since_asked(now, asked_at, sayings)
    day = min(heard.day or now.date(), now.date() + timedelta(days=6))
    while day > now.date():  # "since monday" is the one that was
        day -= timedelta(days=7)
    if heard.at is not None:
        begins = _at(day, heard.at, now)
        return _since(begins if begins <= now else begins - timedelta(days=1), now, sayings)
    if heard.part in _PARTS:
        return _part_of(day, heard.part, now, sayings)
    return _whole(day, now, sayings)


def _since_asked(now: datetime, asked_at: datetime | None, sayings: Sayings) -> Span:
    if asked_at is None or asked_at.date() != now.date():
        return _whole(now.date(), now, sayings)
    return _since(asked_at, now, sayings)


def _since(begins: datetime, now: datetime, sayings: Sayings) -> Span:
    if begins.date() == now.date():
        spoken = sayings.say("since", clock=spoken_time(begins.time(), sayings.language))
    else:
        spoken = sayings.say("since_day", day=spoken_day(begins.date(), now.date(), sayings.language))
    return Span(begins, now, spoken)


def diary_span(text: str, now: datetime, sayings: Sayings) -> Span:
    """The time whose appointments are asked for: a moment, a part of a day, a day; else what is left of today."""
    heard = when_heard(text, now, sayings.language) or WhenHeard()
    day = heard.day or now.date()
    if heard.at is not None:
        begins = _at(day, heard.at, now)
        spoken = sayings.say("at", clock=spoken_time(begins.time(), sayings.language))
        if day != now.date():
            spoken = sayings.say("part", day=spoken_day(day, now.date(), sayings.language), part=spoken)
        return Span(begins, begins + timedelta(minutes=AT_MINUTES), spoken)
    if heard.part in _PARTS:
        return _part_of(day, heard.part, now, sayings)
    if day == now.date():
        return Span(now, _midnight(day + timedelta(days=1), now), sayings.say("rest_of_today"))
    return _whole(day, now, sayings)


def _part_of(day: date, part: DayPart, now: datetime, sayings: Sayings) -> Span:
    begins, ends = (datetime.combine(day, at, now.tzinfo) for at in _PARTS[part])
    spoken_part = sayings.phrases[part.value]
    spoken = sayings.say("part", day=spoken_day(day, now.date(), sayings.language), part=spoken_part)
    return Span(begins, ends, spoken)


def _whole(day: date, now: datetime, sayings: Sayings) -> Span:
    spoken = sayings.say("on_day", day=spoken_day(day, now.date(), sayings.language))
    return Span(_midnight(day, now), _midnight(day + timedelta(days=1), now), spoken)


def _at(day: date, at: time, now: datetime) -> datetime:
    return datetime.combine(day, at, now.tzinfo)


def _midnight(day: date, now: datetime) -> datetime:
    return datetime.combine(day, time(), now.tzinfo)
