"""The diary: what it offers can be booked, what is booked is not offered, nobody gets what another has."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.business import Booking, Business, load
from appliance.clock import SetClock
from appliance.domain.appointment import Appointment, Opening
from appliance.errors import Misused
from appliance.store.appointments import CLOSED, TAKEN, Diary, Refusal, appointment_of_call
from appliance.store.database import FILE_NAME, Database

SHOP = load("auto_repair")
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=SHOP.zone)  # a Monday
WEEK = timedelta(days=7)

BOOK = """
import sys
from datetime import datetime, timedelta
from pathlib import Path
from appliance.business import load
from appliance.clock import SetClock
from appliance.domain.appointment import Appointment
from appliance.store.appointments import Diary
from appliance.store.database import Database

path, name, times = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
now = datetime.fromisoformat(sys.argv[4])
until = now + timedelta(hours=float(sys.argv[5]))
diary = Diary(Database(path), load("auto_repair"), SetClock(now))
print("ready", flush=True)
sys.stdin.readline()
for number in range(times):
    found = diary.openings("oil_change", now, until, 1)
    if not found:
        break
    from_to = found[0].starts_at, found[0].ends_at
    caller = f"{name}-{number}"
    wanted = Appointment(caller, name, "oil_change", *from_to, caller, "+1")
    made = diary.book(wanted)
    if made == wanted:
        print(wanted.appointment_id, flush=True)
