"""Moments as callers say them: tables, laws, and the shares of other people's tables that come out right."""

# ruff: noqa: DTZ001  the rules know no time zone: now and the answer are both office time

from __future__ import annotations

import json
import re
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.bench.slots_text import told_and_booked
from appliance.conversation.dates import (
    DayPart,
    Relative,
    WhenHeard,
    days_ruled_out,
    spoken_day,
    spoken_moment,
    spoken_time,
    when_heard,
)

NOW = datetime(2026, 11, 19, 10, 0)  # a Thursday
TODAY = NOW.date()


def heard(text: str, now: datetime = NOW) -> WhenHeard:
    found = when_heard(text, now)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2026-11-19"),
        ("tomorrow", "2026-11-20"),
        ("the day after tomorrow", "2026-11-21"),
        ("tuesday", "2026-11-24"),
        ("this tuesday", "2026-11-24"),
        ("next tuesday", "2026-11-24"),
        ("next friday", "2026-11-27"),
        ("friday", "2026-11-20"),
        ("thursday", "2026-11-26"),  # one says "today" for today
        ("this thursday", "2026-11-19"),
        ("the tuesday after next", "2026-12-01"),
        ("a week from tuesday", "2026-12-01"),
        ("tuesday week", "2026-12-01"),
        ("tuesday in two weeks", "2026-12-01"),
        ("next week on friday", "2026-11-27"),
        ("friday next week", "2026-11-27"),
        ("two tuesdays from now", "2026-12-01"),
        ("in two weeks", "2026-12-03"),
        ("two weeks from tomorrow", "2026-12-04"),
        ("in a couple of days", "2026-11-21"),
        ("three days from now", "2026-11-22"),
        ("in a month", "2026-12-19"),
        ("in four business days", "2026-11-25"),
        ("november twenty fourth", "2026-11-24"),
        ("november twenty four", "2026-11-24"),
        ("the twenty fourth", "2026-11-24"),
        ("the twenty fourth of november", "2026-11-24"),
        ("on the twenty fourth", "2026-11-24"),
        ("the nineteenth", "2026-11-19"),
        ("the tenth", "2026-12-10"),
        ("on the first", "2026-12-01"),
        ("the thirty first", "2026-12-31"),
        ("the second of next month", "2026-12-02"),
        ("may i come on the second of may", "2027-05-02"),
        ("12/24", "2026-12-24"),
        ("24/12", "2026-12-24"),
        ("twelve twenty four", "2026-12-24"),
        ("12/24/2027", "2027-12-24"),
        ("2026-12-24", "2026-12-24"),
        ("december third twenty twenty seven", "2027-12-03"),
        ("Dec. 3rd, 2027", "2027-12-03"),
        ("the first monday of december", "2026-12-07"),
        ("the last friday of this month", "2026-11-27"),
        ("friday the twenty seventh", "2026-11-27"),
        ("thanksgiving", "2026-11-26"),
        ("the day after thanksgiving", "2026-11-27"),
        ("christmas eve", "2026-12-24"),
        ("this weekend", "2026-11-21"),
        ("next week", "2026-11-23"),
        ("in december", "2026-12-01"),
        ("monday or tuesday", "2026-11-23"),
        ("not monday tuesday", "2026-11-24"),
        ("monday no tuesday", "2026-11-24"),
        ("tuesday doesn't work how about wednesday", "2026-11-25"),
        ("yesterday", "2026-11-18"),
        ("last monday", "2026-11-16"),
        ("what time do you open on saturday", "2026-11-21"),
    ],
)
def test_days(text, day):
    assert heard(text).day == date.fromisoformat(day)


