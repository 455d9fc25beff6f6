"""What plays cannot show of a session: resumed calls, late answers of the diary, faults, the end."""

from __future__ import annotations

from datetime import datetime

import pytest

from appliance import business
from appliance.conversation.phrases import Phrases
from appliance.conversation.rehearsal import Rehearsal
from appliance.conversation.session import Session
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.appointment import Opening
from appliance.domain.call import Disposition
from appliance.settings import Mind, Turns

OFFICE = business.load("auto_repair")
NOW = datetime(2026, 11, 19, 10, 0, tzinfo=OFFICE.zone)
OPENING = Opening("oil_change", NOW.replace(day=20), NOW.replace(day=20, minute=30))


def fetch(command):
    match command:
        case do.FindOpenings():
            return ev.OpeningsFound(command.call_id, command.query, (OPENING,))
        case do.Book():
            return ev.Booked(command.call_id, command.query, command.appointment)
        case _:
            return ev.MessageTaken(command.call_id, command.query, kept=False)


def call(first_turn: int = 1, answer=fetch) -> Rehearsal:
    session = Session(
        "call", OFFICE, Phrases(), turns=Turns(), mind=Mind(), has_model=True, first_turn=first_turn
    )
    return Rehearsal(session, answer)


def book(rehearsal: Rehearsal) -> None:
    for words in (
        "an oil change tomorrow at ten",
        "alice miller",
        "three oh three five five five oh one seven two",
    ):
        rehearsal.caller(words)
    rehearsal.caller("yes")


def booked(rehearsal: Rehearsal) -> list[str]:
    return [one.appointment.appointment_id for one in rehearsal.done if isinstance(one, do.Book)]


def test_a_resumed_call_says_so_counts_on_and_never_reuses_the_name_of_a_booking():
    first, second = call(), call(first_turn=9)
    first.answer(NOW)
    second.tell(ev.CallAnswered("call", "", NOW.isoformat(), resumed=True, tick=900))
    assert second.said == ["I'm sorry, I lost you for a moment. How can I help?"]
    for rehearsal in (first, second):
        book(rehearsal)
        rehearsal.finish_speaking()
    assert second.turns[0].number == 9
    assert len(booked(first)) == len(booked(second)) == 1
    assert booked(first) != booked(second)


def test_an_answer_of_the_diary_to_an_old_question_is_dropped():
    rehearsal = call()
    rehearsal.answer(NOW)
    rehearsal.caller("an oil change tomorrow at ten")
    rehearsal.finish_speaking()
    said = list(rehearsal.said)
    rehearsal.tell(ev.OpeningsFound("call", 7, ()))
    assert rehearsal.said == said


@pytest.mark.parametrize("reason", ["taken", "fault"])
def test_a_booking_that_is_refused_is_never_promised(reason):
    def refuse(command):
        if isinstance(command, do.Book):
            others = (OPENING,) if reason == "taken" else ()
            return ev.BookingRefused(command.call_id, command.query, reason, others)
        return fetch(command)

    rehearsal = call(answer=refuse)
    rehearsal.answer(NOW)
    book(rehearsal)
    rehearsal.finish_speaking()
    rehearsal.hang_up()
    assert not any("It's booked" in text for text in rehearsal.said)
    assert rehearsal.disposition is Disposition.ABANDONED


def test_a_message_that_cannot_be_kept_is_said_to_be_lost():
    rehearsal = call()
    rehearsal.answer(NOW)
    for words in ("leave a message", "call me about my car", "alice miller"):
        rehearsal.caller(words)
    rehearsal.caller("three oh three five five five oh one seven two")
    rehearsal.caller("yes")
    rehearsal.hang_up()
    assert "I'm sorry, I can't write that down right now. Please call again a little later." in rehearsal.said
    assert rehearsal.disposition is not Disposition.MESSAGE


def test_a_fault_inside_is_said_and_the_call_is_ended_and_recorded_as_one():
    rehearsal = call()
    rehearsal.answer(NOW)
    commands = rehearsal.session.fail(100)
    assert any(isinstance(one, do.Speak) and "something went wrong" in one.text for one in commands)
    assert isinstance(commands[-1], do.HangUp)
    rehearsal.hang_up()
    assert rehearsal.disposition is Disposition.SYSTEM_FAILURE


def test_what_was_being_said_at_the_end_is_kept_as_far_as_it_was_heard():
    rehearsal = call()
    rehearsal.answer(NOW)
    rehearsal.tell(ev.SpeechBegan("call", 1, 0))
    rehearsal.tell(ev.SpeechPlayed("call", 1, 60, 0.4))
    rehearsal.hang_up()
    assert rehearsal.turns[0].interrupted
    assert OFFICE.greeting.startswith(rehearsal.turns[0].text)
    assert 0 < len(rehearsal.turns[0].text) < len(OFFICE.greeting)


def test_a_call_closes_once():
    rehearsal = call()
    rehearsal.answer(NOW)
    rehearsal.hang_up()
    rehearsal.hang_up()
    assert sum(isinstance(one, do.CloseCall) for one in rehearsal.done) == 1
