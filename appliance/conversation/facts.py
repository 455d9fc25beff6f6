"""What the business says of itself, ready to be spoken: facts with their slots filled, hours in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import reduce

from appliance.business import WEEKDAYS, Business, Span
from appliance.conversation.dates import spoken_day, spoken_time, when_heard
from appliance.conversation.languages import language_named
from appliance.conversation.languages.tables import SpokenWords
from appliance.conversation.phrases import Phrases


def answer_of(fact_id: str, question: str, business: Business, phrases: Phrases, now: datetime) -> str:
    """The spoken answer of a fact; {hours} and {address} are filled in.

    A question about the hours that names a day is answered for that day, holidays considered.
    """
    fact = next(one for one in business.answers if one.id == fact_id)
    when = when_heard(question, now, business.language) if "{hours}" in fact.answer else None
    if when is not None and when.day is not None:
        return _answer_for_day(fact.answer, when.day, business, phrases, now)
    return _without_day(fact.answer, business)


def standing_answers(business: Business, phrases: Phrases) -> list[str]:
    """Every answer that can be foreseen, so that it is sound before anybody asks."""
    answers = [_without_day(fact.answer, business) for fact in business.answers]
    for fact in business.answers:
        if "{hours}" in fact.answer:
            answers += [_for_day(fact.answer, *day, business, phrases) for day in _days_to_be_asked(business)]
    return answers


def _days_to_be_asked(business: Business) -> list[tuple[str, tuple[Span, ...]]]:
    """Each weekday by its name, and the days near enough to have another; holidays are not foreseen."""
    words = _words(business)
    spans = [getattr(business.hours, name) for name in WEEKDAYS]
    named = [(words.on_day.format(day=day), one) for day, one in zip(words.weekdays, spans, strict=True)]
    return named + [(near, one) for near in words.near[1:] for one in dict.fromkeys(spans)]


def _without_day(answer: str, business: Business) -> str:
    return answer.format(hours=spoken_hours(business), address=business.address)


def _answer_for_day(answer: str, day: date, business: Business, phrases: Phrases, now: datetime) -> str:
    words = _words(business)
    near = spoken_day(day, now.date(), business.language)
    named = near if near in words.near[1:] else words.on_day.format(day=words.weekdays[day.weekday()])
    return _for_day(answer, named, business.open_on(day), business, phrases)


def _for_day(answer: str, named: str, spans: tuple[Span, ...], business: Business, phrases: Phrases) -> str:
    if not spans:
        return phrases.say("closed_on", day=named)
    return answer.format(hours=f"{named} {spoken_spans(spans, business.language)}", address=business.address)


def spoken_hours(business: Business) -> str:
    """The week's opening hours, equal days drawn together: "Monday to Friday from ... to ..." ."""
    words = _words(business)
    groups: list[tuple[list[str], tuple[Span, ...]]] = []
    for name, spoken in zip(WEEKDAYS, words.weekdays, strict=True):
        spans: tuple[Span, ...] = getattr(business.hours, name)
        if groups and groups[-1][1] == spans:
            groups[-1][0].append(spoken)
        else:
            groups.append(([spoken], spans))
    parts = [
        f"{_days(names, words)} {spoken_spans(spans, business.language)}" for names, spans in groups if spans
    ]
    return _listed(parts, words)


def grounding_sources(business: Business, now: datetime) -> list[str]:
    """Everything a composed answer may draw numbers, names and promises from."""
    today = now.date()
    sources = [business.name, business.about, business.address, spoken_hours(business), business.greeting]
    sources += [f"{business.name} is open {spoken_hours(business)}."]
    services = ", ".join(one.spoken for one in business.services)
    sources += [f"Appointments can be booked for {services}."] if services else []
    sources += [fact.answer for fact in business.answers]
    sources += [text for fact in business.answers for text in fact.questions]
    return [*sources, *(_date_words(day, _words(business)) for day in (today, today + timedelta(days=1)))]


def _words(business: Business) -> SpokenWords:
    return language_named(business.language).spoken


def _date_words(day: date, words: SpokenWords) -> str:
    weekday, month = words.weekdays[day.weekday()], words.months[day.month - 1]
    return words.date_with_year.format(weekday=weekday, month=month, day=day.day, year=day.year)


def _days(names: list[str], words: SpokenWords) -> str:
    if len(names) == 1:
        return names[0]
    return (words.both if len(names) == 2 else words.days).format(first=names[0], last=names[-1])


def spoken_spans(spans: tuple[Span, ...], language: str = "en") -> str:
    """Opening times as they are spoken: "from nine o'clock to noon and from one to five"."""
    words = language_named(language).spoken
    told = [
        words.open_from.format(
            opens=spoken_time(span.opens, language), closes=spoken_time(span.closes, language)
        )
        for span in spans
    ]
    return reduce(lambda first, last: words.both.format(first=first, last=last), told) if told else ""


def _listed(parts: list[str], words: SpokenWords) -> str:
    *before, last = parts or [""]
    return words.several.format(before=", ".join(before), last=last) if before else last
