"""Paging through calls: every call once, the newest first, whatever rings meanwhile and however it is narrowed down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from appliance.domain.call import Disposition, Speaker, Turn
from appliance.store.call_pages import CallPages, Listed, Wanted
from appliance.store.calls import Calls
from appliance.store.database import Database

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
EVERY = Wanted()


def keep(database: Database, number: int, at: datetime, said: str = "hello there") -> None:
    """Call `number`: odd ones are from Bo and booked something."""
    calls, call_id = Calls(database), f"call-{number:03}"
    calls.begin(call_id, "+13035550123" if number % 2 else "101", "100", at, {})
    calls.add_turn(call_id, Turn(1, Speaker.CALLER, said, 0, 900))
    calls.close(call_id, Disposition.BOOKED if number % 2 else Disposition.ANSWERED, at)


@pytest.fixture
def pages(database: Database) -> CallPages:
    """Twenty calls, one an hour, of which the last two rang in the same moment."""
    for number in range(19):
        keep(database, number, NOON + timedelta(hours=number))
    keep(database, 19, NOON + timedelta(hours=18), "the oil light is on")
    return CallPages(database)


def ids(lines: list[Listed]) -> list[str]:
    return [line.call.call_id for line in lines]


def all_pages(pages: CallPages, wanted: Wanted, size: int) -> list[str]:
    found, place = [], None
    while page := pages.page(wanted, size, place):
        found += ids(page)
        place = page[-1].place
    return found


@pytest.mark.parametrize("size", [1, 3, 19, 20, 50])
def test_every_call_stands_on_one_page_the_newest_first(pages: CallPages, size: int) -> None:
    assert all_pages(pages, EVERY, size) == [f"call-{number:03}" for number in reversed(range(20))]
    assert pages.count(EVERY) == 20


def test_a_call_that_rings_meanwhile_shifts_nothing(pages: CallPages, database: Database) -> None:
    first = pages.page(EVERY, 3)
    keep(database, 90, NOON + timedelta(days=9))
    assert ids(pages.page(EVERY, 2, first[-1].place)) == ["call-016", "call-015"]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Wanted(disposition="booked", since=NOON + timedelta(hours=15)), [19, 17, 15]),
        (Wanted(until=NOON + timedelta(hours=2)), [1, 0]),
        (Wanted(caller="(303) 555-0123", until=NOON + timedelta(hours=4)), [3, 1]),
        (Wanted(caller="101", until=NOON + timedelta(hours=3)), [2, 0]),
        (Wanted(caller="999"), []),
    ],
)
def test_narrowed_down(pages: CallPages, wanted: Wanted, numbers: list[int]) -> None:
    assert all_pages(pages, wanted, 2) == [f"call-{number:03}" for number in numbers]
    assert pages.count(wanted) == len(numbers)


def test_what_was_said_comes_with_the_place_where_it_was(pages: CallPages) -> None:
    (line,) = pages.found(Wanted("oil light", disposition="booked"), 10)
    assert (line.call.call_id, line.hit and line.hit.snippet) == ("call-019", "the oil light is on")
    assert pages.found(Wanted("oil light", disposition="answered"), 10) == []


def test_a_late_page_reads_no_earlier_one(pages: CallPages, database: Database) -> None:
    plan = database.rows(
        "EXPLAIN QUERY PLAN SELECT * FROM calls WHERE TRUE AND (offered_at, call_id) < (?, ?)"
        " ORDER BY offered_at DESC, call_id DESC LIMIT 9",
        ["2026-11-21T13:00:00.000000+00:00", "call-001"],
    )
    assert any("calls_offered_at" in row["detail"] and "SEARCH" in row["detail"] for row in plan)
