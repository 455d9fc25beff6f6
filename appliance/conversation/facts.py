"""What the business says of itself, ready to be spoken: facts with their slots filled, hours in words."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from appliance.business import WEEKDAYS, Business, Span
from appliance.conversation.dates import spoken_day, spoken_time, when_heard
from appliance.conversation.phrases import Phrases

_NEAR = ("today", "tomorrow")


def answer_of(fact_id: str, question: str, business: Business, phrases: Phrases, now: datetime) -> str:
    """The spoken answer of a fact; {hours} and {address} are filled in.

    A question about the hours that names a day is answered for that day, holidays considered.
    """
    fact = next(one for one in business.answers if one.id == fact_id)
    when = when_heard(question, now) if "{hours}" in fact.answer else None
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
    spans = [getattr(business.hours, name) for name in WEEKDAYS]
    named = [(f"on {name.capitalize()}", one) for name, one in zip(WEEKDAYS, spans, strict=True)]
    return named + [(near, one) for near in _NEAR for one in dict.fromkeys(spans)]


def _without_day(answer: str, business: Business) -> str:
    return answer.format(hours=spoken_hours(business), address=business.address)


def _answer_for_day(answer: str, day: date, business: Business, phrases: Phrases, now: datetime) -> str:
    near = spoken_day(day, now.date())
    named = near if near in _NEAR else f"on {day:%A}"
    return _for_day(answer, named, business.open_on(day), business, phrases)


def _for_day(answer: str, named: str, spans: tuple[Span, ...], business: Business, phrases: Phrases) -> str:
    if not spans:
        return phrases.say("closed_on", day=named)
    return answer.format(hours=f"{named} {spoken_spans(spans)}", address=business.address)


def spoken_hours(business: Business) -> str:
    """The week's opening hours, equal days drawn together: "Monday to Friday from ... to ..." ."""
    groups: list[tuple[list[str], tuple[Span, ...]]] = []
    for name in WEEKDAYS:
        spans: tuple[Span, ...] = getattr(business.hours, name)
        if groups and groups[-1][1] == spans:
            groups[-1][0].append(name.capitalize())
        else:
            groups.append(([name.capitalize()], spans))
    parts = [f"{_days(names)} {spoken_spans(spans)}" for names, spans in groups if spans]
    return _listed(parts)


def grounding_sources(business: Business, now: datetime) -> list[str]:
    """Everything a composed answer may draw numbers, names and promises from."""
    today = now.date()
    sources = [business.name, business.about, business.address, spoken_hours(business), business.greeting]
    sources += [f"{business.name} is open {spoken_hours(business)}."]
    services = ", ".join(one.spoken for one in business.services)
    sources += [f"Appointments can be booked for {services}."] if services else []
    sources += [fact.answer for fact in business.answers]
    sources += [text for fact in business.answers for text in fact.questions]
    return [*sources, _date_words(today), _date_words(today + timedelta(days=1))]


def _date_words(day: date) -> str:
    return f"{day:%A}, {day:%B} {day.day}, {day.year}"


def _days(names: list[str]) -> str:
    if len(names) < 3:
        return " and ".join(names)
    return f"{names[0]} to {names[-1]}"


def spoken_spans(spans: tuple[Span, ...]) -> str:
    """Opening times as they are spoken: "from nine o'clock to noon and from one to five"."""
    return " and ".join(f"from {_clock(span.opens)} to {_clock(span.closes)}" for span in spans)


def _clock(at: time) -> str:
    return spoken_time(at)


def _listed(parts: list[str]) -> str:
    return f"{', '.join(parts[:-1])}, and {parts[-1]}" if len(parts) > 1 else "".join(parts)
