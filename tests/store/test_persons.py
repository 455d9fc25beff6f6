"""Who a number is: the same with and without its country code, never a shorter or another one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.appointment import Message
from appliance.domain.call import Disposition
from appliance.store.calls import Calls
from appliance.store.database import Database
from appliance.store.messages import Messages
from appliance.store.persons import is_theirs, numbers_in, select
from tests.fakes.office_days import MONDAY

HIM = "+13035550123"


@pytest.mark.parametrize("kept", [HIM, "3035550123", "13035550123", "(303) 555-0123"])
def test_the_same_number(kept: str) -> None:
    assert is_theirs(kept, HIM)


@pytest.mark.parametrize("kept", ["", "anonymous", "5550123", "+13035550124", "+443035550123", "123"])
def test_another_number(kept: str) -> None:
    assert not is_theirs(kept, HIM)


def test_an_extension_is_only_itself() -> None:
    assert is_theirs("101", "101")
    assert not is_theirs("+13035550101", "101")


def test_a_name_that_ends_in_a_figure_is_no_extension() -> None:
    assert not is_theirs("alice7", "7")
    assert is_theirs("alice7", "alice7")


@given(st.text(alphabet="+0123456789 ()-", max_size=20), st.text(alphabet="+0123456789 ()-", max_size=20))
def test_who_is_whom_goes_both_ways(one: str, other: str) -> None:
    assert is_theirs(one, other) == is_theirs(other, one)


def test_the_call_in_which_a_number_was_given_is_theirs_and_nobody_else_s(database: Database) -> None:
    calls = Calls(database)
    for call_id, caller in (("withheld", ""), ("other", "+13035550999")):
        calls.begin(call_id, caller, "100", MONDAY, {})
        calls.close(call_id, Disposition.MESSAGE, MONDAY)
    Messages(database).take(Message("m1", "withheld", "Bo", HIM, "call me"))
    with database.reading() as tables:
        person = select(tables, HIM)
        assert (person.calls, person.messages) == (("withheld",), ("m1",))
        assert not select(tables, HIM, until=MONDAY - timedelta(days=1)).calls
    assert sorted(numbers_in(database)) == [HIM, "+13035550999"]