def test_next_tuesday_is_that_of_the_next_week():
    monday, saturday = datetime(2026, 11, 16, 9), datetime(2026, 11, 21, 9)
    assert heard("next tuesday", monday).day == date(2026, 11, 24)
    assert heard("tuesday", monday).day == date(2026, 11, 17)
    assert heard("next tuesday", saturday).day == heard("tuesday", saturday).day == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("half past three", "15:30"),
        ("quarter to nine", "08:45"),
        ("a quarter past eight", "08:15"),
        ("twenty to nine", "08:40"),
        ("ten past four", "16:10"),
        ("five minutes to three", "14:55"),
        ("nine thirty", "09:30"),
        ("nine oh five", "09:05"),
        ("nine", "09:00"),
        ("seven", "07:00"),
        ("six", "18:00"),
        ("twelve", "12:00"),
        ("twelve thirty", "12:30"),
        ("ten in the morning", "10:00"),
        ("eight in the evening", "20:00"),
        ("three p m", "15:00"),
        ("nine a m", "09:00"),
        ("twelve a m", "00:00"),
        ("noon", "12:00"),
        ("around two", "14:00"),
        ("one o'clock", "13:00"),
        ("one thirty", "13:30"),
        ("9:30", "09:30"),
        ("17:30", "17:30"),
        ("5 pm", "17:00"),
        ("9.30 a.m.", "09:30"),
        ("half past 8pm", "20:30"),
        ("elevenish", None),
        ("11ish", "11:00"),
        ("nine thirty please", "09:30"),
        ("the nine thirty one please", "09:30"),
        ("let's do nine", "09:00"),
        ("ten works", "10:00"),
        ("is nine possible", "09:00"),
        ("the one on tuesday", None),
        ("the nine on tuesday", "09:00"),
        ("i'd like two book an oil change four monday at nine", "09:00"),
        ("between nine and eleven", "09:00"),
        ("at nine no ten", "10:00"),
    ],
)
def test_times(text, at):
    found = when_heard(text, NOW)
    assert (found and found.at) == (at and time.fromisoformat(at))


@pytest.mark.parametrize(
    ("text", "when"),
    [
        (
            "next tuesday around half past nine",
            WhenHeard(date(2026, 11, 24), time(9, 30), relative=Relative.AROUND),
        ),
        ("tuesday morning", WhenHeard(date(2026, 11, 24), part=DayPart.MORNING)),
        (
            "three thirty tomorrow afternoon",
            WhenHeard(date(2026, 11, 20), time(15, 30), part=DayPart.AFTERNOON),
        ),
        ("tonight at eight", WhenHeard(TODAY, time(20), part=DayPart.EVENING)),
        ("tomorrow first thing", WhenHeard(date(2026, 11, 20), part=DayPart.MORNING)),
        ("first thing", WhenHeard(part=DayPart.MORNING)),
        ("at nine on the twenty fourth of november", WhenHeard(date(2026, 11, 24), time(9))),
        ("november twenty four nine thirty", WhenHeard(date(2026, 11, 24), time(9, 30))),
        ("after three", WhenHeard(at=time(15), relative=Relative.AFTER)),
        ("before noon on friday", WhenHeard(date(2026, 11, 20), time(12), DayPart.MORNING, Relative.BEFORE)),
        ("any time after three", WhenHeard(at=time(15), relative=Relative.AFTER)),
        ("as soon as possible", WhenHeard(soonest=True)),
        ("anytime", WhenHeard(soonest=True)),
        ("the earliest you have", WhenHeard(soonest=True)),
        ("anytime on tuesday", WhenHeard(date(2026, 11, 24))),
        ("next week", WhenHeard(date(2026, 11, 23), relative=Relative.AFTER)),
        ("in half an hour", WhenHeard(TODAY, time(10, 30), relative=Relative.AROUND)),
        ("in two hours", WhenHeard(TODAY, time(12), relative=Relative.AROUND)),
        ("monday at nine no ten", WhenHeard(date(2026, 11, 23), time(10))),
        ("monday at nine sorry tuesday", WhenHeard(date(2026, 11, 24), time(9))),
    ],
)
def test_moments(text, when):
    assert heard(text) == when


