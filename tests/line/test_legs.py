"""Plays for the legs: what happens to the calls we make for a caller, then the steps it must cause."""

from __future__ import annotations

import pytest

from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.call import LineQuality
from appliance.line import legs as lg
from appliance.line.legs import Legs
from appliance.line.switchboard import Disconnect, Tell
from appliance.sip import words

CALL, LEG, OTHER = "c", "c+1", "c+2"
DIAL = do.DialColleague(CALL, LEG, "101", ring_ms=20_000)
HAND_OVER = do.ReferReplacing(CALL, LEG)


@pytest.fixture
def ringing() -> Legs:
    """A colleague's telephone rings since 1 s."""
    legs = Legs()
    assert legs.obey(DIAL, 0.0) == [DIAL]
    assert legs.progressed(LEG, 180) == [Tell(ev.ColleagueRings(CALL, LEG))]
    return legs


@pytest.fixture
def answered(ringing: Legs) -> Legs:
    """... and was answered."""
    assert ringing.confirmed(LEG) == [Tell(ev.ColleagueAnswered(CALL, LEG))]
    return ringing


def test_a_number_is_dialled_once(ringing: Legs) -> None:
    assert ringing.obey(DIAL, 1.0) == []


def test_ringing_is_told_once_and_trying_never(ringing: Legs) -> None:
    assert ringing.progressed(LEG, 183) == []
    assert Legs().progressed(LEG, 180) == []
    fresh = Legs()
    fresh.obey(DIAL, 0.0)
    assert fresh.progressed(LEG, 100) == []


def test_nobody_answers_in_time(ringing: Legs) -> None:
    assert ringing.passed(19.9) == []
    assert ringing.passed(20.0) == [Disconnect(LEG)]
    assert ringing.passed(21.0) == []
    assert ringing.leg_ended(LEG, 487) == [Tell(ev.ColleagueGone(CALL, LEG, 408))]
    assert LEG not in ringing


def test_who_has_answered_may_talk_for_long(answered: Legs) -> None:
    assert answered.passed(3600.0) == []


def test_busy_is_told_as_it_is(ringing: Legs) -> None:
    assert ringing.leg_ended(LEG, 486) == [Tell(ev.ColleagueGone(CALL, LEG, 486))]
    assert ringing.leg_ended(LEG, 486) == []


def test_a_ringing_telephone_is_given_up_at_once(ringing: Legs) -> None:
    assert ringing.hang_up(LEG) == [Disconnect(LEG)]


def test_who_has_answered_hears_the_sentence_out(answered: Legs) -> None:
    assert answered.silent(LEG) == []
    assert answered.hang_up(LEG) == []
    assert answered.silent(LEG) == [Disconnect(LEG)]
    assert answered.silent(LEG) == []


def test_a_key_of_the_colleague(answered: Legs) -> None:
    assert answered.digit(words.DigitCame(LEG, "1", "rtp")) == [Tell(ev.ColleaguePressed(CALL, LEG, "1"))]
    assert answered.digit(words.DigitCame("c", "1", "rtp")) == []


def test_the_caller_leaves_while_it_rings(ringing: Legs) -> None:
    assert ringing.caller_ended(CALL, 3.0) == [Disconnect(LEG)]


def test_the_caller_leaves_because_the_transfer_works(answered: Legs) -> None:
    """The phone system still needs the leg to put the two together; only if it forgets it, we hang up."""
    assert answered.obey(HAND_OVER, 3.0) == [HAND_OVER]
    assert answered.caller_ended(CALL, 4.0) == []
    assert answered.passed(8.9) == []
    assert answered.passed(9.0) == [Disconnect(LEG)]


def test_other_telephones_stop_ringing_when_the_caller_is_handed_over(answered: Legs) -> None:
    answered.obey(do.DialColleague(CALL, OTHER, "102", 20_000), 0.0)
    answered.obey(HAND_OVER, 3.0)
    assert answered.caller_ended(CALL, 4.0) == [Disconnect(OTHER)]


def test_another_callers_leg_stays(ringing: Legs) -> None:
    assert ringing.caller_ended("d", 3.0) == []


@pytest.mark.parametrize(("status", "final"), [(100, False), (200, True), (486, True)])
def test_the_word_on_a_transfer_is_passed_on(answered: Legs, status: int, final: bool) -> None:
    answered.obey(HAND_OVER, 3.0)
    told = answered.refer_answered(words.ReferAnswered(CALL, status, final), 3.1)
    assert told == [Tell(ev.ReferAnswered(CALL, status, final))]


def test_nothing_counts_after_the_last_word(answered: Legs) -> None:
    answered.obey(HAND_OVER, 3.0)
    answered.refer_answered(words.ReferAnswered(CALL, 603, True), 3.1)
    assert answered.refer_answered(words.ReferAnswered(CALL, 200, True), 3.2) == []


def test_no_word_at_all_is_an_answer(answered: Legs) -> None:
    answered.obey(HAND_OVER, 3.0)
    late_s = 3.0 + lg.REFER_LIMIT_S
    assert answered.passed(late_s - 0.1) == []
    assert answered.passed(late_s) == [Tell(ev.ReferAnswered(CALL, 408, True))]
    assert answered.passed(late_s + 1) == []


def test_a_phone_system_that_tries_is_given_time() -> None:
    legs = Legs()
    legs.obey(do.Refer(CALL, "101"), 0.0)
    legs.refer_answered(words.ReferAnswered(CALL, 100, False), 1.0)
    assert legs.passed(1.0 + lg.RINGING_ELSEWHERE_S - 0.1) == []
    assert legs.passed(1.0 + lg.RINGING_ELSEWHERE_S) == [Tell(ev.ReferAnswered(CALL, 408, True))]


@pytest.mark.parametrize(("gone", "left"), [(CALL, LEG), (LEG, CALL)])
def test_joined_calls_end_together(answered: Legs, gone: str, left: str) -> None:
    assert answered.joined(words.Joined(CALL, LEG)) == [Tell(ev.CallsJoined(CALL, LEG))]
    assert answered.is_joined(gone) and answered.is_joined(left)
    steps = answered.caller_ended(gone, 5.0) if gone == CALL else answered.leg_ended(gone, 200)
    assert Disconnect(left) in steps
    assert steps.count(Disconnect(left)) == 1
    assert not answered.is_joined(left)


def test_a_lost_agent_takes_the_ringing_with_it(ringing: Legs) -> None:
    assert ringing.agent_went() == [Disconnect(LEG)]


def test_a_lost_agent_parts_nobody_who_speaks(answered: Legs) -> None:
    answered.joined(words.Joined(CALL, LEG))
    assert answered.agent_went() == []


def test_quality_is_no_matter_of_a_leg(ringing: Legs) -> None:
    ended = words.Ended(LEG, 200, "OK", LineQuality())
    assert ringing.leg_ended(ended.call_id, ended.status) == [Tell(ev.ColleagueGone(CALL, LEG, 200))]
