"""What the telephones of the office do in a play."""

from __future__ import annotations

import pytest

from appliance.conversation.rehearsal_colleagues import briefed, of_colleague, of_transfer, rung
from appliance.domain import commands as do
from appliance.domain import events as ev

DONE = [do.DialColleague("c", "c+1", "101", 20_000), do.DialColleague("c", "c+2", "102", 20_000)]


@pytest.mark.parametrize(
    ("word", "does", "event"),
    [
        ("colleague", "answers", ev.ColleagueAnswered("c", "c+2")),
        ("colleague 1", "is busy", ev.ColleagueGone("c", "c+1", 486)),
        ("colleague 2", "presses 1", ev.ColleaguePressed("c", "c+2", "1")),
        ("colleague", "says nothing 6000", ev.ColleagueSilent("c", "c+2", 6000)),
        ("colleague 3", "answers", None),
        ("colleague", "dances", None),
    ],
)
def test_what_a_colleague_does_is_an_event_of_their_leg(word, does, event):
    assert of_colleague(word, does, DONE) == event


def test_nobody_does_anything_before_a_telephone_rings():
    assert of_colleague("colleague", "answers", []) is None


def test_the_phone_system_has_its_word():
    assert of_transfer("c", "done") == ev.ReferAnswered("c", 200, final=True)
    assert of_transfer("c", "perhaps") is None


def test_what_was_rung_and_told_can_be_asked():
    told = [*DONE, do.BriefColleague("c", "c+1", "first"), do.BriefColleague("c", "c+2", "last")]
    assert [one.to for one in rung(told)] == ["101", "102"]
    assert (briefed(told), briefed(DONE)) == ("last", "")
