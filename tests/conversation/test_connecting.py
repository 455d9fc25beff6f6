"""Plays for connecting people: what the legs do, then what the caller hears and what is ordered."""

from __future__ import annotations

from datetime import date

import pytest

from appliance.business.phrases_connecting_en import ENGLISH_CONNECTING
from appliance.conversation.connecting import Caller, Connecting, Ending, Move
from appliance.conversation.ring_plan import RingPlan, Round, Target
from appliance.domain import commands as do
from appliance.domain import events as ev

CALL, FIRST, SECOND = "c", "c+1", "c+2"
MARIA = Target("maria", "Maria", "101")
LUIS = Target("luis", "Luis", "102")
DESK = Target("desk", "the front desk", "100", screened=False)
QUEUE = Target("queue", "the service queue", "500", blind=True)
TODAY = date(2026, 11, 19)


class English:
    def say(self, name, /, **slots):
        return ENGLISH_CONNECTING[name].format(**slots)


def ringing(*rounds: tuple[Target, ...], region: str = "", **more: object) -> Connecting:
    plan = RingPlan("the workshop", TODAY, tuple(Round(one, 20_000) for one in rounds), **more)
    return Connecting(CALL, plan, English(), Caller("Ann Miller", "an oil light"), region)


def dial(leg_id: str, to: str) -> do.DialColleague:
    return do.DialColleague(CALL, leg_id, to, 20_000)


def told(leg_id: str, text: str) -> do.BriefColleague:
    return do.BriefColleague(CALL, leg_id, text)


def answered(connecting: Connecting, leg_id: str = FIRST) -> Move:
    return connecting.handle(ev.ColleagueAnswered(CALL, leg_id))


def pressed(connecting: Connecting, digit: str, leg_id: str = FIRST) -> Move:
    return connecting.handle(ev.ColleaguePressed(CALL, leg_id, digit))


def gone(connecting: Connecting, status: int, leg_id: str = FIRST) -> Move:
    return connecting.handle(ev.ColleagueGone(CALL, leg_id, status))


def referred(connecting: Connecting, status: int) -> Move:
    return connecting.handle(ev.ReferAnswered(CALL, status, True))


BRIEFING = (
    "This is the assistant, with a call for Maria. It's Ann Miller. It's about an oil light."
    " Press one to take the call, or two to have me take a message."
)


def test_a_colleague_is_told_presses_one_and_has_the_call():
    maria = ringing((MARIA,))
    assert maria.begin() == Move("I'll try Maria for you. One moment, please.", (dial(FIRST, "101"),))
    assert maria.handle(ev.ColleagueRings(CALL, FIRST)) == Move()
    assert answered(maria) == Move(commands=(told(FIRST, BRIEFING),))
    assert pressed(maria, "1") == Move(commands=(do.ReferReplacing(CALL, FIRST),))
    assert referred(maria, 200) == Move(commands=(do.HangUp(FIRST),), ending=Ending.CONNECTED)


def test_who_is_not_screened_has_the_call_at_once():
    desk = ringing((DESK,))
    desk.begin()
    assert answered(desk).commands == (do.ReferReplacing(CALL, FIRST),)


def test_the_caller_hears_it_ring_until_they_are_ours_again():
    maria = ringing((MARIA,), region="US")
    assert maria.begin().commands[0] == do.PlayWaiting(CALL, "US")
    assert do.PlayWaiting(CALL, "") in gone(maria, 486).commands


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (486, "The line is busy."),
        (600, "The line is busy."),
        (408, "Nobody is answering."),
        (480, "Nobody is answering."),
        (603, "They can't take your call right now."),
        (404, "I can't get through."),
        (500, "I can't get through."),
    ],
)
def test_nobody_takes_it_and_the_caller_hears_why(status, why):
    maria = ringing((MARIA,))
    maria.begin()
    move = gone(maria, status)
    assert move == Move(f"{why} Shall I take a message, so that somebody calls you back?", (), Ending.NOBODY)
    assert gone(maria, status) == Move()


