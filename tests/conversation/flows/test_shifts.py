"""Moments that are counted from the one that was read back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from appliance import business
from appliance.business.flows import shipped_flows
from appliance.conversation.dates import Relative, WhenHeard
from appliance.conversation.flows.frame import Filled, Frame
from appliance.conversation.flows.shifts import names_another, shifted
from appliance.conversation.phrases import Phrases
from appliance.domain.appointment import Opening

OFFICE = business.load("dental_practice")
NOW = datetime(2026, 11, 19, 10, 0, tzinfo=OFFICE.zone)
AT_NINE = datetime(2026, 11, 23, 9, 0, tzinfo=OFFICE.zone)


def framed(*, agreed: bool = True) -> Frame:
    frame = Frame(shipped_flows()["booking"], OFFICE, Phrases(), now=NOW)
    if agreed:
        frame.filled["moment"] = Filled(
            Opening("cleaning", AT_NINE, AT_NINE + timedelta(minutes=45)), "Monday at nine"
        )
    return frame


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("an hour later", WhenHeard(date(2026, 11, 23), time(10))),
        ("half an hour earlier", WhenHeard(date(2026, 11, 23), time(8, 30))),
        ("a week later", WhenHeard(date(2026, 11, 30), time(9))),
        ("two days earlier", WhenHeard(date(2026, 11, 21), time(9))),
        ("a bit later", WhenHeard(date(2026, 11, 23), time(9, 1), relative=Relative.AFTER)),
        ("a little sooner", WhenHeard(date(2026, 11, 23), time(9), relative=Relative.BEFORE)),
    ],
)
def test_counted_from_what_was_read_back(text, when):
    assert shifted(text, framed()) == when


def test_other_words_and_nothing_agreed_shift_nothing():
    assert shifted("at ten", framed()) is None
    assert shifted("an hour later", framed(agreed=False)) is None


@pytest.mark.parametrize(
    ("when", "another"),
    [
        (WhenHeard(None, time(10)), True),
        (WhenHeard(None, time(9)), False),
        (WhenHeard(None, time(21)), False),
        (WhenHeard(date(2026, 11, 24), None), True),
        (WhenHeard(date(2026, 11, 23), None), False),
        (WhenHeard(date(2026, 11, 23), time(11), relative=Relative.BEFORE), False),
        (None, False),
    ],
)
def test_another_moment_than_agreed(when, another):
    assert names_another(when, "yes", framed()) is another


def test_a_day_for_a_call_is_no_other_moment():
    assert not names_another(WhenHeard(date(2026, 11, 24), None), "call me on tuesday", framed())
