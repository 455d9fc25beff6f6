"""Plays for the switchboard: what happens, then the steps it must cause."""

from __future__ import annotations

import pytest

from appliance.domain.call import LineQuality
from appliance.domain.commands import AnswerCall, HangUp, RejectCall
from appliance.domain.events import CallerHungUp, CallOffered, DigitPressed
from appliance.line import switchboard as sb
from appliance.sip import words

CALL = "c1"
RANG = words.Rang(CALL, "100", "200")


@pytest.fixture
def board() -> sb.Switchboard:
    """A line with an agent on it."""
    board = sb.Switchboard()
    board.agent_came(0.0)
    return board


@pytest.fixture
def in_call(board: sb.Switchboard) -> sb.Switchboard:
    """... and a call that is up, at tick 50."""
    board.rang(RANG, 0.0)
    board.obey(AnswerCall(CALL), 0.1)
    board.confirmed(CALL)
    board.ticked(CALL, 50)
    return board


def test_a_call_rings_and_is_offered(board: sb.Switchboard) -> None:
    assert board.rang(RANG, 0.0) == [sb.Ring(CALL), sb.Tell(CallOffered(CALL, "100", "200"))]


def test_the_agent_answers_once(board: sb.Switchboard) -> None:
    board.rang(RANG, 0.0)
    assert board.obey(AnswerCall(CALL), 0.1) == [sb.Answer(CALL)]
    assert board.obey(AnswerCall(CALL), 0.2) == []


def test_the_agent_refuses(board: sb.Switchboard) -> None:
    board.rang(RANG, 0.0)
    assert board.obey(RejectCall(CALL, 486), 0.1) == [sb.Reject(CALL, 486)]


def test_without_an_agent_the_caller_waits_three_seconds() -> None:
    board = sb.Switchboard()
    assert board.rang(RANG, 0.0) == [sb.Ring(CALL)]
    assert board.passed(2.9) == []
    assert board.passed(3.0) == [sb.Reject(CALL, 480)]
    assert board.passed(9.0) == []


def test_an_agent_that_comes_in_time_gets_the_waiting_call() -> None:
    board = sb.Switchboard()
    board.rang(RANG, 0.0)
    assert board.agent_came(2.0) == [sb.Tell(CallOffered(CALL, "100", "200"))]
    assert board.passed(4.0) == []


def test_an_agent_that_does_not_answer_loses_the_call(board: sb.Switchboard) -> None:
    board.rang(RANG, 0.0)
    assert board.passed(9.9) == []
    assert board.passed(10.0) == [sb.Reject(CALL, 480)]


def test_hang_up_waits_until_everything_was_said(in_call: sb.Switchboard) -> None:
    assert in_call.silent(CALL) == []
    assert in_call.obey(HangUp(CALL), 1.0) == []
    assert in_call.silent(CALL) == [sb.Disconnect(CALL)]
    assert in_call.silent(CALL) == []


def test_hanging_up_a_call_that_was_never_answered_refuses_it(board: sb.Switchboard) -> None:
    board.rang(RANG, 0.0)
    assert board.obey(HangUp(CALL), 1.0) == [sb.Reject(CALL, 480)]


def test_a_digit_carries_the_tick(in_call: sb.Switchboard) -> None:
    assert in_call.digit(words.DigitCame(CALL, "5", "info")) == [sb.Tell(DigitPressed(CALL, "5", 50, "info"))]


def test_the_end_is_told_and_forgotten(in_call: sb.Switchboard) -> None:
    quality = LineQuality(codec="PCMU", packets_received=7)
    steps = in_call.ended(words.Ended(CALL, 200, "OK", quality))
    assert steps == [sb.Tell(CallerHungUp(CALL, 50, 200, quality))]
    assert CALL not in in_call
    assert in_call.ended(words.Ended(CALL, 200, "OK", quality)) == []


def test_a_lost_agent_is_bridged_and_the_next_one_gets_the_call(in_call: sb.Switchboard) -> None:
    assert in_call.agent_went(5.0) == [sb.PlayPrepared(CALL, "one_moment")]
    assert in_call.passed(4.9 + sb.AGENT_IN_CALL_S) == []
    assert in_call.agent_came(4.9 + sb.AGENT_IN_CALL_S) == [
        sb.Tell(CallOffered(CALL, "100", "200", resumed=True, tick=50))
    ]
    assert in_call.passed(60.0) == []


def test_after_too_long_alone_the_caller_is_asked_to_call_again(in_call: sb.Switchboard) -> None:
    in_call.agent_went(5.0)
    assert in_call.passed(5.0 + sb.AGENT_IN_CALL_S) == [sb.PlayPrepared(CALL, "call_again")]
    assert in_call.agent_came(5.1 + sb.AGENT_IN_CALL_S) == []
    assert in_call.silent(CALL) == [sb.Disconnect(CALL)]