def test_two_declines():
    maria = ringing((MARIA,))
    maria.begin()
    answered(maria)
    move = pressed(maria, "2")
    assert move.commands == (told(FIRST, "All right, I'll take a message. Goodbye."), do.HangUp(FIRST))
    assert move.say.startswith("They can't take your call")
    assert move.ending is Ending.NOBODY


def test_a_colleague_who_hangs_up_after_the_briefing():
    maria = ringing((MARIA,))
    maria.begin()
    answered(maria)
    move = gone(maria, 200)
    assert (move.say.partition(".")[0], move.ending) == ("I've lost the connection", Ending.NOBODY)


def test_another_key_changes_nothing():
    maria = ringing((MARIA,))
    maria.begin()
    assert pressed(maria, "1") == Move(), "nobody has answered yet"
    answered(maria)
    assert pressed(maria, "7") == Move()


def test_who_presses_nothing_is_told_again_and_is_then_a_mailbox():
    maria = ringing((MARIA,))
    maria.begin()
    answered(maria)
    silent = ev.ColleagueSilent(CALL, FIRST, 5000)
    assert maria.handle(ev.ColleagueSilent(CALL, FIRST, 1000)) == Move()
    assert maria.handle(silent) == Move(commands=(told(FIRST, BRIEFING),))
    assert maria.handle(silent) == Move(commands=(told(FIRST, BRIEFING),))
    move = maria.handle(silent)
    assert move.commands == (told(FIRST, ENGLISH_CONNECTING["to_no_key"]), do.HangUp(FIRST))
    assert move.ending is Ending.NOBODY


def test_in_turn_the_next_one_is_tried_and_the_caller_hears_who():
    both = ringing((MARIA,), (LUIS,))
    both.begin()
    move = gone(both, 408)
    assert move == Move("Nobody is answering. I'll try Luis now.", (dial(SECOND, "102"),))
    answered(both, SECOND)
    assert pressed(both, "1", SECOND).commands == (do.ReferReplacing(CALL, SECOND),)


def test_together_the_first_key_has_it_and_the_others_are_let_go():
    both = ringing((MARIA, LUIS, DESK))
    move = both.begin()
    assert move.say == "I'll try the workshop for you. One moment, please."
    assert move.commands == (dial(FIRST, "101"), dial(SECOND, "102"), dial("c+3", "100"))
    answered(both, FIRST)
    answered(both, SECOND)
    assert pressed(both, "1", SECOND).commands == (
        told(FIRST, "Somebody else has just taken the call. Thank you, goodbye."),
        do.HangUp(FIRST),
        do.HangUp("c+3"),
        do.ReferReplacing(CALL, SECOND),
    )
    assert gone(both, 487, "c+3") == Move()


def test_together_one_busy_line_ends_nothing():
    both = ringing((MARIA, LUIS))
    both.begin()
    assert gone(both, 486, FIRST) == Move()
    assert gone(both, 408, SECOND).say.startswith("The line is busy.")


def test_a_phone_system_that_takes_no_refer_is_done_without():
    maria = ringing((MARIA,))
    maria.begin()
    answered(maria)
    pressed(maria, "1")
    assert referred(maria, 603) == Move(commands=(do.JoinCalls(CALL, FIRST),))
    assert maria.handle(ev.CallsJoined(CALL, FIRST)) == Move(ending=Ending.JOINED)
    assert gone(maria, 200) == Move()


def test_a_colleague_who_is_lost_while_being_joined():
    maria = ringing((MARIA,), (LUIS,))
    maria.begin()
    answered(maria)
    pressed(maria, "1")
    referred(maria, 603)
    assert gone(maria, 200).commands == (dial(SECOND, "102"),)


