"""Moving, cancelling, repeating: what was agreed stays one appointment, whoever asks, however often."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.business import ANYBODY
from appliance.clock import SetClock
from appliance.domain.appointment import Appointment, Standing
from appliance.errors import Misused, NotFound
from appliance.store.appointments import CLOSED, GONE, TAKEN, Diary, Refusal
from appliance.store.database import FILE_NAME, Database
from tests.store.salon import SALON

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=SALON.zone)  # a Monday
TEN = NOW.replace(hour=10)
HOUR = timedelta(hours=1)


@pytest.fixture
def diary(tmp_path: Path) -> Iterator[Diary]:
    with Database(tmp_path / FILE_NAME) as database:
        yield Diary(database, SALON, SetClock(NOW))


def cut(
    at: datetime = TEN, appointment_id: str = "a1", name: str = "Bo Berg", staff: str = ""
) -> Appointment:
    return Appointment(appointment_id, "c1", "cut", at, at + HOUR, name, "+13035550123", staff)


def times(found) -> list[str]:
    return [f"{one.starts_at:%a %H:%M} {one.staff}" for one in found]


# --- wishes ---------------------------------------------------------------------------------------


def test_openings_name_who_would_do_it(diary: Diary) -> None:
    assert times(diary.openings("cut", NOW, NOW + 48 * HOUR, 5)) == [
        "Mon 09:00 ann",
        "Mon 09:15 ann",
        "Mon 09:30 ann",
        "Mon 09:45 ann",
        "Mon 10:00 bea",
    ]


def test_openings_with_somebody(diary: Diary) -> None:
    assert times(diary.openings("cut", NOW, NOW + 48 * HOUR, 1, staff="bea")) == ["Mon 10:00 bea"]
    assert diary.openings("colour", NOW, NOW + 48 * HOUR, 1, staff="bea") == ()
    with pytest.raises(Misused):
        diary.openings("cut", NOW, NOW + HOUR, 1, staff="cid")


def test_openings_near_a_moment_are_the_nearest_first(diary: Diary) -> None:
    diary.book(cut(TEN.replace(hour=14), "a1", staff="ann"))
    diary.book(cut(TEN.replace(hour=14), "a2", "Al", staff="bea"))
    near = TEN.replace(hour=14)
    found = diary.openings("cut", NOW, NOW + 48 * HOUR, 3, near=near)
    assert times(found) == ["Mon 15:15 ann", "Mon 12:45 bea", "Mon 15:30 ann"]
    assert (
        diary.openings("cut", NOW, NOW + 48 * HOUR, 1, near=near - 365 * 24 * HOUR)[0].starts_at == NOW + HOUR
    )


def test_time_kept_free_keeps_the_chair_and_the_person(diary: Diary) -> None:
    """After a cut ten minutes are for the broom; before a colour a quarter of an hour is for mixing it."""
    assert isinstance(diary.book(cut(staff="ann")), Appointment)
    assert times(diary.openings("talk", TEN, NOW + 48 * HOUR, 1)) == ["Mon 11:15 ann"]
    assert times(diary.openings("colour", TEN, NOW + 48 * HOUR, 1)) == ["Mon 11:30 ann"]
    assert diary.book(replace(cut(TEN + HOUR, "a2", "Al", "ann"))) == Refusal(TAKEN)


def test_whoever_is_asked_for_does_it(diary: Diary) -> None:
    assert diary.book(cut(staff="ann")).staff == "ann"
    assert diary.book(cut(appointment_id="a2", name="Al", staff="ann")) == Refusal(TAKEN)
    assert diary.book(cut(appointment_id="a2", name="Al")).staff == "bea"


# --- the same order again -------------------------------------------------------------------------


def test_the_same_wish_under_another_id_is_the_same_appointment(diary: Diary) -> None:
    made = diary.book(cut())
    again = replace(cut(appointment_id="b7", name="bo berg"), call_id="c2")
    assert diary.book(again) == made
    assert diary.of_call("c2") == made
    assert [one.kind for one in diary.history("a1")] == ["agreed", "repeated"]
    assert diary.of_phone("+13035550123") == [made]


def test_another_name_or_no_number_is_another_wish(diary: Diary) -> None:
    assert diary.book(cut()).staff == "bea"
    assert diary.book(cut(appointment_id="a2", name="Bea Berg")).staff == "ann"
    at_two = TEN.replace(hour=14)
    for one in ("a3", "a4"):
        assert diary.book(replace(cut(at_two, one), phone="")).appointment_id == one


def test_an_id_that_meant_something_else_makes_a_new_appointment_once(diary: Diary) -> None:
    """A call resumed after a crash numbers its orders from the start again."""
    diary.book(cut())
    other = cut(TEN.replace(hour=15))
    made = diary.book(other)
    assert made.appointment_id != "a1"
    assert made.starts_at == other.starts_at
    assert diary.book(other) == made
    assert len(diary.of_phone("+13035550123")) == 2


def test_an_order_repeated_after_a_move_or_a_cancellation_books_nothing(diary: Diary) -> None:
    diary.book(cut())
    moved = diary.move("a1", TEN.replace(hour=15))
    assert diary.book(cut()) == moved
    diary.cancel("a1")
    assert diary.book(cut()) == Refusal(GONE)
    assert diary.coming("+13035550123") == []
    assert diary.book(cut(appointment_id="a2")).appointment_id == "a2"


# --- moving ---------------------------------------------------------------------------------------


def test_a_move_frees_the_old_time_and_keeps_id_length_and_person(diary: Diary) -> None:
    diary.book(cut(staff="ann"))
    before = diary.openings("talk", NOW, NOW + 48 * HOUR, 50)
    moved = diary.move("a1", TEN.replace(hour=15), call_id="c2")
    assert moved == replace(cut(TEN.replace(hour=15), staff="ann"), sequence=1)
    freed = {one.starts_at for one in diary.openings("talk", NOW, NOW + 48 * HOUR, 50)}
    assert TEN in freed - {one.starts_at for one in before}
    assert diary.of_call("c2") == moved
    assert [(one.kind, one.sequence, one.call_id) for one in diary.history("a1")] == [
        ("agreed", 0, "c1"),
        ("moved", 1, "c2"),
    ]


def test_a_move_to_where_it_is_changes_nothing(diary: Diary) -> None:
    made = diary.book(cut())
    assert diary.move("a1", TEN) == made
    assert diary.move("a1", TEN, staff=made.staff) == made
    assert len(diary.history("a1")) == 1


def test_an_appointment_may_move_within_its_own_time(diary: Diary) -> None:
    diary.book(cut(staff="ann"))
    quarter_past = TEN + timedelta(minutes=15)
    found = diary.openings("cut", quarter_past, NOW + 48 * HOUR, 1, staff="ann", moving="a1")
    assert found[0].starts_at == quarter_past
    assert diary.move("a1", quarter_past).starts_at == quarter_past


def test_who_was_asked_for_stays_unless_the_caller_says_otherwise(diary: Diary) -> None:
    diary.book(cut(staff="bea"))
    tuesday = TEN + 24 * HOUR
    assert diary.move("a1", tuesday) == Refusal(TAKEN)  # Bea works on Mondays only
    monday = diary.openings("cut", tuesday, tuesday + 14 * 24 * HOUR, 1, moving="a1")[0].starts_at
    assert f"{monday:%a}" == "Mon"
    assert diary.openings("cut", tuesday, tuesday + HOUR, 1, staff=ANYBODY, moving="a1")[0].staff == "ann"
    assert diary.move("a1", tuesday, staff=ANYBODY).staff == "ann"
    assert diary.move("a1", TEN).staff == "ann"  # whoever does it goes on doing it
    assert diary.move("a1", TEN, staff="bea").staff == "bea"


@pytest.mark.parametrize(
    ("hour", "reason"), [(7, CLOSED), (18, CLOSED), (17, None), (14, TAKEN), (6, CLOSED)], ids=str
)
def test_a_move_that_cannot_be_leaves_everything_as_it_was(diary: Diary, hour: int, reason) -> None:
    made = diary.book(cut(staff="ann"))
    diary.book(cut(TEN.replace(hour=14), "a2", "Al", "ann"))
    moved = diary.move("a1", TEN.replace(hour=hour))
    assert isinstance(moved, Appointment) if reason is None else moved == Refusal(reason)
    assert diary.get("a1") == (made if reason else moved)


# --- cancelling -----------------------------------------------------------------------------------


def test_cancelled_is_free_again_and_cancelled_twice_is_cancelled(diary: Diary) -> None:
    diary.book(cut(staff="ann"))
    gone = diary.cancel("a1", call_id="c2")
    assert gone == replace(cut(staff="ann"), standing=Standing.CANCELLED, sequence=1)
    assert diary.cancel("a1") == gone
    assert diary.move("a1", TEN.replace(hour=15)) == Refusal(GONE)
    assert diary.book(cut(appointment_id="a2", name="Al", staff="ann")).staff == "ann"
    assert [one.kind for one in diary.history("a1")] == ["agreed", "cancelled"]
    assert diary.on(TEN.date()) == [diary.get("a2")]
    assert diary.between(TEN, TEN + HOUR, cancelled=True) == [gone, diary.get("a2")]


def test_what_is_not_there_or_over_cannot_be_changed(diary: Diary, tmp_path: Path) -> None:
    diary.book(cut())
    assert diary.cancel("never") == diary.move("never", TEN) == Refusal(GONE)
    with Database(tmp_path / FILE_NAME) as database:
        late = Diary(database, SALON, SetClock(TEN + HOUR / 2))
        assert late.coming("+13035550123") == [diary.get("a1")]  # who is late may still say so
        over = Diary(database, SALON, SetClock(TEN + HOUR))
        assert over.coming("+13035550123") == []
        assert over.cancel("a1") == over.move("a1", TEN + 24 * HOUR) == Refusal(GONE)


@pytest.mark.parametrize(
    ("kept", "asked", "is_found"),
    [
        ("+13035550123", "+13035550123", True),
        ("3035550123", "+13035550123", True),
        ("+13035550123", "3035550123", True),
        ("5550123", "+13035550123", False),  # of which area code?
        ("+17205550123", "+13035550123", False),
        ("", "+13035550123", False),
        ("+13035550123", "", False),
    ],
)
def test_a_caller_is_known_by_their_number(diary: Diary, kept: str, asked: str, is_found: bool) -> None:
    made = diary.book(replace(cut(), phone=kept))
    assert diary.coming(asked) == ([made] if is_found else [])


def test_finding_by_the_beginning_of_an_id(diary: Diary) -> None:
    diary.book(cut(appointment_id="7f3a-1"))
    diary.book(cut(TEN.replace(hour=15), "7f3a-2"))
    assert diary.find("7f3a-1").appointment_id == "7f3a-1"
    with pytest.raises(NotFound, match="2 appointments begin with 7f"):
        diary.find("7f")
    for nobody in ("", "x", "%"):
        with pytest.raises(NotFound):
            diary.find(nobody)


# --- laws -----------------------------------------------------------------------------------------

_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["book", "book", "move", "cancel"]),
        st.sampled_from(["cut", "colour", "talk"]),
        st.integers(0, 30),
        st.sampled_from(["", "ann", "bea"]),
    ),
    max_size=25,
)


@given(_STEPS)
@settings(deadline=None, max_examples=25)
def test_what_is_offered_can_be_had_and_nobody_is_had_twice(steps) -> None:
    """Whatever is booked, moved and cancelled: every offer holds, and members do one thing at a time."""
    with TemporaryDirectory() as folder, Database(Path(folder) / FILE_NAME) as database:
        diary, mine = Diary(database, SALON, SetClock(NOW)), []
        for number, (what, wished, which, staff) in enumerate(steps):
            if what == "cancel" and mine:
                diary.cancel(mine.pop(which % len(mine)))
                continue
            one = mine[which % len(mine)] if what == "move" and mine else ""
            service = diary.get(one).service if one else wished
            wanted = "" if one else staff
            found = diary.openings(service, NOW, NOW + 26 * HOUR, 31, staff=wanted, moving=one)
            if not found:
                continue
            chosen = found[which % len(found)]
            if one:
                answer = diary.move(one, chosen.starts_at)
            else:
                name = f"a{number}"
                times_of = chosen.starts_at, chosen.ends_at
                answer = diary.book(Appointment(name, "c1", service, *times_of, name, "+1", wanted))
                mine.append(name)
            assert isinstance(answer, Appointment)
            assert answer.starts_at == chosen.starts_at
            assert answer.staff in (wanted, chosen.staff) if wanted else answer.staff
        claims = database.rows("SELECT what, starts_minute, ends_minute FROM claims ORDER BY 1, 2")
        assert len(mine) == len({row["appointment_id"] for row in database.rows("SELECT * FROM claims")})
        for before, after in pairwise(claims):
            assert before["what"] != after["what"] or before["ends_minute"] <= after["starts_minute"]
