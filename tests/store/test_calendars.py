"""An imported calendar blocks what it names, until it is imported again or forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from appliance.clock import SetClock
from appliance.domain.appointment import Appointment, BusyTime
from appliance.errors import NotFound
from appliance.store.appointments import TAKEN, Diary, Refusal
from appliance.store.calendars import Calendars
from appliance.store.database import FILE_NAME, Database
from tests.store.salon import SALON

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=SALON.zone)  # a Monday
TEN = NOW.replace(hour=10)
HOUR = timedelta(hours=1)
YEAR = timedelta(days=365)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[tuple[Diary, Calendars]]:
    with Database(tmp_path / FILE_NAME) as database:
        yield Diary(database, SALON, SetClock(NOW)), Calendars(database, SetClock(NOW))


def cut(appointment_id: str = "a1", staff: str = "", at: datetime = TEN) -> Appointment:
    return Appointment(appointment_id, "c1", "cut", at, at + HOUR, appointment_id, "+1", staff)


def test_a_calendar_of_somebody_blocks_them_alone(office) -> None:
    diary, calendars = office
    calendars.replace("school", "staff/ann", [BusyTime(TEN, TEN + HOUR, "School")], NOW + YEAR)
    assert diary.book(cut("a1", "ann")) == Refusal(TAKEN)
    assert diary.book(cut("a2")).staff == "bea"
    assert diary.openings("talk", TEN, TEN + HOUR) == ()
    assert diary.openings("talk", TEN, TEN + 2 * HOUR, 1)[0].starts_at == TEN + HOUR


def test_a_calendar_of_the_business_blocks_everything(office) -> None:
    diary, calendars = office
    weeks = BusyTime(TEN - timedelta(days=30), TEN + HOUR, "Rebuilding")
    calendars.replace("closed", "", [weeks], NOW + YEAR)
    assert diary.book(cut()) == Refusal(TAKEN)
    assert diary.openings("cut", NOW, NOW + YEAR, 1)[0].starts_at == TEN + HOUR


def test_imported_again_it_says_what_it_says_now(office) -> None:
    diary, calendars = office
    for hour in (10, 11):
        at = TEN.replace(hour=hour)
        calendars.replace("school", "staff/ann", [BusyTime(at, at + HOUR, "School")], NOW + YEAR)
    assert diary.book(cut("a1", "ann", TEN - HOUR)).staff == "ann"
    assert diary.openings("talk", TEN + HOUR, TEN + 2 * HOUR) == ()
    (known,) = calendars.all()
    assert (known.name, known.what, known.busy_times) == ("school", "staff/ann", 1)
    assert known.until == NOW + YEAR


def test_forgotten_it_blocks_nothing(office) -> None:
    diary, calendars = office
    calendars.replace("school", "staff/ann", [BusyTime(TEN, TEN + HOUR, "School")], NOW + YEAR)
    calendars.forget("school")
    assert calendars.all() == []
    assert diary.book(cut("a1", "ann")).staff == "ann"
    with pytest.raises(NotFound, match='"school"'):
        calendars.forget("school")


def test_an_empty_calendar_is_known(office) -> None:
    _, calendars = office
    calendars.replace("empty", "", [], NOW + YEAR)
    assert [one.busy_times for one in calendars.all()] == [0]


def test_appointments_that_a_calendar_meets_are_told(office) -> None:
    diary, calendars = office
    diary.book(cut("a1", "ann"))
    diary.book(cut("a2", "bea"))
    diary.book(cut("a3", "ann", TEN + 3 * HOUR))
    diary.cancel(diary.book(cut("a4", "ann", TEN + 5 * HOUR)).appointment_id)
    day = [BusyTime(NOW, NOW + 2.5 * HOUR, ""), BusyTime(NOW + 7 * HOUR, NOW + 8 * HOUR, "")]
    calendars.replace("school", "staff/ann", day, NOW + YEAR)
    assert [one.appointment_id for one in calendars.overlapped("school")] == ["a1"]
    calendars.replace("closed", "", day, NOW + YEAR)
    assert {one.appointment_id for one in calendars.overlapped("closed")} == {"a1", "a2"}