@pytest.mark.parametrize(
    "text",
    [
        "february thirty first",
        "the thirty first of november",
        "november thirty one",
        "2/30",
        "the thirty first of this month",
    ],
)
def test_a_day_that_is_not_is_not_guessed(text):
    found = heard(text)
    assert found.impossible
    assert found.day is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("tuesday the twenty fifth", "2026-11-25"),  # a Wednesday
        ("monday december first", "2026-12-01"),  # a Tuesday
    ],
)
def test_a_weekday_that_belies_its_date_is_doubted_and_the_date_kept(text, day):
    found = heard(text)
    assert found.impossible
    assert found.day == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yes please",
        "the first one",
        "the second one",
        "i want the later one",
        "one moment",
        "i have two cars and need an oil change",
        "how much is an oil change",
        "my number is three oh three five five five oh one two three",
        "303-555-0123",
        "what do you do",
        "one of my tires is flat",
        "may i speak to maria",
        "a second please",
    ],
)
def test_no_moment_is_heard_where_none_is(text):
    assert when_heard(text, NOW) is None


# --- what is spoken -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "spoken"),
    [
        ("2026-11-18", "yesterday"),
        ("2026-11-19", "today"),
        ("2026-11-20", "tomorrow"),
        ("2026-11-24", "Tuesday"),
        ("2026-11-25", "Wednesday"),
        ("2026-11-26", "Thursday, November twenty sixth"),
        ("2027-01-05", "Tuesday, January fifth"),
        ("2028-03-01", "Wednesday, March first, twenty twenty eight"),
    ],
)
def test_spoken_day(day, spoken):
    assert spoken_day(date.fromisoformat(day), TODAY) == spoken


@pytest.mark.parametrize(
    ("at", "spoken"),
    [
        ("09:30", "nine thirty"),
        ("08:00", "eight o'clock"),
        ("09:05", "nine oh five"),
        ("12:00", "noon"),
        ("00:00", "midnight"),
        ("17:15", "five fifteen"),
        ("00:30", "twelve thirty"),
    ],
)
def test_spoken_time(at, spoken):
    assert spoken_time(time.fromisoformat(at)) == spoken


def test_spoken_moment():
    assert spoken_moment(datetime(2026, 11, 20, 9, 30), NOW) == "tomorrow at nine thirty in the morning"
    assert spoken_moment(datetime(2026, 11, 24, 12, 0), NOW) == "Tuesday at noon"
    assert spoken_moment(datetime(2026, 11, 24, 19, 0), NOW) == "Tuesday at seven o'clock in the evening"


# --- what dateparser, parsedatetime or recognizers-text read wrong --------------------------------


@pytest.mark.parametrize(
    ("text", "day", "at"),
    [
        ("two days after next friday", "2026-11-29", None),
        ("three days from tomorrow at ten", "2026-11-23", "10:00"),
        ("the day after thanksgiving", "2026-11-27", None),
        ("a week after the fifth of january", "2027-01-12", None),
        ("the day before christmas", "2026-12-24", None),
        ("in a day and two hours", "2026-11-20", "12:00"),
        ("an hour and a half from now", "2026-11-19", "11:30"),
        ("the tuesday after next around half past three", "2026-12-01", "15:30"),
        ("the second tuesday", "2026-12-08", None),
        ("the last day of the month", "2026-11-30", None),
        ("between the tenth and the twelfth of december", "2026-12-10", None),
        ("easter monday", "2027-03-29", None),
        ("february twenty ninth", "2028-02-29", None),
        ("march third nineteen eighty two", "1982-03-03", None),
        ("noonish on friday", "2026-11-20", "12:00"),
        ("mid morning tomorrow", "2026-11-20", "10:00"),
        ("a quarter to noon tomorrow", "2026-11-20", "11:45"),
        ("later this week", "2026-11-19", None),
        ("next week between wednesday and friday", "2026-11-25", None),
    ],
)
def test_sayings_that_libraries_miss(text, day, at):
    found = heard(text)
    assert found.day == date.fromisoformat(day)
    assert found.at == (time.fromisoformat(at) if at else None)


def test_within_two_weeks_has_an_end():
    found = heard("sometime within two weeks")
    assert (found.day, found.until, found.relative) == (TODAY, TODAY + timedelta(days=14), Relative.AFTER)


