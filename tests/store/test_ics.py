"""The diary goes out as iCalendar and comes back the same; what comes in from elsewhere is understood or named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from appliance.domain.appointment import Appointment, BusyTime, DiaryEntry, Standing
from appliance.errors import CalendarFault
from appliance.store.ics import calendar_of, read_busy, uid_of
from tests.store.salon import SALON

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=SALON.zone)  # a Monday
TEN = NOW.replace(hour=10)
HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
BO = Appointment("c1-1", "c1", "cut", TEN, TEN + HOUR, "Bo Berg", "+13035550123", "ann")


def ics(*entries: str) -> bytes:
    """A calendar of these entries, each the lines between BEGIN and END."""
    inner = "".join(f"BEGIN:VEVENT\n{entry}\nEND:VEVENT\n" for entry in entries)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{inner}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def busy(*entries: str, after: datetime = NOW, before: datetime = NOW + 4 * WEEK, **options) -> list[str]:
    found = read_busy(ics(*entries), "dentist.ics", SALON.zone, after, before, **options)
    return [
        f"{one.starts_at.astimezone(SALON.zone):%d %H:%M}-{one.ends_at.astimezone(SALON.zone):%d %H:%M}"
        for one in found.busy
    ]


def only(data: bytes):
    (event,) = Calendar.from_ical(data).walk("VEVENT")
    return event


def test_an_appointment_as_an_entry():
    event = only(calendar_of([DiaryEntry(BO, NOW, NOW + HOUR)], SALON))
    assert event["DTSTART"].dt == TEN.astimezone(UTC)
    assert event["DTEND"].dt == (TEN + HOUR).astimezone(UTC)
    assert event["DTSTAMP"].dt == (NOW + HOUR).astimezone(UTC)
    assert (str(event["SUMMARY"]), str(event["DESCRIPTION"])) == ("Bo Berg: a cut", "+13035550123")
    assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CONFIRMED", 0)
    assert "c1" not in str(event["UID"])


def test_a_move_and_a_cancellation_keep_the_uid_and_raise_the_sequence():
    moved = replace(BO, starts_at=TEN + HOUR, ends_at=TEN + 2 * HOUR, sequence=1)
    gone = replace(moved, standing=Standing.CANCELLED, sequence=2)
    events = [only(calendar_of([DiaryEntry(one, NOW, NOW)], SALON)) for one in (BO, moved, gone)]
    assert len({str(event["UID"]) for event in events}) == 1
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
    assert str(events[-1]["STATUS"]) == "CANCELLED"


def test_the_same_diary_gives_the_same_bytes_and_lines_the_standard_allows():
    long = replace(BO, name="Ó, ; \\ \n" + "x" * 200)
    entries = [DiaryEntry(long, NOW, NOW), DiaryEntry(replace(BO, appointment_id="old"), None, None)]
    data = calendar_of(entries, SALON)
    assert data == calendar_of(entries, SALON)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert str(Calendar.from_ical(data).walk("VEVENT")[0]["SUMMARY"]).startswith("Ó, ; \\ \nxxx")


@given(st.text(max_size=40), st.integers(0, 20_000), st.integers(5, 600))
def test_what_goes_out_comes_in_at_the_same_time(name, after_minutes, minutes):
    starts = NOW + timedelta(minutes=after_minutes)
    one = replace(BO, name=name, starts_at=starts, ends_at=starts + timedelta(minutes=minutes))
    found = read_busy(calendar_of([DiaryEntry(one, NOW, NOW)], SALON), "x", SALON.zone, NOW, NOW + 4 * WEEK)
    assert [(time.starts_at, time.ends_at) for time in found.busy] == [(one.starts_at, one.ends_at)]


def test_our_own_entries_are_known_again():
    data = calendar_of([DiaryEntry(BO, NOW, NOW)], SALON)
    found = read_busy(data, "x", SALON.zone, NOW, NOW + WEEK, own_uids={uid_of("c1-1")})
    assert (found.busy, found.own) == ((), 1)


@pytest.mark.parametrize(
    ("entry", "times"),
    [
        ("UID:1\nDTSTART:20261124T170000Z\nDTEND:20261124T180000Z", ["24 10:00-24 11:00"]),
        ("UID:1\nDTSTART:20261124T100000\nDURATION:PT90M", ["24 10:00-24 11:30"]),
        ("UID:1\nDTSTART;TZID=America/New_York:20261124T100000\nDURATION:PT1H", ["24 08:00-24 09:00"]),
        ("UID:1\nDTSTART;TZID=Eastern Standard Time:20261124T100000\nDURATION:PT1H", ["24 08:00-24 09:00"]),
        ("UID:1\nDTSTART;VALUE=DATE:20261124", ["24 00:00-25 00:00"]),
        ("UID:1\nDTSTART;VALUE=DATE:20261124\nDTEND;VALUE=DATE:20261127", ["24 00:00-27 00:00"]),
        ("UID:1\nDTSTART:20261124T100000\nDURATION:PT1H\nTRANSP:TRANSPARENT", []),
        ("UID:1\nDTSTART:20261124T100000\nDURATION:PT1H\nSTATUS:CANCELLED", []),
        ("UID:1\nDTSTART:20261124T100000", []),  # a moment is not a time
        ("UID:1\nDTSTART:20260101T100000\nDURATION:PT1H", []),  # over
        ("UID:1\nDTSTART:20261123T070000\nDURATION:PT2H", ["23 07:00-23 09:00"]),  # under way
        (
            "DTSTART:20261013T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYDAY=TU\nEXDATE:20261201T100000",
            ["24 10:00-24 11:00", "08 10:00-08 11:00", "15 10:00-15 11:00"],
        ),
        (
            "UID:1\nDTSTART:20261124T100000\nDURATION:PT1H\nATTENDEE:nobody\nPRIORITY:high",
            ["24 10:00-24 11:00"],
        ),
    ],
)
def test_busy_times(entry, times):
    assert busy(entry) == times


def test_one_repetition_may_be_another():
    series = "UID:1\nDTSTART:20261124T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3"
    moved = "UID:1\nRECURRENCE-ID:20261125T100000\nDTSTART:20261125T140000\nDURATION:PT1H"
    assert busy(series, moved) == ["24 10:00-24 11:00", "25 14:00-25 15:00", "26 10:00-26 11:00"]


def test_a_repetition_keeps_its_hour_when_clocks_change():
    entry = "UID:1\nDTSTART;TZID=America/Denver:20261030T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4"
    start = datetime(2026, 10, 29, tzinfo=SALON.zone)
    assert busy(entry, after=start) == [
        "30 10:00-30 11:00",
        "31 10:00-31 11:00",
        "01 10:00-01 11:00",
        "02 10:00-02 11:00",
    ]


GOOD = "UID:0\nSUMMARY:Good\nDTSTART:20261124T100000\nDURATION:PT1H"


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("SUMMARY:Bad\nDTSTART:2026-11-24", "DTSTART cannot be read"),
        ("SUMMARY:Bad", "has no DTSTART"),
        ("SUMMARY:Bad\nDTSTART;TZID=Nowhere/Land:20261124T100000", 'time zone "Nowhere/Land" is not known'),
        ("SUMMARY:Bad\nDTSTART:20261124T100000Z\nDTEND:20261124T090000Z", "ends before it begins"),
        (
            "SUMMARY:Bad\nDTSTART:20261124T100000Z\nDTEND;VALUE=DATE:20261125",
            "one of DTSTART and DTEND is a day",
        ),
        ("SUMMARY:Bad\nDTSTART:20261124T100000Z\nDTEND:20261124T110000", "has a time zone"),
        ("SUMMARY:Bad\nDTSTART:20261124T100000Z\nDURATION:later", "DURATION cannot be read"),
        ("SUMMARY:Bad\nDTSTART:20261124T100000Z\nRRULE:FREQ=SOMETIMES", "RRULE cannot be read"),
        ("SUMMARY:Bad\nDTSTART:20261124T100000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY", "repeats SECONDLY"),
        ("SUMMARY:Bad\nDTSTART:20261124T100000Z\nrubbish", "a line cannot be read"),
    ],
)
def test_a_broken_entry_is_named_with_its_line(entry, what):
    with pytest.raises(CalendarFault) as caught:
        busy(GOOD, entry, GOOD.replace("UID:0", "UID:9"))
    line = ics(GOOD, entry).decode().splitlines().index("SUMMARY:Bad")
    assert f'dentist.ics:{line}: entry 2 ("Bad"): ' in str(caught.value)
    assert what in str(caught.value)
    assert "--skip-broken" in caught.value.remedy
    assert busy(GOOD, entry, skip_broken=True) == ["24 10:00-24 11:00"]


def test_a_thousand_broken_entries_are_ten_and_a_number():
    with pytest.raises(CalendarFault) as caught:
        busy(*["SUMMARY:x"] * 1000)
    assert "and 990 more" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 11


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n", b"BEGIN:VEVENT\r\nEND:VEVENT\r\n",
     b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n", b"PK\x03\x04", b"<html></html>"],
)  # fmt: skip
def test_what_is_no_calendar_is_refused(data):
    with pytest.raises(CalendarFault, match=r"x\.ics: is"):
        read_busy(data, "x.ics", SALON.zone, NOW, NOW + WEEK)


def test_an_empty_calendar_is_one():
    assert busy() == []


def test_an_entry_that_repeats_without_end_is_refused():
    entry = "UID:1\nDTSTART:20200101T100000\nDURATION:PT1H\nRRULE:FREQ=HOURLY"
    with pytest.raises(CalendarFault, match="repeats more than 2000 times"):
        busy(entry, before=NOW + 100 * WEEK)


def test_busy_times_are_in_order_with_their_words():
    found = read_busy(
        ics("UID:2\nDTSTART:20261125T100000\nDURATION:PT1H", GOOD), "x", SALON.zone, NOW, NOW + WEEK
    )
    day = TEN + timedelta(days=1)
    assert found.busy[0] == BusyTime(day, day + HOUR, "Good")
    assert found.busy[0].starts_at < found.busy[1].starts_at