"""


def business(**booking: int) -> Business:
    return SHOP.model_copy(update={"booking": Booking(**booking)})


def diary_in(folder: str | Path, of: Business = SHOP, now: datetime = NOW) -> Diary:
    return Diary(Database(Path(folder) / FILE_NAME), of, SetClock(now))


def wish(opening: Opening, appointment_id: str = "a1", name: str = "Bo Berg") -> Appointment:
    return Appointment(
        appointment_id, "c1", opening.service, opening.starts_at, opening.ends_at, name, "+13035550123"
    )


def test_openings_are_soonest_first_after_the_lead_time(tmp_path: Path) -> None:
    found = diary_in(tmp_path).openings("brakes", NOW - WEEK, NOW + WEEK, 3)
    assert [f"{one.starts_at:%a %H:%M}-{one.ends_at:%H:%M}" for one in found] == [
        "Mon 09:00-10:30",
        "Mon 09:30-11:00",
        "Mon 10:00-11:30",
    ]


def test_openings_of_a_holiday_are_the_next_day_s(tmp_path: Path) -> None:
    thanksgiving = datetime(2026, 11, 26, tzinfo=SHOP.zone)
    found = diary_in(tmp_path).openings("oil_change", thanksgiving, thanksgiving + WEEK, 1)
    assert found[0].starts_at == datetime(2026, 11, 27, 7, 30, tzinfo=SHOP.zone)
    assert diary_in(tmp_path).openings("oil_change", thanksgiving, thanksgiving + timedelta(days=1)) == ()


def test_an_unknown_service_is_a_bug(tmp_path: Path) -> None:
    with pytest.raises(Misused):
        diary_in(tmp_path).openings("haircut", NOW, NOW + WEEK)


def test_what_is_offered_can_be_booked_until_every_place_is_taken(tmp_path: Path) -> None:
    diary = diary_in(tmp_path, business(places=2))
    opening = diary.openings("brakes", NOW, NOW + WEEK, 1)[0]
    assert diary.book(wish(opening, "a1")) == wish(opening, "a1")
    assert diary.openings("brakes", NOW, NOW + WEEK, 1)[0] == opening
    assert diary.book(wish(opening, "a2", "Al")) == wish(opening, "a2", "Al")
    assert diary.book(wish(opening, "a3", "Cy")) == Refusal(TAKEN)
    assert diary.openings("brakes", NOW, NOW + WEEK, 1)[0].starts_at == opening.ends_at


def test_the_same_appointment_twice_is_one(tmp_path: Path) -> None:
    diary = diary_in(tmp_path, business(places=2))
    opening = diary.openings("oil_change", NOW, NOW + WEEK, 1)[0]
    assert diary.book(wish(opening)) == diary.book(wish(opening)) == wish(opening)
    assert diary.of_phone("+13035550123") == [wish(opening)]


@pytest.mark.parametrize(
    ("starts_at", "minutes"),
    [
        (NOW.replace(hour=7, minute=0), 30),  # before opening
        (NOW.replace(hour=7, minute=30), 30),  # in the past
        (NOW.replace(hour=9, minute=10), 30),  # off the grid
        (NOW.replace(hour=9, second=1), 30),
        (NOW.replace(hour=17, minute=0), 60),  # does not fit before closing
        (NOW - timedelta(days=1), 30),
        (NOW + timedelta(days=3), 30),  # a holiday
        (NOW + timedelta(days=63), 30),  # beyond the horizon
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, starts_at: datetime, minutes: int) -> None:
    opening = Opening("oil_change", starts_at, starts_at + timedelta(minutes=minutes))
    assert diary_in(tmp_path).book(wish(opening)) == Refusal(CLOSED)


def test_an_offer_may_be_accepted_a_little_later(tmp_path: Path) -> None:
    opening = diary_in(tmp_path).openings("oil_change", NOW, NOW + WEEK, 1)[0]
    later = diary_in(tmp_path, now=NOW + timedelta(minutes=3))
    assert later.book(wish(opening)) == wish(opening)


def test_an_appointment_that_ends_before_it_begins_is_a_bug(tmp_path: Path) -> None:
    with pytest.raises(Misused):
        diary_in(tmp_path).book(wish(Opening("oil_change", NOW, NOW - WEEK)))


def test_looking_up(tmp_path: Path) -> None:
    diary = diary_in(tmp_path)
    first, second = diary.openings("oil_change", NOW, NOW + WEEK, 2)
    late, early = wish(second, "late"), wish(first, "early")
    other = replace(wish(first, "other"), phone="+1999", call_id="c2")
    for one in (late, early, other):
        assert diary.book(one) == one
    assert diary.get("late") == late
    assert diary.get("never") is None
    assert diary.of_phone("+13035550123") == [early, late]
    assert [one.appointment_id for one in diary.on(first.starts_at.date())] == ["early", "other", "late"]
    assert diary.on(first.starts_at.date() + timedelta(days=1)) == []
    assert diary.of_call("c1") == early
    assert appointment_of_call(Database(tmp_path / FILE_NAME), "c3") is None


def test_an_appointment_keeps_the_zone_it_was_agreed_in(tmp_path: Path) -> None:
    diary = diary_in(tmp_path)
    opening = diary.openings("oil_change", NOW, NOW + WEEK, 1)[0]
    diary.book(wish(opening))
    moved = diary_in(tmp_path, SHOP.model_copy(update={"timezone": "Europe/Berlin"}))
    assert f"{moved.get('a1').starts_at:%H:%M %Z}" == "09:00 MST"


@given(
    st.lists(
        st.tuples(st.sampled_from(["oil_change", "inspection", "brakes"]), st.integers(0, 12)), max_size=25
    ),
    st.integers(1, 3),
    st.sampled_from([10, 15, 30, 60]),
    st.sampled_from(
        [NOW, datetime(2027, 3, 12, 15, tzinfo=SHOP.zone), datetime(2026, 10, 30, 9, tzinfo=SHOP.zone)]
    ),
)
@settings(deadline=None, max_examples=25)
def test_laws_of_the_diary(wishes: list[tuple[str, int]], places: int, grid: int, now: datetime) -> None:
    """Whatever is booked: never more at once than places, never in the past or beyond the horizon."""
    shop = business(places=places, grid_minutes=grid, lead_minutes=45, horizon_days=6)
    with TemporaryDirectory() as folder:
        diary = diary_in(folder, shop, now)
        booked = []
        for number, (service, which) in enumerate(wishes):
            found = diary.openings(service, now - WEEK, now + 2 * WEEK, 13)
            assert list(found) == sorted(found, key=lambda one: one.starts_at.astimezone(UTC))
            for one in found:
                assert now + timedelta(minutes=45) <= one.starts_at < now + timedelta(days=6)
            chosen = wish(found[min(which, len(found) - 1)], f"a{number}", f"caller {number}")
            assert diary.book(chosen) == chosen
            booked.append(chosen)
        edges = [(one.starts_at.astimezone(UTC), 1) for one in booked]
        edges += [(one.ends_at.astimezone(UTC), -1) for one in booked]
        at_once = 0
        for _, change in sorted(edges):
            at_once += change
            assert at_once <= places


def test_two_processes_never_get_the_same_opening(tmp_path: Path, start) -> None:
    """Four processes book the soonest opening over and over; together they get each place once."""
    path = tmp_path / FILE_NAME
    arguments = ("12", NOW.isoformat(), "168")
    processes = [start(BOOK, str(path), f"p{number}", *arguments) for number in range(4)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60) for process in processes]
    assert [err for _, err in answers] == [""] * 4
    claimed = [line for out, _ in answers for line in out.splitlines()]
    assert len(claimed) == len(set(claimed)) >= 12
    _nobody_was_double_booked(path, claimed)


def test_kill_9_between_bookings_leaves_whole_ones(tmp_path: Path, start) -> None:
    path = tmp_path / FILE_NAME
    luck = random.Random(7)
    claimed: list[str] = []
    for number in range(4):
        process = start(BOOK, str(path), f"p{number}", "1000", NOW.isoformat(), "168")
        process.stdout.readline()
        process.stdin.write("go\n")
        process.stdin.flush()
        claimed += [process.stdout.readline().strip() for _ in range(luck.randrange(1, 8))]
        process.kill()
        claimed += process.communicate()[0].split("\n")[:-1]
    _nobody_was_double_booked(path, claimed)


def _nobody_was_double_booked(path: Path, claimed: list[str]) -> None:
    with Database(path) as database:
        database.check()
        rows = database.rows("SELECT * FROM appointments")
        claims = database.rows("SELECT * FROM claims")
        minutes = database.rows("SELECT what, minute, appointment_id FROM claimed_minutes")
    assert set(claimed) <= {row["appointment_id"] for row in rows}
    expected = [
        (claim["what"], minute, claim["appointment_id"])
        for claim in claims
        for minute in range(claim["starts_minute"], claim["ends_minute"])
    ]
    assert len(claims) == len(rows)
    assert sorted(expected) == sorted(tuple(row.values()) for row in minutes)
    assert len({(what, minute) for what, minute, _ in expected}) == len(expected)
    assert {claim["what"] for claim in claims} <= {f"place/{one}" for one in range(SHOP.booking.places)}


def test_the_last_opening_goes_to_one_of_two(tmp_path: Path, start) -> None:
    path = tmp_path / FILE_NAME
    diary, soon = diary_in(tmp_path), NOW + timedelta(hours=1.5)
    (only,) = diary.openings("oil_change", NOW, soon)
    for filler in range(SHOP.booking.places - 1):
        assert isinstance(diary.book(wish(only, f"filler{filler}", f"filler {filler}")), Appointment)
    processes = [start(BOOK, str(path), name, "1", NOW.isoformat(), "1.5") for name in ("one", "two")]
    for process in processes:
        process.stdout.readline()
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    got = [process.communicate(timeout=60)[0] for process in processes]
    assert sorted(got) in (["", "one-0\n"], ["", "two-0\n"])
    assert diary.openings("oil_change", NOW, soon) == ()