def test_an_answer_that_is_never_acknowledged_frees_the_line(board: sb.Switchboard) -> None:
    board.rang(RANG, 0.0)
    board.obey(AnswerCall(CALL), 1.0)
    assert board.passed(5.9) == []
    assert board.passed(6.0) == [sb.Disconnect(CALL)]


@pytest.mark.parametrize("command", [AnswerCall("gone"), RejectCall("gone", 486), HangUp("gone")])
def test_commands_for_calls_that_are_over_mean_nothing(
    board: sb.Switchboard, command: AnswerCall | RejectCall | HangUp
) -> None:
    assert board.obey(command, 0.0) == []


def test_a_caller_who_speaks_with_a_colleague_needs_no_agent(in_call: sb.Switchboard) -> None:
    in_call.joined(CALL)
    assert in_call.agent_went(5.0) == []
    assert in_call.passed(5.0 + sb.AGENT_IN_CALL_S) == []
    assert in_call.agent_came(40.0) == []
    assert in_call.silent(CALL) == []
    assert in_call.obey(HangUp(CALL), 50.0) == [sb.Disconnect(CALL)]


def test_only_a_call_that_is_up_is_joined(board: sb.Switchboard) -> None:
    board.rang(RANG, 0.0)
    board.joined(CALL)
    board.joined("gone")
    assert board.obey(AnswerCall(CALL), 0.1) == [sb.Answer(CALL)]


def test_a_caller_without_an_agent_is_served_by_keys() -> None:
    board = sb.Switchboard(serves_alone=True)
    board.rang(RANG, 0.0)
    assert board.passed(2.9) == []
    assert board.passed(3.0) == [sb.Answer(CALL), sb.ServeAlone(RANG, 0, False)]
    board.confirmed(CALL)
    assert board.passed(99.0) == []


def test_a_caller_served_by_keys_who_never_acknowledges_is_hung_up() -> None:
    board = sb.Switchboard(serves_alone=True)
    board.rang(RANG, 0.0)
    board.passed(3.0)
    assert board.passed(3.0 + sb.ACK_LIMIT_S) == [sb.Disconnect(CALL)]


def test_a_call_that_lost_its_agent_is_served_by_keys_in_the_end(in_call: sb.Switchboard) -> None:
    in_call.serves_alone = True
    assert in_call.agent_went(5.0) == [sb.PlayPrepared(CALL, "one_moment")]
    assert in_call.passed(5.0 + sb.AGENT_IN_CALL_S) == [sb.ServeAlone(RANG, 50, True)]
    assert in_call.passed(99.0) == []


def test_an_agent_that_comes_takes_those_who_are_not_busy(in_call: sb.Switchboard) -> None:
    in_call.serves_alone = True
    in_call.agent_went(5.0)
    in_call.passed(5.0 + sb.AGENT_IN_CALL_S)
    assert in_call.agent_came(30.0, staying={CALL}) == []
    assert in_call.passed(99.0) == [], "it is nobody's to send away"
    offered = [sb.Tell(CallOffered(CALL, "100", "200", True, 50))]
    assert in_call.agent_came(100.0) == offered
    assert in_call.agent_went(101.0) == [sb.PlayPrepared(CALL, "one_moment")]


def test_a_call_that_nobody_ever_had_is_kept_as_unserved() -> None:
    board = sb.Switchboard()
    board.rang(RANG, 2.0)
    assert board.passed(5.0) == [sb.Reject(CALL, 480)]
    assert board.ended(words.Ended(CALL, 480, "", LineQuality())) == [sb.KeepUnserved(RANG, 480, 2.0)]


def test_whoever_gives_up_before_there_is_an_agent_is_kept_too() -> None:
    board = sb.Switchboard()
    board.rang(RANG, 2.0)
    assert board.ended(words.Ended(CALL, 487, "", LineQuality())) == [sb.KeepUnserved(RANG, 487, 2.0)]


def test_what_an_agent_was_offered_is_the_agents_to_keep(board: sb.Switchboard) -> None:
    board.rang(RANG, 0.0)
    board.agent_went(0.1)
    assert board.ended(words.Ended(CALL, 487, "", LineQuality())) == [
        sb.Tell(CallerHungUp(CALL, 0, 487, LineQuality()))
    ]


def test_whoever_is_served_by_keys_was_served() -> None:
    board = sb.Switchboard(serves_alone=True)
    board.rang(RANG, 0.0)
    assert sb.Answer(CALL) in board.passed(3.0)
    [told] = board.ended(words.Ended(CALL, 200, "", LineQuality()))
    assert isinstance(told, sb.Tell)
