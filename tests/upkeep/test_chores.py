"""When a chore that comes round is due."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from appliance.upkeep.chores import comes_round

NIGHT = time(3, 30)
MONDAY = datetime(2026, 11, 16, 12, tzinfo=UTC)


def test_what_was_never_done_is_due_at_once():
    assert comes_round(MONDAY, None, NIGHT)


def test_nightly_means_once_a_night():
    before, after = MONDAY.replace(hour=3, minute=29), MONDAY.replace(hour=3, minute=30)
    last_night = before - timedelta(days=1)
    assert comes_round(before, last_night - timedelta(days=1), NIGHT)
    assert not comes_round(before, last_night.replace(minute=31), NIGHT)
    assert comes_round(after, last_night.replace(minute=31), NIGHT)
    assert not comes_round(after + timedelta(hours=20), after, NIGHT)


def test_what_was_missed_while_the_box_was_off_is_made_up_for():
    assert comes_round(MONDAY, MONDAY - timedelta(days=3), NIGHT)


def test_weekly_means_seven_nights():
    done = MONDAY.replace(hour=3, minute=31)
    assert [comes_round(done + timedelta(days=days), done, NIGHT, days=7) for days in range(9)] == (
        [False] * 7 + [True] * 2
    )


def test_a_clock_that_was_set_back_does_not_put_off_a_chore_for_years():
    assert comes_round(MONDAY, MONDAY + timedelta(days=700), NIGHT)


@given(st.integers(0, 60 * 24 * 400), st.integers(1, 31))
def test_done_now_is_never_due_now_and_due_at_last_after_its_days(minutes: int, days: int):
    now = MONDAY + timedelta(minutes=minutes)
    assert not comes_round(now, now, NIGHT, days=days)
    assert comes_round(now + timedelta(days=days + 1), now, NIGHT, days=days)