def test_the_end_of_a_day_is_its_afternoon():
    found = heard("by the end of tomorrow")
    assert (found.day, found.part) == (TODAY + timedelta(days=1), DayPart.AFTERNOON)


# --- laws ---------------------------------------------------------------------------------------

MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1))
HOURS = st.sampled_from("at nine|around half past two|ten thirty|first thing|in the afternoon|".split("|"))
WEEKDAYS = st.sampled_from("monday tuesday wednesday thursday friday saturday sunday".split())
MONTHS = st.sampled_from(
    "january february march april may june july august september october november december".split()
)
ORDINALS = st.sampled_from(
    "second|third|fourth|tenth|twentieth|twenty first|thirtieth|thirty first".split("|")
)
DAYS = st.one_of(
    st.builds("{} {}".format, st.sampled_from(["on", "next", "this", "the coming", ""]), WEEKDAYS),
    st.builds("{} {}".format, MONTHS, ORDINALS),
    st.builds("on the {}".format, ORDINALS),
    st.builds("the {} of {}".format, ORDINALS, MONTHS),
    st.builds("{} after next".format, WEEKDAYS),
    st.builds("{} the {}".format, WEEKDAYS, ORDINALS),
    st.builds("in {} {}".format, st.sampled_from(["two", "a", "three"]), st.sampled_from(["days", "weeks"])),
    st.sampled_from(
        ["today", "tomorrow", "christmas", "this weekend", "next week", "in may", "the end of the week"]
    ),
)


@given(DAYS, HOURS, MOMENTS)
def test_a_day_is_never_in_the_past_unless_said(day, hour, now):
    found = when_heard(f"{day} {hour}", now)
    assert found is not None
    assert found.impossible or (found.day is not None and found.day >= now.date())


@given(MOMENTS, st.integers(-1, 3000))
def test_every_day_we_say_is_heard_back(now, days_ahead):
    day = now.date() + timedelta(days=days_ahead)
    found = heard(spoken_day(day, now.date()).lower(), now)
    assert (found.day, found.impossible) == (day, False)


@given(st.integers(0, 23), st.integers(0, 59))
def test_every_time_we_say_is_heard_back_with_its_part_of_the_day(hour, minute):
    now = datetime(2026, 11, 19, 9)
    at = now.replace(hour=hour, minute=minute) + timedelta(days=1)
    assert heard(spoken_moment(at, now).lower(), now).at == at.time()


@given(st.integers(7, 18), st.integers(0, 59))
def test_every_office_time_we_say_is_heard_back_alone(hour, minute):
    assert heard(f"at {spoken_time(time(hour, minute))}").at == time(hour, minute)


@given(MOMENTS, st.integers(0, 250), st.integers(7, 18), st.integers(0, 59))
def test_what_we_say_is_understood_when_it_is_said_back(now, days_ahead, hour, minute):
    at = datetime.combine(now.date() + timedelta(days=days_ahead), time(hour, minute))
    found = heard(spoken_moment(at, now).lower(), now)
    assert (found.day, found.at) == (at.date(), at.time())


@given(st.text(max_size=80), MOMENTS)
def test_any_text_is_survived(text, now):
    found = when_heard(text, now)
    assert found is None or found != WhenHeard()


@given(
    st.lists(st.sampled_from("one nine thirty of the second may to past week at in 9:30 12/24 am".split())),
    MOMENTS,
)
def test_any_jumble_of_its_own_words_is_survived(words, now):
    found = when_heard(" ".join(words), now)
    assert found is None or found != WhenHeard()


# --- other people's tables ----------------------------------------------------------------------


def _cases(data_dir, name: str, value: str) -> list[tuple[str, datetime, str]]:
    """Input, reference moment and future resolution of a table of Microsoft's Recognizers-Text."""
    path = data_dir / "text_normalization" / "recognizers" / f"DateTime_{name}.json"
    found = []
    for case in json.loads(path.read_text(encoding="utf-8")):
        if case["Results"]:
            reference = case.get("Context", {}).get("ReferenceDateTime", "2016-11-07T00:00:00")
            resolved = case["Results"][0]["Value"]["FutureResolution"][value]
            found.append((case["Input"], datetime.fromisoformat(reference[:19]), resolved))
    return found


