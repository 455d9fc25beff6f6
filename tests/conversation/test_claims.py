"""What a text claims: read by value, with the day a time is said of."""

from __future__ import annotations

import pytest

from appliance.conversation.claims import Time, claims_of, ties_of


def test_one_number_is_one_kind_of_claim() -> None:
    claims = claims_of("It costs $9.50, takes 2 hours, and 3 percent come at half past four on June 5th.")
    assert (claims.prices, claims.measures, claims.percents) == ({9.5}, {(2.0, "hour")}, {3.0})
    assert (claims.times, claims.dates, claims.numbers) == ({Time(4, 30, "")}, {("june", 5)}, set())


def test_a_range_of_days_holds_those_between() -> None:
    assert claims_of("We're here Thursday to Saturday.").days == {"thursday", "friday", "saturday"}


@pytest.mark.parametrize(
    ("text", "tied"),
    [
        ("On Saturday from nine to one.", {("saturday", 9), ("saturday", 1)}),
        ("From nine to one on Saturday.", {("saturday", 9), ("saturday", 1)}),
        ("Monday and Tuesday at 8, Sunday at 10.", {("monday", 8), ("tuesday", 8), ("sunday", 10)}),
        ("At 8 on Monday and at 10 on Sunday.", {("monday", 8), ("sunday", 10)}),
        ("On the weekend at noon.", {("saturday", 12), ("sunday", 12)}),
        ("Come at 8. Sunday is quiet.", set()),
    ],
)
def test_a_time_belongs_to_the_days_it_is_said_of(text: str, tied: set[tuple[str, int]]) -> None:
    assert {(day, time.hour) for day, time in ties_of(text).tied} == tied


def test_a_time_said_of_no_day_is_loose() -> None:
    assert ties_of("We close at six.").loose == {Time(6, 0, "")}