def test_the_phone_system_takes_our_leg_over_before_it_says_so():
    maria = ringing((MARIA,))
    maria.begin()
    answered(maria)
    pressed(maria, "1")
    assert gone(maria, 200) == Move()
    assert referred(maria, 200).ending is Ending.CONNECTED


def test_a_colleague_who_hangs_up_in_the_very_moment():
    maria = ringing((MARIA,))
    maria.begin()
    answered(maria)
    pressed(maria, "1")
    gone(maria, 200)
    assert referred(maria, 481).ending is Ending.NOBODY


def test_trying_is_no_word_on_a_transfer():
    maria = ringing((MARIA,))
    maria.begin()
    answered(maria)
    pressed(maria, "1")
    assert maria.handle(ev.ReferAnswered(CALL, 100, False)) == Move()


def test_a_line_that_answers_itself_is_handed_over_blindly():
    queue = ringing((QUEUE,), (LUIS,))
    assert queue.begin() == Move("I'm putting you through to the service queue.", (do.Refer(CALL, "500"),))
    assert referred(queue, 486) == Move("The line is busy. I'll try Luis now.", (dial(FIRST, "102"),))


def test_without_a_free_line_the_phone_system_does_the_ringing():
    maria = ringing((MARIA,))
    maria.begin()
    assert gone(maria, 503) == Move("I'm putting you through to Maria.", (do.Refer(CALL, "101"),))
    assert referred(maria, 202).ending is Ending.CONNECTED


def test_a_caller_who_waits_hears_that_we_are_still_trying():
    maria = ringing((MARIA,))
    maria.begin()
    said = [maria.silent().say for _ in range(3)]
    assert said[0] == "I'm still trying."
    assert "message" in said[1]
    assert said[1] == said[2]


def test_a_caller_who_does_not_want_it_any_more():
    both = ringing((MARIA, LUIS))
    both.begin()
    answered(both, FIRST)
    move = both.dropped()
    assert move.ending is Ending.DROPPED
    assert move.commands == (
        told(FIRST, ENGLISH_CONNECTING["to_not_needed"]),
        do.HangUp(FIRST),
        do.HangUp(SECOND),
    )
    assert answered(both, SECOND) == Move()
    assert both.silent() == Move()


def test_it_is_too_late_while_the_phone_system_puts_them_through():
    maria = ringing((MARIA,))
    maria.begin()
    answered(maria)
    pressed(maria, "1")
    assert maria.dropped() == Move()
    assert maria.silent() == Move()
    assert maria.caller_gone() is Ending.CONNECTED


def test_the_caller_hangs_up_while_it_rings():
    maria = ringing((MARIA,))
    maria.begin()
    assert maria.caller_gone() is Ending.DROPPED
    assert answered(maria) == Move()


def test_the_next_attempt_numbers_its_legs_on():
    first = ringing((MARIA, LUIS))
    first.begin()
    assert first.next_leg == 3


def test_an_emergency_says_what_to_do_and_rings_at_once():
    line = ringing((DESK,), urgent=True)
    move = line.begin()
    assert move.say.startswith("If somebody is in danger, hang up and dial nine one one.")
    assert move.commands == (dial(FIRST, "100"),)
    assert answered(line).commands == (do.ReferReplacing(CALL, FIRST),)


def test_an_emergency_nobody_answers_tells_the_caller_to_dial():
    line = ringing((DESK,), urgent=True)
    line.begin()
    move = gone(line, 408)
    assert move.say.endswith("hang up now and dial nine one one yourself.")
    assert (move.ending, move.urgent) == (Ending.NOBODY, True)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {"away_until": date(2026, 11, 30)},
            "I'm sorry, the workshop is away until Monday, November thirtieth",
        ),
        ({"closed": True}, "We're closed right now"),
        ({}, "I can't reach the workshop right now"),
    ],
)
def test_nobody_is_there(more, said):
    move = ringing(**more).begin()
    assert move.say.startswith(said)
    assert (move.commands, move.ending) == ((), Ending.NOBODY)
