"""Every language's tables hold together: rules that exist, names that can be told apart, patterns that compile."""

# ruff: noqa: DTZ001 - office time, which has no zone
from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time
from itertools import chain

import pytest

from appliance import business
from appliance.conversation.assent import Vote, yes_or_no
from appliance.conversation.dates import DayPart, Relative, spoken_day, spoken_moment, when_heard
from appliance.conversation.day_rules import RULES
from appliance.conversation.facts import spoken_hours
from appliance.conversation.holidays import HOLIDAYS
from appliance.conversation.languages import LANGUAGES, en, language_named
from appliance.conversation.numbers import phone_heard, spoken_phone
from appliance.errors import ConfigError

EVERY = pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)


@EVERY
def test_a_calendar_uses_rules_that_are_computed(language):
    assert {name for name, _ in language.calendar.rules} - {"span"} <= set(RULES)
    assert set(language.calendar.holidays.values()) <= set(HOLIDAYS)


@EVERY
def test_weekdays_and_months_are_told_apart_by_three_letters(language):
    for names, amount in ((language.calendar.weekdays, 7), (language.calendar.months, 12)):
        assert len({name[:3] for name in names}) == len(names) == amount


@EVERY
def test_parts_and_relatives_are_known(language):
    assert {part for _, part in language.clock.parts} <= set(DayPart)
    ways = chain(language.clock.relatives_before, language.clock.relatives_after)
    assert {way for _, way in ways} <= set(Relative)


@EVERY
def test_sayings_are_votes(language):
    assert set(language.assent.sayings) <= set(Vote)


@EVERY
def test_counted_words_have_a_number(language):
    extras = {said for said, meant in language.calendar.meanings.items() if said.startswith(" ")}
    assert all(language.calendar.meanings[said] in language.calendar.counts for said in extras)


@EVERY
def test_every_pattern_compiles(language):
    patterns = [pattern for _, pattern in language.calendar.rules] + list(language.clock.patterns)
    patterns += [
        language.numbers.correction,
        language.calendar.soonest,
        language.names.told,
        *language.numbers.swaps,
    ]
    assert all(re.compile(pattern) for pattern in patterns)


def test_a_language_nobody_knows_is_named():
    with pytest.raises(ConfigError, match="'xx'"):
        language_named("xx")


# --- Spanish: the proof that a language is data -------------------------------------------------

NOW = datetime(2026, 11, 19, 9)  # a Thursday


@pytest.mark.parametrize(
    ("text", "day", "at"),
    [
        ("el martes a las nueve y media", "2026-11-24", "09:30"),
        ("mañana por la mañana a las diez", "2026-11-20", "10:00"),
        ("pasado mañana a las tres de la tarde", "2026-11-21", "15:00"),
        ("el veinticuatro de noviembre a las cuatro menos cuarto", "2026-11-24", "15:45"),
        ("el próximo lunes al mediodía", "2026-11-23", "12:00"),
        ("dentro de dos semanas", "2026-12-03", None),
        ("dos días después de navidad", "2026-12-27", None),
        ("el viernes de la semana que viene a las cinco", "2026-11-27", "17:00"),
        ("el treinta y uno de diciembre", "2026-12-31", None),
        ("24/12 a las 11:15", "2026-12-24", "11:15"),
        ("el lunes no el martes a las ocho", "2026-11-24", "08:00"),
    ],
)
def test_moments_in_spanish(text, day, at):
    found = when_heard(text, NOW, "es")
    assert found is not None
    assert found.day == date.fromisoformat(day)
    assert found.at == (time.fromisoformat(at) if at else None)


def test_what_does_not_exist_does_not_in_spanish_either():
    found = when_heard("el treinta y uno de febrero", NOW, "es")
    assert found is not None
    assert found.impossible


@pytest.mark.parametrize(
    ("text", "so_far", "national"),
    [
        ("seis doce treinta y cuatro cincuenta y seis setenta y ocho", "", "612345678"),
        ("no un nueve al final", "612345678", "612345679"),
        (
            "más treinta y tres uno cuarenta y dos sesenta y ocho cincuenta y tres cero cero",
            "",
            "+33142685300",
        ),
    ],
)
def test_numbers_in_spanish(text, so_far, national):
    heard = phone_heard(text, "ES", so_far, "es")
    assert heard is not None
    assert (heard.national, heard.valid) == (national, True)


def test_days_and_hours_are_said_in_the_words_of_the_language(monkeypatch):
    spoken = replace(
        en.LANGUAGE.spoken,
        near=("ayer", "hoy", "mañana"),
        weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
        moment="{day}, {clock}",
        full_hour="a las {hour}",
        open_from="de {opens} a {closes}",
        both="{first} y {last}",
        days="de {first} a {last}",
        several="{before} y {last}",
        abroad="más {number}",
    )
    monkeypatch.setitem(LANGUAGES, "xx", replace(en.LANGUAGE, code="xx", spoken=spoken))
    now = datetime(2026, 11, 19, 10, 0)
    assert spoken_day(now.date(), now.date(), "xx") == "hoy"
    assert spoken_moment(now.replace(day=21, hour=9), now, "xx") == "sábado, a las nine in the morning"
    assert spoken_phone("+34911234567", "US", "xx").startswith("más 3 4")
    office = business.load("auto_repair").model_copy(update={"language": "xx"})
    assert spoken_hours(office).startswith(
        "de lunes a viernes de seven thirty a five thirty y sábado de a las nine"
    )


@EVERY
def test_the_bare_yes_and_no_are_heard_as_such(language):
    agreed, declined = language.assent.plain
    assert (yes_or_no(agreed, language.code), yes_or_no(declined, language.code)) == (True, False)


@EVERY
def test_every_day_and_part_of_a_day_can_be_said(language):
    assert (len(language.spoken.weekdays), len(language.spoken.months)) == (7, 12)
    assert set(language.spoken.parts) == set(DayPart)