_SAID_OF_THE_PAST = re.compile(r"\b(ago|went|came|left|were|was|had|met|last|past|previous|did|yesterday)\b")


def test_share_of_spoken_days_in_the_recognizers_table(data_dir):
    """Days without figures that lie ahead: 37 of 44 when this was written (of all 135: 100)."""
    cases = [
        (text, now, None if day == "0001-01-01" else date.fromisoformat(day))
        for text, now, day in _cases(data_dir, "DateParser", "date")
        if not re.search(r"\d", text) and not _SAID_OF_THE_PAST.search(text.lower())
    ]
    right = sum(heard_day == day for text, now, day in cases for heard_day in [_day_or_none(text, now)])
    assert len(cases) >= 40
    assert right / len(cases) >= 0.75


def _day_or_none(text: str, now: datetime) -> date | None:
    found = when_heard(text, now)
    return found.day if found else None


def test_share_of_times_in_the_recognizers_table(data_dir):
    """On a twelve-hour clock, ours being that of an office: 75 of 92 when this was written."""
    cases = _cases(data_dir, "TimeParser", "time")
    right = 0
    for text, now, at in cases:
        found, wanted = when_heard(text, now), time.fromisoformat(at)
        if found and found.at:
            right += (found.at.hour % 12, found.at.minute) == (wanted.hour % 12, wanted.minute)
    assert right / len(cases) >= 0.7


def test_share_of_days_with_times_in_the_recognizers_table(data_dir):
    """Both the day and the time: 51 of 64 when this was written."""
    cases = _cases(data_dir, "DateTimeParser", "dateTime")
    right = 0
    for text, now, moment in cases:
        found, wanted = when_heard(text, now), datetime.fromisoformat(moment)
        if found and found.at:
            same_hour = (found.at.hour % 12, found.at.minute) == (wanted.hour % 12, wanted.minute)
            right += found.day == wanted.date() and same_hour
    assert right / len(cases) >= 0.7


def test_days_and_times_of_the_booking_dialogs(data_dir):
    """What was told and later booked, seen from the dialogs' own today: 453 of 453 days, 496 of 496 times."""
    days, times = [], []
    for path in sorted((data_dir / "text_dialogs_booking" / "sgd").glob("train_*.json")):
        for dialog in json.loads(path.read_text(encoding="utf-8")):
            for text, slot, value in told_and_booked(dialog["turns"]):
                found = when_heard(text, datetime(2019, 3, 1, 9))
                if slot.endswith("date"):
                    days.append(found is not None and found.day == date.fromisoformat(value))
                else:
                    times.append(found is not None and found.at == time.fromisoformat(value.zfill(5)))
    assert len(days) > 400
    assert sum(days) / len(days) >= 0.95
    assert sum(times) / len(times) >= 0.95


@pytest.mark.parametrize(
    ("text", "will_not_do"),
    [
        ("next week but not on monday", ["2026-11-23", "2026-11-30"]),
        ("i can't do tomorrow or monday", ["2026-11-20", "2026-11-23", "2026-11-30"]),
        ("today or tomorrow", []),
        ("i can't come today or tomorrow", ["2026-11-19", "2026-11-20"]),
        ("friday doesn't work how about monday", ["2026-11-20", "2026-11-27"]),
        ("any day other than wednesday", ["2026-11-25", "2026-12-02"]),
        ("why not on monday", []),
        ("not wednesday afternoon", []),
        ("i can't make it on monday at nine", []),
        ("monday at nine", []),
    ],
)
def test_days_that_will_not_do(text, will_not_do):
    found = days_ruled_out(text, NOW)
    coming = [TODAY + timedelta(days=ahead) for ahead in range(14)]
    assert [str(day) for day in coming if any(one.covers(day) for one in found)] == will_not_do
